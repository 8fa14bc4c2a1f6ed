import type { Roster } from '../directory.ts';
import { onDutyAt } from '../schedule/on-call.ts';
import type { Instant } from '../time.ts';
import type { Draft } from './draft.ts';
import { pageNow } from './paging.ts';
import { followShifts, watched } from './watches.ts';
import { isPageable, type Pageable } from './whom.ts';

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
