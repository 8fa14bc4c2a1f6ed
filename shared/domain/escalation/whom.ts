import type { Policy, Roster, Staff, Target } from '../directory.ts';
import { onDutyAt } from '../schedule/on-call.ts';
import { membersAt } from '../schedule/turns.ts';
import type { Schedule } from '../schedule/types.ts';
import type { Instant } from '../time.ts';
import { begin, levelsOf } from './ladder.ts';

/** Somebody who can be paged: active, with a phone. Unverified phones are paged too. */
export type Pageable = Staff & { phone: string };

/** Who is on a schedule: worked out for the moment, or looked up by whoever asks about many moments. */
export type OnDuty = (schedule: string, roster: Roster, at: Instant) => string[];

export function isPageable(member: Staff | undefined): member is Pageable {
  return member !== undefined && !member.suspended && member.phone !== null;
}

/**
 * The people whom these targets page at `now`, once each, in order. On-call is resolved afresh each time.
 * *Duty manager*: schedule `manager` while somebody reachable is on it, else all active managers. *Everyone*: the
 * reachable members of the policy's schedules and the people its levels name.
 */
export function whom(
  targets: Target[],
  roster: Roster,
  policy: Policy,
  now: Instant,
  onDuty: OnDuty = onScheduleNow,
): Pageable[] {
  const byId = new Map(roster.staff.map((member) => [member.id, member]));
  const ids = new Set<string>();
  for (const target of targets) for (const id of idsOf(target, roster, policy, now, onDuty)) ids.add(id);
  return [...ids].map((id) => byId.get(id)).filter(isPageable);
}

function idsOf(target: Target, roster: Roster, policy: Policy, now: Instant, onDuty: OnDuty): string[] {
  if ('staff' in target) return [target.staff];
  if ('schedule' in target) return onDuty(target.schedule, roster, now);
  if ('role' in target) {
    const duty = target.role === 'manager' ? onDuty('manager', roster, now) : [];
    const reachable = duty.filter((id) => isPageable(roster.staff.find((member) => member.id === id)));
    if (reachable.length > 0) return reachable;
    return roster.staff.filter((member) => member.role === target.role).map((member) => member.id);
  }
  return everyoneOf(roster, policy, now, onDuty);
}

function onScheduleNow(id: string, roster: Roster, now: Instant): string[] {
  const schedule = roster.schedules.find((candidate) => candidate.id === id);
  return schedule ? onDutyAt(schedule, now) : [];
}

function everyoneOf(roster: Roster, policy: Policy, now: Instant, onDuty: OnDuty): string[] {
  const ids: string[] = [];
  for (const target of targetsOf(policy)) {
    if ('everyone' in target) continue;
    if (!('schedule' in target)) {
      ids.push(...idsOf(target, roster, policy, now, onDuty));
      continue;
    }
    const schedule = roster.schedules.find((candidate) => candidate.id === target.schedule);
    if (!schedule) continue;
    ids.push(...membersAt(schedule, now), ...onDuty(schedule.id, roster, now));
  }
  return ids;
}

/** What a policy names, by night and by day. */
export const targetsOf = ({ levels, businessHours }: Policy): Target[] =>
  [...levels, ...businessHours.levels].flatMap(({ page }) => page);

/** The schedules that decide whom targets page: those they name, `manager` for the duty manager, the policy's for everyone. */
export function schedulesOf(
  targets: readonly Target[],
  policy: Policy,
  schedules: readonly Schedule[],
): Schedule[] {
  const all = targets.some((target) => 'everyone' in target) ? [...targets, ...targetsOf(policy)] : targets;
  const ids = new Set(
    all.flatMap((target) => {
      if ('schedule' in target) return [target.schedule];
      return 'role' in target && target.role === 'manager' ? ['manager'] : [];
    }),
  );
  return schedules.filter(({ id }) => ids.has(id));
}

/** Who would be paged at each level if it were its time now: what the preview and the on-call list show. */
export function levelsNow(
  kind: 'desk' | 'on_call',
  roster: Roster,
  now: Instant,
): { level: number; afterSeconds: number; to: Pageable[] }[] {
  return levelsOf({ ladder: begin(kind, now), policy: roster.policy }).map((level, index) => ({
    level: index + 1,
    afterSeconds: level.afterMinutes * 60,
    to: whom(level.page, roster, roster.policy, now),
  }));
}
