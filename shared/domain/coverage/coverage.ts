import { closedIntervals } from '../calendar/openings.ts';
import type { Roster } from '../directory.ts';
import { type OnDuty, schedulesOf, whom } from '../escalation/whom.ts';
import { type Reach, type UnreachableWhy, unreachable } from '../reach/reach.ts';
import { shifts } from '../schedule/on-call.ts';
import { rotationEnds } from '../schedule/turns.ts';
import type { Schedule, Shift } from '../schedule/types.ts';
import { addSeconds, type Instant } from '../time.ts';

/** How far ahead a check and a change look. */
export const daysAhead = 14;

/** Who can be reached at each level while the desk is closed, and where nobody can. */
export interface Coverage {
  /** The closed time, cut where who can be reached changes. */
  intervals: {
    from: Instant;
    to: Instant;
    levels: { level: number; who: { id: string; name: string }[] }[];
  }[];
  gaps: CoverageGap[];
}

export interface CoverageGap {
  from: Instant;
  to: Instant;
  level: number;
  /** `no_shift`: nobody would be paged at all. */
  why: 'no_shift' | UnreachableWhy;
  /** Who would be paged, each with why it cannot be relied on. They are paged all the same. */
  people: { id: string; name: string; why: UnreachableWhy }[];
}

export interface CoverageFacts {
  roster: Roster;
  /** Of the phones of which something is known. */
  reach: readonly Reach[];
}

/**
 * For every closed time between two instants, who can be reached at each level of the policy in force: those
 * whom that level would page and whose phone is verified, not opted out and not failing. `gaps` are the times
 * at which a level has none of them.
 */
export function coverage({ roster, reach }: CoverageFacts, from: Instant, to: Instant): Coverage {
  const { policy } = roster;
  const rota = rotaOf(roster, from, to);
  const found: Coverage = { intervals: [], gaps: [] };
  for (const closed of closedIntervals(roster.calendar, from, to)) {
    const cuts = rota.changes.filter((at) => closed.from < at && at < closed.to);
    for (const [n, start] of [closed.from, ...cuts].entries()) {
      const slice = { from: start, to: cuts[n] ?? closed.to };
      const levels = policy.levels.map(({ page }, index) => {
        const people = whom(page, roster, policy, start, rota.onDuty).map((person) => ({
          person: { id: person.id, name: person.name },
          why: unreachable(person, reach),
        }));
        return { level: index + 1, people };
      });
      const reachable = levels.map(({ level, people }) => ({
        level,
        who: people.filter(({ why }) => why === null).map(({ person }) => person),
      }));
      extend(found.intervals, { ...slice, levels: reachable });
      for (const { level, people } of levels) {
        if (people.some(({ why }) => why === null)) continue;
        const unreached = people.flatMap(({ person, why }) => (why === null ? [] : [{ ...person, why }]));
        const why = unreached[0]?.why ?? 'no_shift';
        extend(found.gaps, { ...slice, level, why, people: unreached });
      }
    }
  }
  return found;
}

/** The gaps of the next two weeks. */
export function gapsAhead(facts: CoverageFacts, now: Instant): CoverageGap[] {
  return coverage(facts, now, addSeconds(now, daysAhead * 86_400)).gaps;
}

/** The parts of `after` in which the same level was not uncovered in `before`: the holes that a change opened. */
export function openedGaps(before: readonly CoverageGap[], after: readonly CoverageGap[]): CoverageGap[] {
  return after.flatMap((gap) => {
    const known = before
      .filter(({ level, from, to }) => level === gap.level && from < gap.to && to > gap.from)
      .sort((a, b) => (a.from < b.from ? -1 : 1));
    const opened: CoverageGap[] = [];
    let at = gap.from;
    for (const { from, to } of known) {
      if (from > at) opened.push({ ...gap, from: at, to: from });
      if (to > at) at = to;
    }
    if (at < gap.to) opened.push({ ...gap, from: at });
    return opened;
  });
}

/** Adds a piece, or lengthens the one before it that says the same up to where this begins. */
function extend<T extends { from: Instant; to: Instant; level?: number }>(pieces: T[], piece: T): void {
  const said = ({ from: _from, to: _to, ...rest }: T) => JSON.stringify(rest);
  const last = pieces.findLast((one) => one.level === piece.level);
  if (last?.to === piece.from && said(last) === said(piece)) last.to = piece.to;
  else pieces.push({ ...piece });
}

/** Who is on which schedule between two instants, worked out once; and when that changes. */
function rotaOf(roster: Roster, from: Instant, to: Instant): { changes: Instant[]; onDuty: OnDuty } {
  const rota = new Map<string, Shift[]>();
  const schedules = nightSchedules(roster);
  for (const schedule of schedules) rota.set(schedule.id, shifts(schedule, from, to));
  const changes = new Set([
    ...[...rota.values()].flatMap((all) => all.flatMap((shift) => [shift.from, shift.to])),
    // Whom *everyone* is changes also while a rotation that ends is not on duty.
    ...schedules.flatMap(rotationEnds),
  ]);
  return {
    changes: [...changes].sort(),
    onDuty: (schedule, _roster, at) =>
      (rota.get(schedule) ?? [])
        .filter((shift) => shift.from <= at && at < shift.to)
        .map(({ staff }) => staff),
  };
}

/** The schedules that the policy relies on at night. */
export function nightSchedules({ policy, schedules }: Roster): Schedule[] {
  const targets = policy.levels.flatMap(({ page }) => page);
  return schedulesOf(targets, policy, schedules);
}
