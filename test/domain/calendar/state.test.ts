import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { closedIntervals, openIntervals } from '../../../shared/domain/calendar/openings.ts';
import { isOpen, nextClose, nextOpen, openState } from '../../../shared/domain/calendar/state.ts';
import { type Calendar, WEEKDAYS } from '../../../shared/domain/calendar/types.ts';
import { addSeconds, instantOf } from '../../../shared/domain/time.ts';
import { defaultCalendar } from '../defaults.ts';
import { EVERY_DAY, nonstop, ODD_ZONES, WORKDAYS, wall, weekOf } from './calendars.ts';

const NY = 'America/New_York';
const ny = (text: string) => wall(NY, text);
const desk: Calendar = {
  ...defaultCalendar,
  holidays: [
    { date: '2026-12-24', name: 'Christmas Eve', hours: [['09:00', '13:00']] },
    { date: '2026-03-10', name: 'Stock-taking', active: false },
    { date: '2026-10-12', name: 'Columbus Day', active: false },
    { date: '2026-08-14', name: 'Company day' },
  ],
};
const nights: Calendar = { timezone: NY, week: weekOf(WORKDAYS, ['22:00', '06:00']) };
const lunch: Calendar = { timezone: NY, week: weekOf(WORKDAYS, ['09:00', '12:00'], ['13:00', '17:00']) };

