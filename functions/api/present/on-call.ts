import type { Roster, Target } from '../../../shared/domain/directory.ts';
import { levelsNow, schedulesOf } from '../../../shared/domain/escalation/index.ts';
import { onCall } from '../../../shared/domain/schedule/on-call.ts';
import type { Instant } from '../../../shared/domain/time.ts';

/** Who would be paged at each level of the policy in force, and until when that holds. */
export function presentOnCall(roster: Roster, at: Instant) {
  return {
    levels: levelsNow('on_call', roster, at).map(({ level, to }) => ({
      level,
      who: to.map(({ id, name }) => ({ id, name })),
      until: untilOf(roster.policy.levels[level - 1]?.page ?? [], roster, at),
    })),
  };
}

function untilOf(targets: readonly Target[], roster: Roster, at: Instant): Instant | null {
  const changes = schedulesOf(targets, roster.policy, roster.schedules)
    .map((schedule) => onCall(schedule, at).until)
    .filter((until) => until !== null);
  return changes.sort()[0] ?? null;
}
