import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { addBusinessTime, businessTimeBetween } from '../../../shared/domain/calendar/business-time.ts';
import { isOpen } from '../../../shared/domain/calendar/state.ts';
import type { Calendar } from '../../../shared/domain/calendar/types.ts';
import { addSeconds, instantOf, secondsBetween, toInstant } from '../../../shared/domain/time.ts';
import { defaultCalendar } from '../defaults.ts';
import { EVERY_DAY, nonstop, ODD_WINDOWS, ODD_ZONES, WORKDAYS, wall, weekOf } from './calendars.ts';

const NY = 'America/New_York';
const hours = (timezone: string, days: Parameters<typeof weekOf>[0], from: string, to: string): Calendar => ({
  timezone,
  week: weekOf(days, [from, to]),
});

describe('adding business time', () => {
  it.each([
    [
      'Berlin Mon–Fri 9–17',
      hours('Europe/Berlin', WORKDAYS, '09:00', '17:00'),
      '2013-03-21T09:30',
      60,
      '2013-03-21T10:30',
    ],
    [
      'Berlin daily 8–17',
      hours('Europe/Berlin', EVERY_DAY, '08:00', '17:00'),
      '2013-10-21T05:30',
      120,
      '2013-10-21T08:00',
    ],
    ['Sunday only', hours('UTC', ['sun'], '09:00', '17:00'), '2007-01-01T00:00', 60, '2007-01-07T10:00'],
    [
      'New York, next morning',
      hours(NY, WORKDAYS, '09:00', '18:00'),
      '2007-01-01T22:00',
      120,
      '2007-01-02T15:00',
    ],
    [
      'exactly to the closing',
      hours('UTC', WORKDAYS, '09:00', '17:00'),
      '2026-01-05T09:00',
      480,
      '2026-01-05T17:00',
    ],
    [
      'one minute past the closing',
      hours('UTC', WORKDAYS, '09:00', '17:00'),
      '2026-01-05T09:00',
      481,
      '2026-01-06T09:01',
    ],
    [
      'nothing, while closed',
      hours('UTC', WORKDAYS, '09:00', '17:00'),
      '2026-01-04T12:00',
      0,
      '2026-01-04T12:00',
    ],
    [
      'through a spring night',
      hours(NY, EVERY_DAY, '22:00', '06:00'),
      '2026-03-08T03:00',
      420,
      '2026-03-08T10:00',
    ],
    [
      'through an autumn night',
      hours(NY, EVERY_DAY, '22:00', '06:00'),
      '2026-11-01T02:00',
      540,
      '2026-11-01T11:00',
    ],
  ] as const)('%s', (_, calendar, from, minutes, due) => {
    expect(addBusinessTime(calendar, `${from}:00.000Z`, minutes * 60).dueAt).toBe(`${due}:00.000Z`);
  });

  it('explains each step, and why days are skipped', () => {
    const { steps } = addBusinessTime(defaultCalendar, wall(NY, '2026-11-25T18:00'), 14 * 3600);
    expect(steps.map(({ seconds, note }) => [seconds / 3600, note])).toEqual([
      [2, 'open: Wednesday 09:00–20:00'],
      [0, 'closed: after hours, Thanksgiving Day'],
      [11, 'open: Friday 09:00–20:00'],
      [0, 'closed: after hours, Saturday, Sunday'],
      [1, 'open: Monday 09:00–20:00'],
    ]);
  });

  it('is never due on a calendar that never opens', () => {
    const { dueAt, steps } = addBusinessTime({ timezone: NY, week: {} }, '2026-01-05T00:00:00.000Z', 60);
    expect(dueAt).toBeNull();
    expect(steps).toHaveLength(1);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s seconds', (seconds) => {
    expect(() => addBusinessTime(defaultCalendar, '2026-01-05T00:00:00.000Z', seconds)).toThrow(RangeError);
  });
});

describe('business time between instants', () => {
  it('Berlin 24×7 over the spring change is 2159 hours', () => {
    const berlin = 'Europe/Berlin';
    const { seconds } = businessTimeBetween(
      nonstop(berlin),
      wall(berlin, '2015-02-17T12:00'),
      wall(berlin, '2015-05-18T12:00'),
    );
    expect(seconds).toBe(2159 * 3600);
  });

  it('is 0 when the second is not after the first', () => {
    const at = '2026-01-05T15:00:00.000Z';
    expect(businessTimeBetween(defaultCalendar, at, at)).toEqual({ seconds: 0, steps: [] });
    expect(businessTimeBetween(defaultCalendar, at, addSeconds(at, -1)).seconds).toBe(0);
  });

  it('keeps its explanation short over years, with the whole sum', () => {
    const { seconds, steps } = businessTimeBetween(
      hours('UTC', WORKDAYS, '09:00', '17:00'),
      '2024-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z',
    );
    expect(seconds).toBe((262 + 261) * 8 * 3600);
    expect(steps.length).toBeLessThanOrEqual(60);
    expect(steps.reduce((sum, step) => sum + step.seconds, 0)).toBe(seconds);
  });

  it('refuses more than ten years', () => {
    const [from, to] = ['2000-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'];
    expect(() => businessTimeBetween(defaultCalendar, from, to)).toThrow(RangeError);
  });
});

describe('any calendar', () => {
  const calendars: fc.Arbitrary<Calendar> = fc
    .record({
      timezone: fc.constantFrom(...ODD_ZONES, NY, 'UTC'),
      days: fc.subarray([...EVERY_DAY], { minLength: 1 }),
      windows: fc.constantFrom(...ODD_WINDOWS),
      federal: fc.boolean(),
    })
    .map(({ timezone, days, windows, federal }) => ({
      timezone,
      week: weekOf(days, ...windows),
      presets: federal ? ['us-federal'] : [],
      holidays: [{ date: '2026-03-29', name: 'Half', hours: [['01:00', '02:30']] }],
    }));
  const moments = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }).map(instantOf);

  it('elapsed(start, add(start, d)) = d, and no earlier instant will do', () => {
    fc.assert(
      fc.property(calendars, moments, fc.integer({ min: 1, max: 100 * 3600 }), (calendar, start, seconds) => {
        const { dueAt, steps } = addBusinessTime(calendar, start, seconds);
        if (dueAt === null) throw new Error('every one of these calendars opens');
        expect(businessTimeBetween(calendar, start, dueAt).seconds).toBe(seconds);
        expect(businessTimeBetween(calendar, start, addSeconds(dueAt, -1)).seconds).toBeLessThan(seconds);
        expect(steps[0]?.from).toBe(start);
        expect(steps.at(-1)?.to).toBe(dueAt);
        for (const [n, step] of steps.entries()) {
          if (n > 0) expect(step.from).toBe(steps[n - 1]?.to);
          if (step.note.startsWith('closed')) expect(step.seconds).toBe(0);
          if (step.note.startsWith('open')) expect(step.seconds).toBe(secondsBetween(step.from, step.to));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('counts the minutes that are open, one by one', () => {
    fc.assert(
      fc.property(calendars, moments, fc.integer({ min: 1, max: 36 * 60 }), (calendar, at, minutes) => {
        const start = toInstant(DateTime.fromISO(at, { zone: 'utc' }).startOf('minute'));
        const each = Array.from({ length: minutes }, (_, n) => addSeconds(start, n * 60));
        const open = each.filter((minute) => isOpen(calendar, minute)).length;
        expect(businessTimeBetween(calendar, start, addSeconds(start, minutes * 60)).seconds).toBe(open * 60);
      }),
      { numRuns: 15 },
    );
  });
});
