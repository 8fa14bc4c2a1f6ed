import type { IANAZone } from 'luxon';
import { federalHoliday } from './federal.ts';
import { type Calendar, type WallWindow, WEEKDAYS } from './types.ts';
import { DAY, dayOf, parseClock, parseDate, type WallMinute, weekdayOf, zoneOf } from './wall.ts';

/** Minutes since midnight of the day on which the window opens; `to` is past 24 h when it runs overnight. */
export interface MinuteWindow {
  readonly from: number;
  readonly to: number;
}

/** A day of a calendar: its windows, and its name if it is a special one. A window belongs to the day on which it opens. */
export interface Day {
  readonly special: string | null;
  readonly windows: readonly MinuteWindow[];
}

/** A calendar made ready to be asked for its days. */
export interface Days {
  readonly zone: IANAZone;
  readonly on: (day: number) => Day;
}

const WEEKDAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** Reads a calendar. Throws `RangeError` where `calendarProblems` would have found a problem. */
export function daysOf(calendar: Calendar): Days {
  const week = WEEKDAYS.map(
    (weekday): Day => ({
      special: null,
      windows: minuteWindows(calendar.week[weekday] ?? []),
    }),
  );
  const ordinary = (day: number): Day => week[weekdayOf(day)] ?? { special: null, windows: [] };
  const federal = calendar.presets?.includes('us-federal') ?? false;
  const listed = new Map<number, Day | 'ordinary'>();
  for (const { date, name, active, hours } of calendar.holidays ?? []) {
    const day = parseDate(date);
    if (day === null) throw new RangeError(`not a date: ${date}`);
    listed.set(day, active === false ? 'ordinary' : { special: name, windows: minuteWindows(hours ?? []) });
  }
  return {
    zone: zoneOf(calendar.timezone),
    on: (day) => {
      const entry = listed.get(day);
      if (entry) return entry === 'ordinary' ? ordinary(day) : entry;
      const holiday = federal ? federalHoliday(day) : undefined;
      return holiday === undefined ? ordinary(day) : { special: holiday, windows: [] };
    },
  };
}

/** The windows in minutes, in the order in which they open. Throws `RangeError` for what is no window. */
export function minuteWindows(windows: readonly WallWindow[]): MinuteWindow[] {
  return windows
    .map(([fromText, toText]) => {
      const from = parseClock(fromText);
      const to = parseClock(toText);
      if (from === null || to === null || from === to || from === DAY) {
        throw new RangeError(`not a window: ${fromText}–${toText}`);
      }
      return { from, to: to > from ? to : to + DAY };
    })
    .sort((a, b) => a.from - b.from);
}

/** The name of a day: "Thanksgiving Day", else "Monday". */
export function dayName(days: Days, day: number): string {
  return days.on(day).special ?? WEEKDAY_NAMES[weekdayOf(day)] ?? '';
}

/** An opening in words: "Monday 09:00–20:00", "Monday 22:00–Tuesday 06:00", "around the clock" from a week on. */
export function openingName(days: Days, from: WallMinute, to: WallMinute): string {
  if (to - from >= 7 * DAY) return 'around the clock';
  const first = dayOf(from);
  const last = dayOf(to - 1);
  const until = `${first === last ? '' : `${dayName(days, last)} `}${clockText(to - last * DAY)}`;
  return `${dayName(days, first)} ${clockText(from - first * DAY)}–${until}`;
}

/** Why a closed minute is closed: "Thanksgiving Day", "Saturday", "after hours", "between hours". */
export function closedBecause(days: Days, wall: WallMinute): string {
  const day = dayOf(wall);
  const minute = wall - day * DAY;
  const { special, windows } = days.on(day);
  if (special !== null) {
    const hours = windows.map(({ from, to }) => `${clockText(from)}–${clockText(to > DAY ? to - DAY : to)}`);
    return windows.length === 0 ? special : `${special}, hours ${hours.join(', ')}`;
  }
  const wasOpen =
    windows.some(({ to }) => to <= minute) || days.on(day - 1).windows.some(({ to }) => to > DAY);
  const willOpen = windows.some(({ from }) => from > minute);
  if (wasOpen && willOpen) return 'between hours';
  return wasOpen || willOpen ? 'after hours' : dayName(days, day);
}

/** Why a closed stretch is closed, each reason once: "after hours, Saturday, Sunday". */
export function closedNote(days: Days, from: WallMinute, to: WallMinute): string {
  const reasons = new Set([closedBecause(days, from)]);
  for (let day = dayOf(from) + 1; day * DAY < to && reasons.size < 12; day++) {
    reasons.add(closedBecause(days, day * DAY));
  }
  return [...reasons].join(', ');
}

function clockText(minute: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
