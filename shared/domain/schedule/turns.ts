import type { IANAZone } from 'luxon';
import { daysOf } from '../calendar/days.ts';
import { type Opening, openings } from '../calendar/openings.ts';
import { DAY, millisToWall, parseWall, wallToMillis, zoneOf } from '../calendar/wall.ts';
import { type Instant, instantOf, millisOf } from '../time.ts';
import type { Rotation, Schedule } from './types.ts';

/** A time in which one member of a rotation is on duty; milliseconds since 1970, `to` excluded, endless as Infinity. */
export interface Turn {
  readonly from: number;
  readonly to: number;
  readonly staff: string;
}

/**
 * The turns of a rotation that end after a moment, in order, computed as they are asked for. Throws
 * `RangeError` where `scheduleProblems` would have found a problem.
 */
export function turns(rotation: Rotation, timezone: string, after: number): Generator<Turn, undefined> {
  const zone = zoneOf(timezone);
  const endless = wholeTurns(rotation, zone, after);
  const all = rotation.end === undefined ? endless : upTo(endTime(rotation.end, zone), endless);
  return rotation.during ? onDuty(all, rotation, timezone, after) : all;
}

/** The members of all rotations of a moment that have not ended then, those to come included; somebody may be listed twice. */
export function membersAt(
  schedule: Pick<Schedule, 'rotations' | 'timezone' | 'past'>,
  at: Instant,
): string[] {
  const { rotations, timezone } = schedule.past?.find(({ until }) => at < until) ?? schedule;
  const hasEnded = (end: string) => endTime(end, zoneOf(timezone)) <= millisOf(at);
  return rotations.flatMap(({ end, members }) => (end !== undefined && hasEnded(end) ? [] : members));
}

/** When the rotations that have an end do end. */
export const rotationEnds = ({ rotations, timezone }: Pick<Schedule, 'rotations' | 'timezone'>): Instant[] =>
  rotations.flatMap(({ end }) => (end === undefined ? [] : [instantOf(endTime(end, zoneOf(timezone)))]));

function endTime(text: string, zone: IANAZone): number {
  const end = parseWall(text);
  if (end === null) throw new RangeError(`not a wall time: ${text}`);
  return wallToMillis(zone, end);
}

function* upTo(end: number, all: Iterable<Turn>): Generator<Turn, undefined> {
  for (const turn of all) {
    if (turn.from >= end) return;
    yield turn.to > end ? { ...turn, to: end } : turn;
  }
}

function* wholeTurns(
  { start, every, members }: Rotation,
  zone: IANAZone,
  after: number,
): Generator<Turn, undefined> {
  const first = parseWall(start);
  const [alone] = members;
  if (first === null || alone === undefined)
    throw new RangeError(`a rotation without start or members: ${start}`);
  if (members.every((member) => member === alone)) {
    yield { from: wallToMillis(zone, first), to: Number.POSITIVE_INFINITY, staff: alone };
    return;
  }
  const handoff = handoffs(zone, first, every);
  let n = Math.max(0, handoff.near(after));
  while (n > 0 && handoff.at(n) > after) n--;
  for (; ; n++) {
    const [from, to] = [handoff.at(n), handoff.at(n + 1)];
    // A day that a zone skips as a whole leaves a turn of no length.
    if (to > after && to > from) yield { from, to, staff: members[n % members.length] ?? alone };
  }
}

/** When the nth handoff is, and which handoff is about at a moment (off by one at most). */
function handoffs(zone: IANAZone, first: number, { weeks, days, hours }: Rotation['every']) {
  const length = hours ?? (weeks ?? 0) * 7 + (days ?? 0);
  if (!(Number.isInteger(length) && length > 0)) throw new RangeError('a rotation without a length of turn');
  if (hours !== undefined) {
    const start = wallToMillis(zone, first);
    const millis = hours * 3_600_000;
    return {
      at: (n: number) => start + n * millis,
      near: (moment: number) => Math.floor((moment - start) / millis),
    };
  }
  const minutes = length * DAY;
  return {
    at: (n: number) => wallToMillis(zone, first + n * minutes),
    near: (moment: number) => Math.floor((millisToWall(zone, moment) - first) / minutes),
  };
}

/** The parts of turns that lie in the rotation's windows. */
function* onDuty(
  all: Iterable<Turn>,
  { during }: Rotation,
  timezone: string,
  after: number,
): Generator<Turn, undefined> {
  const days = daysOf({ timezone, week: during ?? {} });
  let windows: ReturnType<typeof openings> | null = null;
  let window: Opening | undefined;
  for (const turn of all) {
    if (!windows) {
      windows = openings(days, Math.max(after, turn.from));
      window = windows.next().value;
    }
    while (window && window.from < turn.to) {
      const [from, to] = [Math.max(turn.from, window.from), Math.min(turn.to, window.to)];
      if (to > from && to > after) yield { from, to, staff: turn.staff };
      if (window.to > turn.to) break;
      window = windows.next().value;
    }
    if (!window) return;
  }
}
