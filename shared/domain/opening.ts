import type { ConfigurationKind } from '../contract/words.ts';
import { openingSince } from './calendar/openings.ts';
import { openState } from './calendar/state.ts';
import type { Roster } from './directory.ts';
import { type NewEvent, system } from './event.ts';
import { type Instant, millisOf } from './time.ts';
import { openingKey, type Timer, type TimerChange } from './timer.ts';

/** What is known from looking before; `timer` is the one that fires when the desk opens next. */
export interface Seen {
  openUntil: Instant | null;
  timer: Timer | null;
}

/** What one look has found out. `timers` is empty while the timer is as it should be. */
export interface Look {
  openUntil: Instant;
  events: NewEvent[];
  timers: TimerChange[];
}

/** What says when the desk opens, its calendars and which of them is staffed, has been changed: the desk is looked at at once. `[]` for all else. */
export function afterChange(of: ConfigurationKind | 'partner', now: Instant): TimerChange[] {
  if (of !== 'calendar' && of !== 'provider') return [];
  return [{ set: { ...openingKey, dueAt: now, generation: millisOf(now) } }];
}

/** Later than any clock: a desk that does not close any more. */
const forGood: Instant = '9999-12-31T23:59:59.999Z';

/**
 * Looks whether the desk has opened, and when it will. To be asked at each opening, after each change of its hours,
 * and now and then besides; asked once more it says the same and tells nothing.
 *
 * `openUntil` is when the desk closes, or last closed, as it was last seen. Told is each opening of the staffed
 * calendar that begins then or later, while it lasts, by the calendar as it is now. So:
 *
 * - Of openings that nobody came to in time the latest is told, late, if the desk is still open; the others never.
 * - A change of the calendar, or of which one is staffed, tells nothing by itself while the desk is open, whatever
 *   hour it is now said to have opened at. One by which a closed desk is open at once is told at once, if by the new
 *   calendar it opened after it had last closed (a holiday is called off at noon: "opened" at 9). Hours that are
 *   made longer after closing belong to the opening that was told.
 * - What is looked at for the first time, or after the clock was put back, is taken as it is; from then on openings are
 *   told, also those that come once more.
 */
export function openingDue(
  { provider, calendar }: Pick<Roster, 'provider' | 'calendar'>,
  { openUntil: before, timer }: Seen,
  now: Instant,
): Look {
  const { open, opensAt, closesAt } = openState(calendar, now);
  const wasClosed = before !== null && before <= now;
  const openedAt = open && wasClosed ? openingSince(calendar, before, now) : null;
  const openUntil = open ? (closesAt ?? forGood) : wasClosed ? before : now;
  const generation = (timer?.generation ?? 0) + 1;
  const moved = opensAt !== null && opensAt !== timer?.dueAt;
  return {
    openUntil,
    events: openedAt === null ? [] : [opened(openedAt)],
    timers: moved ? [{ set: { ...openingKey, dueAt: opensAt, generation } }] : [],
  };

  function opened(at: Instant): NewEvent {
    const { timezone } = calendar;
    const data = { openedAt: at, closesAt, calendar: provider.calendar, timezone };
    return { type: 'desk.opened', actor: system, data };
  }
}
