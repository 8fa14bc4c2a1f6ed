import type { PolicyLevel, Target } from '../directory.ts';
import { addSeconds, type Instant, later } from '../time.ts';
import type { Escalation } from './escalation.ts';

/** One rung: whom to page, and when. After the policy's own levels everyone is paged again and again. */
export interface Step {
  /** 1 for the first; every repeat has the number after the policy's last level. */
  level: number;
  at: Instant;
  page: Target[];
  repeat: boolean;
}

type Climbing = Pick<Escalation, 'ladder' | 'policy' | 'promise'>;

/** The levels of the ladder that runs: by day after the desk was alerted, or from the press on. */
export function levelsOf({ ladder, policy }: Pick<Escalation, 'ladder' | 'policy'>): PolicyLevel[] {
  return ladder.kind === 'desk' ? policy.businessHours.levels : policy.levels;
}

/** When the ladder gives up: `giveUpMinutes` after it began. */
export function givesUpAt({ ladder, policy }: Pick<Escalation, 'ladder' | 'policy'>): Instant {
  return addSeconds(ladder.base, policy.giveUpMinutes * 60);
}

/**
 * The step with this index; null past the ladder's end. Repeats begin when the promise breaks, and never
 * before the last level has had its own interval.
 */
export function stepAt(climbing: Climbing, index: number): Step | null {
  const { ladder, policy, promise } = climbing;
  const levels = levelsOf(climbing);
  const level = levels[index];
  if (level) {
    return {
      level: index + 1,
      at: addSeconds(ladder.base, level.afterMinutes * 60),
      page: level.page,
      repeat: false,
    };
  }
  const lastOffset = levels.at(-1)?.afterMinutes ?? 0;
  const afterLast = addSeconds(ladder.base, (lastOffset + policy.repeatMinutes) * 60);
  const firstRepeat = addSeconds(ladder.base, lastOffset * 60) < promise.dueAt ? promise.dueAt : afterLast;
  const at = addSeconds(later(firstRepeat, ladder.base), (index - levels.length) * policy.repeatMinutes * 60);
  if (at >= givesUpAt(climbing)) return null;
  return { level: levels.length + 1, at, page: [{ everyone: true }, { role: 'manager' }], repeat: true };
}
