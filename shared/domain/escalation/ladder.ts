import type { PolicyLevel, Target } from '../directory.ts';
import { addSeconds, earlier, type Instant, later } from '../time.ts';
import type { Escalation } from './escalation.ts';

/** One rung: whom to page, and when. After the policy's own levels everyone is paged again and again. */
export interface Step {
  /** 1 for the first; every repeat has the number after the policy's last level. */
  level: number;
  at: Instant;
  page: Target[];
  repeat: boolean;
}

/** A ladder that begins now, at its first step or where a pass puts it. */
export function begin(
  kind: Escalation['ladder']['kind'],
  now: Instant,
  place: { base: Instant; next: number } = { base: now, next: 0 },
): Escalation['ladder'] {
  return { kind, begun: now, ...place, waiting: [] };
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
 * before the last level has had its own interval. A ladder that begins after the press, at a closing or a pass,
 * still has everyone paged when the promise breaks: what the policy puts before that is not later.
 */
export function stepAt(climbing: Climbing, index: number): Step | null {
  const { ladder, policy, promise } = climbing;
  const levels = levelsOf(climbing);
  const timeOf = ({ afterMinutes }: PolicyLevel): Instant => {
    const own = addSeconds(ladder.base, afterMinutes * 60);
    const early = ladder.begun < promise.dueAt && afterMinutes <= policy.promiseMinutes;
    return early ? earlier(own, promise.dueAt) : own;
  };
  const level = levels[index];
  if (level) return { level: index + 1, at: timeOf(level), page: level.page, repeat: false };
  const last = levels.at(-1);
  const lastAt = last ? timeOf(last) : ladder.base;
  const firstRepeat = lastAt < promise.dueAt ? promise.dueAt : addSeconds(lastAt, policy.repeatMinutes * 60);
  const at = addSeconds(later(firstRepeat, ladder.base), (index - levels.length) * policy.repeatMinutes * 60);
  if (at >= givesUpAt(climbing)) return null;
  return { level: levels.length + 1, at, page: [{ everyone: true }, { role: 'manager' }], repeat: true };
}
