import { type Instant, instantOf, millisOf } from '../time.ts';
import { closedNote, type Days, daysOf, openingName } from './days.ts';
import { type Opening, openings } from './openings.ts';
import type { Calendar } from './types.ts';
import { DAY_MS, millisToWall } from './wall.ts';

/** One stretch of the count; the steps of a count follow one another without a gap. */
export interface BusinessTimeStep {
  readonly from: Instant;
  readonly to: Instant;
  /** Real seconds counted: all of an open stretch, none of a closed one. */
  readonly seconds: number;
  /** "open: Monday 09:00–20:00", "closed: after hours, Saturday, Sunday". */
  readonly note: string;
}

/** At most this many steps explain a count; what is beyond is one step with its sum. */
const MOST_STEPS = 60;

/** Counts go at most this far, so that a request cannot ask for a century. */
const MOST_DAYS = 3660;

/**
 * The earliest instant by which a calendar has been open for `seconds` since `from`: `from` itself for 0.
 * `dueAt` is null when that is not reached within ten years. Throws `RangeError` for a negative or endless time.
 */
export function addBusinessTime(
  calendar: Calendar,
  from: Instant,
  seconds: number,
): { dueAt: Instant | null; steps: BusinessTimeStep[] } {
  if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) throw new RangeError(`not a time: ${seconds} s`);
  const start = millisOf(from);
  const { steps, reached } = count(calendar, start, start + MOST_DAYS * DAY_MS, Math.round(seconds * 1000));
  return { dueAt: reached === null ? null : instantOf(reached), steps };
}

/**
 * How long a calendar is open between two instants, in real seconds: 0 when `to` is not after `from`.
 * Throws `RangeError` when they are more than ten years apart.
 */
export function businessTimeBetween(
  calendar: Calendar,
  from: Instant,
  to: Instant,
): { seconds: number; steps: BusinessTimeStep[] } {
  const [start, end] = [millisOf(from), millisOf(to)];
  if (end - start > MOST_DAYS * DAY_MS)
    throw new RangeError('business time is counted over at most ten years');
  if (end <= start) return { seconds: 0, steps: [] };
  const { steps, counted } = count(calendar, start, end, Number.POSITIVE_INFINITY);
  return { seconds: counted / 1000, steps };
}

/** Counts open milliseconds from `start` until there are `wanted` or `end` is reached. */
function count(calendar: Calendar, start: number, end: number, wanted: number) {
  const days = daysOf(calendar);
  const steps: BusinessTimeStep[] = [];
  let at = start;
  let counted = 0;
  for (const opening of wanted > 0 ? openings(days, start) : []) {
    if (opening.from >= end) break;
    if (opening.from > at) steps.push(skipped(days, at, opening.from));
    const from = Math.max(opening.from, at);
    at = Math.min(opening.to, end, from + wanted - counted);
    counted += at - from;
    steps.push(worked(days, opening, from, at));
    if (counted === wanted) break;
  }
  if (counted < wanted && at < end) steps.push(skipped(days, at, end));
  return { counted, reached: counted === wanted ? at : null, steps: bounded(steps) };
}

function worked(days: Days, { wall }: Opening, from: number, to: number): BusinessTimeStep {
  return step(from, to, (to - from) / 1000, `open: ${openingName(days, wall.from, wall.to)}`);
}

function skipped(days: Days, from: number, to: number): BusinessTimeStep {
  const note = closedNote(days, millisToWall(days.zone, from), millisToWall(days.zone, to));
  return step(from, to, 0, `closed: ${note}`);
}

function step(from: number, to: number, seconds: number, note: string): BusinessTimeStep {
  return { from: instantOf(from), to: instantOf(to), seconds, note };
}

function bounded(steps: BusinessTimeStep[]): BusinessTimeStep[] {
  const rest = steps.slice(MOST_STEPS - 1);
  const [first, last] = [rest[0], rest.at(-1)];
  if (rest.length <= 1 || !first || !last) return steps;
  const millis = rest.reduce((sum, { seconds }) => sum + Math.round(seconds * 1000), 0);
  const open = rest.filter(({ seconds }) => seconds > 0).length;
  return [
    ...steps.slice(0, MOST_STEPS - 1),
    {
      from: first.from,
      to: last.to,
      seconds: millis / 1000,
      note: `${open} more openings, counted the same way`,
    },
  ];
}