describe('the state of a calendar', () => {
  it.each([
    ['the opening minute is in', desk, '2026-01-05T09:00', true, 'open: Monday 09:00–20:00'],
    ['the minute before is out', desk, '2026-01-05T08:59', false, 'closed: after hours'],
    ['the last minute is in', desk, '2026-01-05T19:59:59.999', true, 'open: Monday 09:00–20:00'],
    ['the closing minute is out', desk, '2026-01-05T20:00', false, 'closed: after hours'],
    ['three in the morning', desk, '2026-01-06T03:00', false, 'closed: after hours'],
    ['a weekend', desk, '2026-01-10T12:00', false, 'closed: Saturday'],
    ['a federal holiday', desk, '2026-11-26T12:00', false, 'closed: Thanksgiving Day'],
    ['a holiday observed on the Friday', desk, '2026-07-03T12:00', false, 'closed: Independence Day'],
    ['a New Year observed in the old year', desk, '2027-12-31T12:00', false, "closed: New Year's Day"],
    ['a holiday of the provider', desk, '2026-08-14T12:00', false, 'closed: Company day'],
    ['an inactive holiday', desk, '2026-03-10T12:00', true, 'open: Tuesday 09:00–20:00'],
    ['an inactive entry over a preset', desk, '2026-10-12T12:00', true, 'open: Monday 09:00–20:00'],
    ['a half-day, in its hours', desk, '2026-12-24T12:59', true, 'open: Christmas Eve 09:00–13:00'],
    ['a half-day, past them', desk, '2026-12-24T13:00', false, 'closed: Christmas Eve, hours 09:00–13:00'],
    ['a night, before midnight', nights, '2026-01-05T23:00', true, 'open: Monday 22:00–Tuesday 06:00'],
    ['a night, after midnight', nights, '2026-01-06T05:59', true, 'open: Monday 22:00–Tuesday 06:00'],
    [
      'the night of Friday on Saturday',
      nights,
      '2026-01-10T01:00',
      true,
      'open: Friday 22:00–Saturday 06:00',
    ],
    ['the day between two nights', nights, '2026-01-06T12:00', false, 'closed: between hours'],
    ['the day after the last night', nights, '2026-01-10T07:00', false, 'closed: after hours'],
    ['the day before the first night', nights, '2026-01-05T00:30', false, 'closed: after hours'],
    ['a day with no night', nights, '2026-01-11T12:00', false, 'closed: Sunday'],
    ['lunch', lunch, '2026-01-05T12:00', false, 'closed: between hours'],
    ['after lunch', lunch, '2026-01-05T13:00', true, 'open: Monday 13:00–17:00'],
    ['24×7', nonstop(NY), '2026-01-05T12:00', true, 'open: around the clock'],
    ['an empty week', { timezone: NY, week: {} }, '2026-01-05T12:00', false, 'closed: no opening hours'],
  ] satisfies [string, Calendar, string, boolean, string][])('%s', (_, calendar, at, open, reason) => {
    expect(openState(calendar, ny(at))).toMatchObject({ open, reason });
    expect(isOpen(calendar, ny(at))).toBe(open);
  });

  it.each([
    [
      'while closed: the opening and its end',
      desk,
      '2026-01-05T03:00',
      '2026-01-05T09:00',
      '2026-01-05T20:00',
    ],
    [
      'while open: this end and the next opening',
      desk,
      '2026-01-05T09:00',
      '2026-01-06T09:00',
      '2026-01-05T20:00',
    ],
    ['over a weekend', desk, '2026-01-09T20:00', '2026-01-12T09:00', '2026-01-12T20:00'],
    ['over Thanksgiving', desk, '2026-11-25T21:00', '2026-11-27T09:00', '2026-11-27T20:00'],
    ['across midnight', nights, '2026-01-05T23:00', '2026-01-06T22:00', '2026-01-06T06:00'],
  ] satisfies [string, Calendar, string, string, string][])(
    'changes %s',
    (_, calendar, at, opens, closes) => {
      expect(openState(calendar, ny(at))).toMatchObject({ opensAt: ny(opens), closesAt: ny(closes) });
      expect(nextOpen(calendar, ny(at))).toBe(ny(opens));
      expect(nextClose(calendar, ny(at))).toBe(ny(closes));
    },
  );

  it('says null for what never happens', () => {
    const at = ny('2026-01-05T12:00');
    expect(openState(nonstop(NY), at)).toMatchObject({ opensAt: null, closesAt: null });
    expect(openState({ timezone: NY, week: {} }, at)).toMatchObject({ opensAt: null, closesAt: null });
  });

  it('finds the one holiday of a year that is otherwise open', () => {
    const calendar: Calendar = { ...nonstop(NY), holidays: [{ date: '2026-12-25', name: 'Christmas Day' }] };
    expect(openState(calendar, ny('2026-01-05T12:00'))).toMatchObject({
      closesAt: ny('2026-12-25T00:00'),
      opensAt: ny('2026-12-26T00:00'),
    });
  });

  it('takes windows that touch at midnight as one opening', () => {
    const calendar: Calendar = {
      timezone: NY,
      week: { fri: [['20:00', '24:00']], sat: [['00:00', '24:00']], sun: [['00:00', '02:00']] },
    };
    expect(openState(calendar, ny('2026-01-10T12:00'))).toMatchObject({
      reason: 'open: Friday 20:00–Sunday 02:00',
      closesAt: ny('2026-01-11T02:00'),
    });
  });

  it('lets a night that began before a holiday end, and none begin on it', () => {
    const calendar: Calendar = { ...nights, holidays: [{ date: '2026-01-06', name: 'Epiphany' }] };
    expect(isOpen(calendar, ny('2026-01-06T05:00'))).toBe(true);
    expect(openState(calendar, ny('2026-01-06T23:00')).reason).toBe('closed: Epiphany');
    expect(isOpen(calendar, ny('2026-01-07T05:00'))).toBe(false);
  });
});

