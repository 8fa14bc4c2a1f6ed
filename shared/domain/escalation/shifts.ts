import type { Roster } from '../directory.ts';
import { onCall, onDutyAt } from '../schedule/on-call.ts';
import type { Schedule } from '../schedule/types.ts';
import { addSeconds, earlier, type Instant } from '../time.ts';
import type { Draft } from './draft.ts';
import { pageNow } from './paging.ts';
import { isPageable, type Pageable, schedulesOf, targetsOf } from './whom.ts';

/** Schedules change: what was put in later is seen this soon. */
const lookAgainSeconds = 86_400;

const watched = ({ escalation: { policy } }: Draft, roster: Roster): Schedule[] =>
  schedulesOf(targetsOf(policy), policy, roster.schedules);

/** While it is exhausted, the next change of shift is waited for. */
export function followShifts(draft: Draft, roster: Roster): void {
  draft.set({ shiftsSeenAt: draft.now });
  const next = watched(draft, roster)
    .map((schedule) => onCall(schedule, draft.now).until)
    .filter((until) => until !== null);
  draft.timer('shift', next.reduce(earlier, addSeconds(draft.now, lookAgainSeconds)));
}

/** A shift has changed while nobody took it: each person whose shift began is paged. */
export function pageNewShifts(draft: Draft, roster: Roster): void {
  const begun = beganSince(draft.escalation.shiftsSeenAt ?? draft.now, draft, roster);
  if (begun.length > 0) {
    const names = begun.map(({ name }) => name).join(', ');
    pageNow(draft, begun, `the shift of ${names} has begun, and nobody has taken it`);
  }
  followShifts(draft, roster);
}

function beganSince(seenAt: Instant, draft: Draft, roster: Roster): Pageable[] {
  const ids = new Set(
    watched(draft, roster).flatMap((schedule) => {
      const before = onDutyAt(schedule, seenAt);
      return onDutyAt(schedule, draft.now).filter((staff) => !before.includes(staff));
    }),
  );
  return roster.staff.filter((member): member is Pageable => ids.has(member.id) && isPageable(member));
}
