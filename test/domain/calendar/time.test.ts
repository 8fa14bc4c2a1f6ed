import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import {
  addSeconds,
  earlier,
  fromInstant,
  isZone,
  later,
  secondsBetween,
  toInstant,
} from '../../../shared/domain/time.ts';

describe('an instant', () => {
  const noon = '2026-01-05T12:00:00.000Z';

  it('is spelled in UTC with milliseconds, whatever the zone it comes from', () => {
    expect(toInstant(DateTime.fromISO('2026-01-05T13:00:00+01:00', { setZone: true }))).toBe(noon);
    expect(fromInstant(noon).zoneName).toBe('UTC');
    expect(toInstant(fromInstant(noon))).toBe(noon);
  });

  it('moves by real seconds, to the millisecond', () => {
    expect(addSeconds(noon, 90)).toBe('2026-01-05T12:01:30.000Z');
    expect(addSeconds(noon, -0.001)).toBe('2026-01-05T11:59:59.999Z');
    expect(secondsBetween(noon, addSeconds(noon, 0.25))).toBe(0.25);
  });

  it('compares as text', () => {
    const next = addSeconds(noon, 0.001);
    expect([earlier(noon, next), later(noon, next)]).toEqual([noon, next]);
  });

  it.each(['', 'today', '2026-01-05', '2026-01-05T12:00:00', '2026-13-05T12:00:00.000Z'])(
    'is not %j',
    (text) => {
      expect(() => fromInstant(text)).toThrow(RangeError);
    },
  );

  it('is not made of an invalid time', () => {
    expect(() => toInstant(DateTime.invalid('test'))).toThrow(RangeError);
  });
});

it.each([
  ['America/New_York', true],
  ['UTC', true],
  ['Australia/Lord_Howe', true],
  ['America/Gotham', false],
  ['+02:00', false],
  ['', false],
])('isZone(%j) is %s', (name, is) => {
  expect(isZone(name)).toBe(is);
});
