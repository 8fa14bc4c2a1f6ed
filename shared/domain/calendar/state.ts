import { type Instant, instantOf, millisOf } from '../time.ts';
import { closedBecause, daysOf, openingName } from './days.ts';
import { openings } from './openings.ts';
import type { Calendar } from './types.ts';
import { dayOf, millisToWall } from './wall.ts';

/** Whether a calendar is open at an instant, why, and when that changes. */
export interface OpenState {
  readonly open: boolean;
  /** "open: Monday 09:00–20:00", "closed: Thanksgiving Day", "closed: after hours", "closed: Saturday". */
  readonly reason: string;
  /** The next instant, after the one asked about, at which it opens; null if it does not within 400 days. */
  readonly opensAt: Instant | null;
  /** The next instant, after the one asked about, at which it closes; null if it does not within 400 days. */
  readonly closesAt: Instant | null;
}

/** The state of a calendar at an instant. The opening minute is in, the closing minute is out. */
export function openState(calendar: Calendar, at: Instant): OpenState {
  const days = daysOf(calendar);
  const now = millisOf(at);
  const ahead = openings(days, now);
  const first = ahead.next().value;
  if (first && first.from <= now) {
    const second = first.goesOn ? undefined : ahead.next().value;
    return {
      open: true,
      reason: `open: ${openingName(days, first.wall.from, first.wall.to)}`,
      opensAt: second ? instantOf(second.from) : null,
      closesAt: first.goesOn ? null : instantOf(first.to),
    };
  }
  const wall = millisToWall(days.zone, now);
  const why = first || days.on(dayOf(wall)).special !== null ? closedBecause(days, wall) : 'no opening hours';
  return {
    open: false,
    reason: `closed: ${why}`,
    opensAt: first ? instantOf(first.from) : null,
    closesAt: first && !first.goesOn ? instantOf(first.to) : null,
  };
}

/** Whether a calendar is open at an instant. */
export function isOpen(calendar: Calendar, at: Instant): boolean {
  const now = millisOf(at);
  const first = openings(daysOf(calendar), now).next().value;
  return first !== undefined && first.from <= now;
}

/** The next opening strictly after an instant; null when there is none within 400 days (24×7 never opens: it is open). */
export function nextOpen(calendar: Calendar, at: Instant): Instant | null {
  return openState(calendar, at).opensAt;
}

/** The next closing strictly after an instant; null when there is none within 400 days. */
export function nextClose(calendar: Calendar, at: Instant): Instant | null {
  return openState(calendar, at).closesAt;
}
