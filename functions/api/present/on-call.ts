import type { Roster } from '../../../shared/domain/directory.ts';
import { levelsNow, pagedUntil } from '../../../shared/domain/escalation/index.ts';
import type { Instant } from '../../../shared/domain/time.ts';

/** Who would be paged at each level of the policy in force, and until when that holds. */
export function presentOnCall(roster: Roster, at: Instant) {
  return {
    levels: levelsNow('on_call', roster, at).map(({ level, to }) => ({
      level,
      who: to.map(({ id, name }) => ({ id, name })),
      until: pagedUntil(roster.policy.levels[level - 1]?.page ?? [], roster, at),
    })),
  };
}
