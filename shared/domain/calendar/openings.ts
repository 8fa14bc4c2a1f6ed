import { type Instant, instantOf, millisOf } from '../time.ts';
import { type Days, daysOf } from './days.ts';
import type { Calendar } from './types.ts';
import { DAY, dayOf, millisToWall, type WallMinute, wallToMillis } from './wall.ts';

/** How far ahead a change of state is looked for: what stays open or closed for so long always does. */
export const HORIZON_DAYS = 400;

/** A time without a break during which a calendar is open. `from` and `to` are milliseconds since 1970. */
export interface Opening {
  readonly from: number;
  readonly to: number;
  /** The same on the calendar's clock, for words. */
  readonly wall: Span;
  /** It was cut after the horizon; the next opening begins where this one ends. */
  readonly goesOn: boolean;
}

/** A stretch of time, `to` excluded. */
export interface Interval {
  readonly from: Instant;
  readonly to: Instant;
}

interface Span {
  readonly from: WallMinute;
  readonly to: WallMinute;
}

/**
 * The openings that end after a moment, in order, computed as they are asked for. Windows that touch count
 * as one, also across midnight and across a clock change that skips the time between them. Ends when nothing
 * opens for `HORIZON_DAYS`; otherwise never.
 */
export function* openings(days: Days, after: number): Generator<Opening, undefined> {
  let last: Opening | null = null;
  for (const span of spans(days, dayOf(millisToWall(days.zone, after)) - 1)) {
    const from = wallToMillis(days.zone, span.from);
    const to = wallToMillis(days.zone, span.to);
    // A window may vanish in the hour that a clock change skips.
    if (to <= from) continue;
    const next: Opening = { from, to, wall: span, goesOn: span.to - span.from >= HORIZON_DAYS * DAY };
    if (last && !last.goesOn && next.from <= last.to) last = join(last, next);
    else {
      if (last && last.to > after) yield last;
      last = next;
    }
  }
  if (last && last.to > after) yield last;
}

/** When the opening began in which `at` lies, if that was at `since` or later; else null. What never closes begins once. */
export function openingSince(calendar: Calendar, since: Instant, at: Instant): Instant | null {
  const [start, now] = [millisOf(since), millisOf(at)];
  let began = start - 1;
  let cutAt: number | null = null;
  for (const { from, to, goesOn } of openings(daysOf(calendar), start)) {
    if (from > now) break;
    if (from !== cutAt) began = from;
    cutAt = goesOn ? to : null;
    if (to > now) return began >= start ? instantOf(began) : null;
  }
  return null;
}

/** The openings between two instants, cut to them. `[]` when `to` is not after `from`. */
export function openIntervals(calendar: Calendar, from: Instant, to: Instant): Interval[] {
  const intervals: { from: number; to: number }[] = [];
  const [start, end] = [millisOf(from), millisOf(to)];
  for (const opening of openings(daysOf(calendar), start)) {
    if (opening.from >= end) break;
    const last = intervals.at(-1);
    if (last && last.to === opening.from) last.to = Math.min(opening.to, end);
    else intervals.push({ from: Math.max(opening.from, start), to: Math.min(opening.to, end) });
  }
  return end > start ? intervals.map((i) => ({ from: instantOf(i.from), to: instantOf(i.to) })) : [];
}

/** The closed times between two instants, cut to them. `[]` when `to` is not after `from`. */
export function closedIntervals(calendar: Calendar, from: Instant, to: Instant): Interval[] {
  const closed: Interval[] = [];
  let at = from;
  for (const open of openIntervals(calendar, from, to)) {
    if (open.from > at) closed.push({ from: at, to: open.from });
    at = open.to;
  }
  if (to > at) closed.push({ from: at, to });
  return closed;
}

function join(a: Opening, b: Opening): Opening {
  return {
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    wall: { from: Math.min(a.wall.from, b.wall.from), to: Math.max(a.wall.to, b.wall.to) },
    goesOn: b.goesOn,
  };
}

/** Openings on the wall clock alone, from the windows of `firstDay` on: whole numbers, so that long searches stay cheap. */
function* spans(days: Days, firstDay: number): Generator<Span, undefined> {
  let from = 0;
  let to: number | null = null;
  for (let day = firstDay; day - (to === null ? firstDay : dayOf(to)) <= HORIZON_DAYS; day++) {
    for (const window of days.on(day).windows) {
      const opens = day * DAY + window.from;
      const closes = day * DAY + window.to;
      if (to !== null && opens <= to && to - from < HORIZON_DAYS * DAY) {
        to = Math.max(to, closes);
        continue;
      }
      if (to !== null) yield { from, to };
      from = to === null ? opens : Math.max(opens, to);
      to = Math.max(closes, from);
    }
  }
  if (to !== null) yield { from, to };
}
