import type { FieldError } from '../../contract/problems.ts';
import { weekProblems } from '../calendar/problems.ts';
import { parseWall } from '../calendar/wall.ts';
import { type Instant, isZone, millisOf } from '../time.ts';
import type { Override, Rotation, Schedule } from './types.ts';

/** Overrides that one schedule carries, so that its row stays within what a table takes. */
export const MOST_OVERRIDES = 1000;

/** What is wrong with a schedule, given the ids of all staff; `[]` when every function of this folder can take it. */
export function scheduleProblems(schedule: Schedule, knownStaffIds: ReadonlySet<string>): FieldError[] {
  const zone = isZone(schedule.timezone)
    ? []
    : [{ field: 'timezone', message: `${schedule.timezone} is not an IANA time zone` }];
  return [
    ...zone,
    ...schedule.rotations.flatMap((r, n) => rotationProblems(r, `rotations.${n}`, knownStaffIds)),
    ...schedule.overrides.flatMap((o, n) => overrideProblems(o, knownStaffIds, `overrides.${n}.`)),
  ];
}

/** What is wrong with one override; `prefix` is its place in the document, with the dot. */
export function overrideProblems(
  { from, to, staff, instead }: Override,
  knownStaffIds: ReadonlySet<string>,
  prefix = '',
): FieldError[] {
  const problems: FieldError[] = [];
  const add = (field: string, message: string) => problems.push({ field: `${prefix}${field}`, message });
  const [start, end] = [instantMillis(from), instantMillis(to)];
  if (start === null) add('from', `${from} is not an instant: write 2026-01-05T14:00:00.000Z`);
  if (end === null) add('to', `${to} is not an instant: write 2026-01-05T14:00:00.000Z`);
  if (start !== null && end !== null && end <= start) add('to', 'an override ends after it starts');
  if (staff === null && instead === undefined) {
    add('instead', 'say who is to be off call, or in staff who comes on call');
  }
  if (staff !== null && !knownStaffIds.has(staff)) add('staff', `nobody has the id ${staff}`);
  if (instead !== undefined && !knownStaffIds.has(instead)) add('instead', `nobody has the id ${instead}`);
  if (instead === staff) add('instead', 'nobody relieves themselves');
  return problems;
}

/**
 * How a new override fits among those there are. Two for the same `instead` may not overlap: `clash` names
 * the one in the way. One that says the same from `now` on is `same`, so that asking twice makes one.
 */
export function fitOverride(
  overrides: readonly Override[],
  { from, to, staff, instead }: Override,
  now: Instant,
): { fit: 'free' } | { fit: 'same' | 'clash'; override: Override } {
  const [start, end] = [millisOf(from), millisOf(to)];
  const left = (since: number) => Math.max(since, millisOf(now));
  let clash: Override | undefined;
  for (const other of overrides) {
    if (other.instead !== instead) continue;
    const [otherStart, otherEnd] = [millisOf(other.from), millisOf(other.to)];
    const same = other.staff === staff && left(otherStart) === left(start) && otherEnd === end;
    if (same) return { fit: 'same', override: other };
    if (instead !== undefined && otherStart < end && start < otherEnd) clash ??= other;
  }
  return clash ? { fit: 'clash', override: clash } : { fit: 'free' };
}

function rotationProblems(rotation: Rotation, field: string, known: ReadonlySet<string>): FieldError[] {
  const problems: FieldError[] = [];
  const add = (name: string, message: string) => problems.push({ field: `${field}.${name}`, message });
  const { start, end, every, members, during } = rotation;
  if (parseWall(start) === null) add('start', `${start} is not a wall time: write 2026-01-05T09:00`);
  if (end !== undefined && parseWall(end) === null) {
    add('end', `${end} is not a wall time: write 2026-06-01T09:00`);
  } else if (end !== undefined && end <= start) add('end', 'a rotation ends after it starts');
  const lengths = [every.weeks, every.days, every.hours].filter((length) => length !== undefined);
  const [length = 0] = lengths;
  if (lengths.length !== 1) add('every', 'give one of weeks, days or hours');
  else if (!Number.isInteger(length) || length < 1) add('every', 'a turn lasts a whole number, at least 1');
  if (members.length === 0) add('members', 'a rotation needs members');
  for (const [n, member] of members.entries()) {
    if (!known.has(member)) add(`members.${n}`, `nobody has the id ${member}`);
  }
  if (during) problems.push(...weekProblems(during, `${field}.during`));
  return problems;
}

function instantMillis(text: string): number | null {
  try {
    return millisOf(text);
  } catch {
    return null;
  }
}