describe('clock changes', () => {
  const on = (timezone: string, from: string, to: string): Calendar => ({
    timezone,
    week: weekOf(EVERY_DAY, [from, to]),
  });

  it.each([
    [
      'an opening that is skipped moves forward',
      on('America/Los_Angeles', '02:30', '12:00'),
      '2014-03-09T08:00',
      'opensAt',
      '2014-03-09T10:30',
    ],
    [
      'an opening that comes twice is the first',
      on('America/Los_Angeles', '01:30', '12:00'),
      '2014-11-02T07:30',
      'opensAt',
      '2014-11-02T08:30',
    ],
    [
      'a closing that comes twice is the first',
      on('America/Los_Angeles', '00:00', '01:30'),
      '2014-11-02T08:00',
      'closesAt',
      '2014-11-02T08:30',
    ],
    [
      'midnight that is skipped is one in the morning',
      on('Africa/Cairo', '00:00', '08:00'),
      '2026-04-23T21:00',
      'opensAt',
      '2026-04-23T22:00',
    ],
    [
      'half an hour is skipped',
      on('Australia/Lord_Howe', '02:15', '08:00'),
      '2026-10-03T15:00',
      'opensAt',
      '2026-10-03T15:45',
    ],
  ] as const)('%s', (_, calendar, at, field, expected) => {
    expect(openState(calendar, `${at}:00.000Z`)[field]).toBe(`${expected}:00.000Z`);
  });

  it('does not close for the hour that does not exist', () => {
    const calendar: Calendar = {
      timezone: NY,
      week: weekOf(EVERY_DAY, ['00:00', '02:00'], ['03:00', '05:00']),
    };
    expect(nextClose(calendar, '2026-03-08T06:00:00.000Z')).toBe('2026-03-08T09:00:00.000Z');
  });

  it.each(ODD_ZONES)('24×7 never closes in %s', (timezone) => {
    const calendar = nonstop(timezone);
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2032, 0) }), (millis) => {
        expect(openState(calendar, instantOf(millis))).toMatchObject({
          open: true,
          closesAt: null,
          opensAt: null,
        });
      }),
      { numRuns: 20 },
    );
  });
});

/** Minutes of the day, window by window, so that windows never overlap. */
const windowsOfADay = fc
  .uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 2, maxLength: 6 })
  .map((minutes) => minutes.sort((a, b) => a - b))
  .map((minutes) =>
    Array.from({ length: Math.floor(minutes.length / 2) }, (_, n): [string, string] => [
      clock(minutes[2 * n] ?? 0),
      clock(minutes[2 * n + 1] ?? 0),
    ]),
  );

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

const anyWeek = fc
  .array(fc.oneof(fc.constant([]), windowsOfADay), { minLength: 7, maxLength: 7 })
  .map((days) => Object.fromEntries(WEEKDAYS.map((day, n) => [day, days[n] ?? []])));

describe('any calendar', () => {
  const calendars = fc.record({
    timezone: fc.constantFrom(...ODD_ZONES, NY, 'UTC', 'Asia/Kolkata'),
    week: anyWeek,
  });
  const moments = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 0) }).map(instantOf);

  it('is open exactly when its clock is in a window, away from clock changes', () => {
    fc.assert(
      fc.property(calendars, moments, (calendar, at) => {
        const local = DateTime.fromISO(at, { zone: calendar.timezone });
        fc.pre(local.minus({ days: 1 }).offset === local.plus({ days: 1 }).offset);
        const windows = calendar.week[WEEKDAYS[local.weekday - 1] ?? 'mon'] ?? [];
        const now = local.toFormat('HH:mm');
        expect(isOpen(calendar, at)).toBe(windows.some(([from, to]) => from <= now && now < to));
      }),
      { numRuns: 300 },
    );
  });

  it('changes exactly at opensAt and closesAt, and not before', () => {
    fc.assert(
      fc.property(
        calendars,
        moments,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (calendar, at, part) => {
          const { open, opensAt, closesAt } = openState(calendar, at);
          const change = open ? closesAt : opensAt;
          fc.pre(change !== null);
          const before = instantOf(Date.parse(at) + Math.floor((Date.parse(change) - Date.parse(at)) * part));
          expect(isOpen(calendar, before)).toBe(open);
          expect(isOpen(calendar, change)).toBe(!open);
          expect(isOpen(calendar, addSeconds(change, -0.001))).toBe(open);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('open and closed intervals tile the time asked about', () => {
    fc.assert(
      fc.property(calendars, moments, fc.integer({ min: 1, max: 20 * 86_400 }), (calendar, from, seconds) => {
        const to = addSeconds(from, seconds);
        const open = openIntervals(calendar, from, to);
        const all = [...open, ...closedIntervals(calendar, from, to)].sort((a, b) =>
          a.from < b.from ? -1 : 1,
        );
        expect(all[0]?.from).toBe(from);
        expect(all.at(-1)?.to).toBe(to);
        for (const [n, interval] of all.entries()) {
          if (n > 0) expect(interval.from).toBe(all[n - 1]?.to);
          expect(isOpen(calendar, interval.from)).toBe(open.includes(interval));
        }
      }),
    );
  });
});
