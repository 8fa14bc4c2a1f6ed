import { DateTime } from 'luxon';
import type { Calendar, WallWindow, Week } from '../../../shared/domain/calendar/types.ts';
import { type Instant, toInstant } from '../../../shared/domain/time.ts';

/** A week with the same windows on each of some days. */
export function weekOf(days: readonly (keyof Week)[], ...windows: WallWindow[]): Week {
  return Object.fromEntries(days.map((day) => [day, windows]));
}

export const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
export const EVERY_DAY = [...WORKDAYS, 'sat', 'sun'] as const;

export const nonstop = (timezone: string): Calendar => ({
  timezone,
  week: weekOf(EVERY_DAY, ['00:00', '24:00']),
});

/** Windows of a day: over midnight, whole, in a gap of the clocks, that touch, several. */
export const ODD_WINDOWS: WallWindow[][] = [
  [['09:00', '17:00']],
  [['22:00', '06:00']],
  [['00:00', '24:00']],
  [['02:15', '02:45']],
  [
    ['00:30', '03:00'],
    ['03:00', '11:59'],
    ['23:00', '00:10'],
  ],
];

/** The instant of a wall time that exists once in its zone. */
export function wall(timezone: string, text: string): Instant {
  return toInstant(DateTime.fromISO(text, { zone: timezone }));
}

/** Zones whose clocks change at odd times, by odd amounts, or on odd days. */
export const ODD_ZONES = [
  'Australia/Lord_Howe', // half an hour
  'Antarctica/Troll', // two hours
  'Africa/Casablanca', // around Ramadan
  'Africa/Cairo', // at midnight
  'America/Havana', // at midnight, back to midnight
  'America/Santiago', // at midnight, back to 23:00
  'America/Nuuk', // Saturday evening
  'Asia/Beirut', // at midnight
  'Asia/Gaza', // around Ramadan, at 02:00 on Saturday
  'Atlantic/Azores', // at midnight, back to midnight
  'Europe/Dublin', // winter is the exception
  'Pacific/Chatham', // at 02:45
  'Pacific/Norfolk',
  'America/St_Johns', // half-hour offset
] as const;
