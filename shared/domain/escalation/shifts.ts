import type { Policy, Roster } from '../directory.ts';
import { onCall } from '../schedule/on-call.ts';
import type { Schedule } from '../schedule/types.ts';
import { addSeconds, earlier, type Instant } from '../time.ts';
import type { Draft } from './draft.ts';
import { pageNow } from './paging.ts';
import { isPageable, type Pageable } from './whom.ts';

/** Schedules change: what was put in later is seen this soon. */
const lookAgainSeconds = 86_400;

/** The schedules that a policy pages from: those it names, and `manager` for the duty manager. */
function schedulesOf(policy: Policy, roster: Roster): Schedule[] {
  const targets = [...policy.levels, ...policy.businessHours.levels].flatMap(({ page }) => page);
  return roster.schedules.filter(({ id }) =>
    targets.some((target) =>
      'schedule' in target
        ? target.schedule === id
        : 'role' in target && target.role === 'manager' && id === 'manager',
    ),
  );
}

/** While it is exhausted, the next change of shift is waited for. */
export function followShifts(draft: Draft, roster: Roster): void {
  draft.set({ shiftsSeenAt: draft.now });
  const next = schedulesOf(draft.escalation.policy, roster)
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

function beganSince(seenAt: Instant, { escalation, now }: Draft, roster: Roster): Pageable[] {
  const ids = new Set(
    schedulesOf(escalation.policy, roster).flatMap((schedule) => {
      const before = new Set(onCall(schedule, seenAt).who.map(({ staff }) => staff));
      return onCall(schedule, now)
        .who.map(({ staff }) => staff)
        .filter((staff) => !before.has(staff));
    }),
  );
  return roster.staff.filter((member): member is Pageable => ids.has(member.id) && isPageable(member));
}
