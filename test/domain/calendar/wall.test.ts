import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import {
  DAY_MS,
  millisToWall,
  parseDate,
  wallToMillis,
  zoneOf,
} from '../../../shared/domain/calendar/wall.ts';
import { ODD_ZONES } from './calendars.ts';

const HOUR = 3_600_000;
const STEP_MINUTES = 15;
const STEP = STEP_MINUTES * 60_000;

/** The clock of a zone in luxon's reading, in wall minutes. */
function clock(timezone: string, millis: number): number {
  return Math.floor(
    DateTime.fromMillis(millis, { zone: timezone }).setZone('utc', { keepLocalTime: true }).toMillis() /
      60_000,
  );
}

/** Every quarter of an hour of the two days around each clock change of 2026. */
function aroundChanges(timezone: string): number[] {
  const zone = zoneOf(timezone);
  const days = Array.from({ length: 365 }, (_, n) => Date.UTC(2026, 0, 1) + n * DAY_MS);
  const changes = days.filter((day) => zone.offset(day) !== zone.offset(day + DAY_MS));
  return changes.flatMap((day) => Array.from({ length: 48 * 4 }, (_, n) => day - 12 * HOUR + n * STEP));
}

describe.each([...ODD_ZONES, 'America/New_York', 'Europe/Berlin'])(
  'in %s, around clock changes',
  (timezone) => {
    const zone = zoneOf(timezone);
    const moments = aroundChanges(timezone);

    it('a moment has the wall time of the zone', () => {
      expect(moments.length).toBeGreaterThan(0);
      for (const millis of moments) expect(millisToWall(zone, millis)).toBe(clock(timezone, millis));
    });

    it('a wall time is its first moment', () => {
      for (const millis of moments) {
        const found = wallToMillis(zone, clock(timezone, millis));
        expect(clock(timezone, found)).toBe(clock(timezone, millis));
        expect(found).toBeLessThanOrEqual(millis);
        const isFirst = found === millis;
        const earlier = [0.5, 1, 2].some(
          (hours) => clock(timezone, millis - hours * HOUR) === clock(timezone, millis),
        );
        expect(isFirst).toBe(!earlier);
      }
    });

    it('a wall time that is skipped moves forward by what is skipped', () => {
      for (const millis of moments) {
        const skipped = clock(timezone, millis) - clock(timezone, millis - STEP) - STEP_MINUTES;
        if (skipped <= 0) continue;
        const lost = clock(timezone, millis) - STEP_MINUTES;
        expect(clock(timezone, wallToMillis(zone, lost))).toBe(lost + skipped);
      }
    });
  },
);

it('a date that a zone skipped as a whole falls on the next', () => {
  const skipped = (parseDate('2011-12-30') ?? 0) * 24 * 60 + 9 * 60;
  expect(new Date(wallToMillis(zoneOf('Pacific/Apia'), skipped)).toISOString()).toBe(
    '2011-12-30T19:00:00.000Z',
  );
});

it.each([
  ['America/Los_Angeles', '2014-03-09', 150, '2014-03-09T10:30:00.000Z'],
  ['America/Los_Angeles', '2014-11-02', 90, '2014-11-02T08:30:00.000Z'],
])('%s %s at minute %i is %s', (timezone, date, minute, instant) => {
  const wall = (parseDate(date) ?? 0) * 24 * 60 + minute;
  expect(new Date(wallToMillis(zoneOf(timezone), wall)).toISOString()).toBe(instant);
});

it.each(['2026-02-29', '2026-13-01', '2026-1-1', '', '2026-01-01T00:00'])('%j is no date', (text) => {
  expect(parseDate(text)).toBeNull();
});
