import type { Roster, Target } from '../directory.ts';
import { onCall } from '../schedule/on-call.ts';
import { membersAt, rotationEnds } from '../schedule/turns.ts';
import type { Schedule } from '../schedule/types.ts';
import type { Instant } from '../time.ts';
import { targetsOf, whom } from './whom.ts';

/** Changes that bring nobody who can be paged are passed over, so many of them. */
const mostPassedOver = 50;

/** The next instant at which these targets page others than at `at`; null if that does not change within 400 days. */
export function pagedUntil(targets: Target[], roster: Roster, at: Instant): Instant | null {
  const idsAt = (moment: Instant) =>
    whom(targets, roster, roster.policy, moment)
      .map(({ id }) => id)
      .sort()
      .join(' ');
  const who = idsAt(at);
  let next = nextChange(targets, roster, at);
  for (let passed = 0; next !== null && passed < mostPassedOver && idsAt(next) === who; passed++)
    next = nextChange(targets, roster, next);
  return next;
}

function nextChange(targets: readonly Target[], { policy, schedules }: Roster, at: Instant): Instant | null {
  const changesOf = (id: string, changes: (schedule: Schedule) => (Instant | null)[]) =>
    schedules.filter((schedule) => schedule.id === id).flatMap(changes);
  const handoff = (schedule: Schedule) => [onCall(schedule, at).until];
  const ofTarget = (target: Target) => {
    if ('schedule' in target) return changesOf(target.schedule, handoff);
    return 'role' in target && target.role === 'manager' ? changesOf('manager', handoff) : [];
  };
  const ofEveryone = (target: Target) =>
    'schedule' in target
      ? changesOf(target.schedule, (schedule) => crewChanges(schedule, at))
      : ofTarget(target);
  const changes = targets.flatMap((target) =>
    'everyone' in target ? targetsOf(policy).flatMap(ofEveryone) : ofTarget(target),
  );
  return changes.filter((change) => change !== null && change > at).sort()[0] ?? null;
}

/** When somebody joins or leaves all who are ever on a schedule: its handoffs change nothing about that. */
function crewChanges(schedule: Schedule, at: Instant): Instant[] {
  const members = new Set(membersAt(schedule, at));
  const others = schedule.overrides.filter(
    ({ staff, to }) => staff !== null && to > at && !members.has(staff),
  );
  const edits = (schedule.past ?? []).map(({ until }) => until);
  return [...rotationEnds(schedule), ...edits, ...others.flatMap(({ from, to }) => [from, to])];
}
