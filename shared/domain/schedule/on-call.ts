import { HORIZON_DAYS } from '../calendar/openings.ts';
import { DAY_MS } from '../calendar/wall.ts';
import { type Instant, instantOf, millisOf } from '../time.ts';
import { turns } from './turns.ts';
import type { OnCall, OnCallPerson, Override, Schedule, Shift } from './types.ts';

/** Staff id → source of everybody on call. */
type Crew = ReadonlyMap<string, string>;

/** A time in which the crew is the same; milliseconds since 1970, `to` excluded. */
interface Watch {
  readonly from: number;
  readonly to: number;
  readonly crew: Crew;
}

/**
 * Who is on call at an instant, and until when; of a past instant, who was. Before `knownFrom` that needs the
 * schedule's history (`withHistory`). Throws `RangeError` for a schedule with problems.
 */
export function onCall(schedule: Schedule, at: Instant): OnCall {
  const start = millisOf(at);
  const end = start + HORIZON_DAYS * DAY_MS;
  let crew: Crew | null = null;
  for (const watch of watches(schedule, start, end)) {
    if (crew && !sameCrew(crew, watch.crew)) return { who: people(crew), until: instantOf(watch.from) };
    crew ??= watch.crew;
  }
  return { who: people(crew ?? new Map()), until: null };
}

/** The staff on call at an instant, as `onCall` has them, without asking until when. */
export function onDutyAt(schedule: Schedule, at: Instant): string[] {
  const start = millisOf(at);
  const [watch] = watches(schedule, start, start + 1);
  return [...(watch?.crew.keys() ?? [])];
}

/**
 * The shifts between two instants, cut to them, in the order of their start. Turns of the same person that
 * follow one another are one shift: a handoff is a change. `[]` when `to` is not after `from`; throws
 * `RangeError` for a schedule with problems.
 */
export function shifts(schedule: Schedule, from: Instant, to: Instant): Shift[] {
  const done: (OnCallPerson & { from: number; to: number })[] = [];
  const running = new Map<string, (typeof done)[number]>();
  for (const watch of watches(schedule, millisOf(from), millisOf(to))) {
    for (const [staff, source] of watch.crew) {
      const shift = running.get(staff);
      if (shift?.to === watch.from && shift.source === source) shift.to = watch.to;
      else {
        const next = { from: watch.from, to: watch.to, staff, source };
        running.set(staff, next);
        done.push(next);
      }
    }
  }
  return done.map((shift) => ({ ...shift, from: instantOf(shift.from), to: instantOf(shift.to) }));
}

/** The time from `start` to `end` cut at every handoff, every edit and both ends of every override. */
function* watches(schedule: Schedule, start: number, end: number): Generator<Watch> {
  let from = start;
  for (const { until, timezone, rotations } of schedule.past ?? []) {
    const to = Math.min(millisOf(until), end);
    if (to <= from) continue;
    yield* watchesOf({ timezone, rotations, overrides: schedule.overrides }, from, to);
    from = to;
  }
  yield* watchesOf(schedule, from, end);
}

function* watchesOf(
  { timezone, rotations: all, overrides: planned }: Pick<Schedule, 'timezone' | 'rotations' | 'overrides'>,
  start: number,
  end: number,
): Generator<Watch> {
  if (start >= end) return;
  const rotations = all.map((rotation) => {
    const coming = turns(rotation, timezone, start);
    return { source: `rotation:${rotation.name}`, coming, turn: coming.next().value };
  });
  const overrides = planned
    .map((override) => ({ from: millisOf(override.from), to: millisOf(override.to), override }))
    .filter(({ from, to }) => from < to && to > start && from < end);
  for (let at = start; at < end; ) {
    const crew = new Map<string, string>();
    let next = end;
    for (const rotation of rotations) {
      while (rotation.turn && rotation.turn.to <= at) rotation.turn = rotation.coming.next().value;
      const { turn } = rotation;
      if (!turn) continue;
      if (turn.from <= at && !crew.has(turn.staff)) crew.set(turn.staff, rotation.source);
      next = Math.min(next, turn.from <= at ? turn.to : turn.from);
    }
    for (const { from, to, override } of overrides) {
      if (from <= at && at < to) relieve(crew, override);
      if (from > at) next = Math.min(next, from);
      else if (to > at) next = Math.min(next, to);
    }
    yield { from: at, to: next, crew };
    at = next;
  }
}

/** Applied one after the other, so that people who relieve each other never leave nobody on call. */
function relieve(crew: Map<string, string>, { id, staff, instead }: Override): void {
  if (instead !== undefined && instead !== staff) crew.delete(instead);
  if (staff !== null && !crew.has(staff)) crew.set(staff, id === undefined ? 'override' : `override:${id}`);
}

function sameCrew(a: Crew, b: Crew): boolean {
  return a.size === b.size && a.keys().every((staff) => b.has(staff));
}

function people(crew: Crew): OnCallPerson[] {
  return [...crew].map(([staff, source]) => ({ staff, source }));
}
