import { openState } from '../calendar/state.ts';
import type { Roster } from '../directory.ts';
import { onCall } from '../schedule/on-call.ts';
import type { Schedule } from '../schedule/types.ts';
import { addSeconds, earlier } from '../time.ts';
import type { Draft } from './draft.ts';
import { schedulesOf, targetsOf } from './whom.ts';

/** What an escalation waits for beside its own times: the desk's hours, and the next shift. */

/** Sets the timer of the desk's next opening or closing, whichever changes what happens. */
export function followDesk(draft: Draft, roster: Roster): void {
  const { state, route } = draft.escalation;
  const waiting = state === 'paging' || state === 'exhausted';
  const hours = openState(roster.calendar, draft.now);
  const closing = route === 'desk' || state === 'exhausted' ? hours.closesAt : null;
  draft.timer('desk', waiting ? (hours.open ? closing : hours.opensAt) : null);
}

/** Schedules change: what was put in later is seen this soon. */
const lookAgainSeconds = 86_400;

/** The schedules whose shifts it would page. */
export const watched = ({ escalation: { policy } }: Draft, roster: Roster): Schedule[] =>
  schedulesOf(targetsOf(policy), policy, roster.schedules);

/** While it is exhausted, the next change of shift is waited for. */
export function followShifts(draft: Draft, roster: Roster): void {
  draft.set({ shiftsSeenAt: draft.now });
  const next = watched(draft, roster)
    .map((schedule) => onCall(schedule, draft.now).until)
    .filter((until) => until !== null);
  draft.timer('shift', next.reduce(earlier, addSeconds(draft.now, lookAgainSeconds)));
}
