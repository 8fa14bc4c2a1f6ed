import { addSeconds, type Instant, later } from '../time.ts';
import type { History, Override, Schedule } from './types.ts';

/** What ended, and was made, longer ago than this leaves the schedule for its history at the next change. */
export const REMEMBERED_DAYS = 35;
/** The most that a schedule carries of ended overrides, and of past rotations (characters of JSON). */
const MOST_ENDED = 200;
const MOST_PAST_TEXT = 100_000;
/** What one transaction takes, less the schedule itself; the rest moves at the next change. */
const MOST_AT_ONCE = 90;

/**
 * The schedule without what ended long ago, and that. Nothing is lost: the two together are the schedule,
 * and the schedule alone is right for every instant from its new `knownFrom` on.
 */
export function settle(schedule: Schedule, now: Instant): { schedule: Schedule; history: History } {
  const longAgo = addSeconds(now, -REMEMBERED_DAYS * 86_400);
  const past = [...(schedule.past ?? [])];
  const oldPast = [];
  for (let oldest = past[0]; oldest && oldPast.length < MOST_AT_ONCE; oldest = past[0]) {
    if (oldest.until > longAgo && JSON.stringify(past).length <= MOST_PAST_TEXT) break;
    oldPast.push(oldest);
    past.shift();
  }
  const ended = schedule.overrides.filter(({ to }) => to <= now).sort((a, b) => (a.to < b.to ? -1 : 1));
  const old = ended
    .filter(({ to, createdAt = to }, n) => later(to, createdAt) <= longAgo || n < ended.length - MOST_ENDED)
    .slice(0, MOST_AT_ONCE - oldPast.length);
  const ends = [...oldPast.map(({ until }) => until), ...old.map(({ to }) => to)];
  const history = { past: oldPast, overrides: old };
  if (ends.length === 0) return { schedule, history };
  const gone = new Set(old);
  const overrides = schedule.overrides.filter((override) => !gone.has(override));
  const knownFrom = ends.reduce(later, schedule.knownFrom ?? '');
  return { schedule: { ...schedule, past, overrides, knownFrom }, history };
}

/** Whether a schedule alone may be wrong about an instant: then its history from there on is needed. */
export function needsHistory({ knownFrom }: Schedule, from: Instant): boolean {
  return knownFrom !== undefined && from < knownFrom;
}

/** The schedule with its history back to `from`: right for every instant from there on. */
export function withHistory(schedule: Schedule, { past, overrides }: History, from: Instant): Schedule {
  return {
    ...schedule,
    past: [...past, ...(schedule.past ?? [])],
    overrides: [...overrides, ...schedule.overrides].sort(byCreation),
    knownFrom: from,
  };
}

function byCreation(a: Override, b: Override): number {
  const [first, second] = [a.createdAt ?? '', b.createdAt ?? ''];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
