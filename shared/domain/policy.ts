import type { FieldError } from '../contract/problems.ts';
import type { PolicyIn } from '../contract/schemas/policy.ts';
import type { Policy, PolicyLevel, Staff, Target } from './directory.ts';
import { isPageable } from './escalation/whom.ts';
import { membersAt } from './schedule/turns.ts';
import type { Schedule } from './schedule/types.ts';
import type { Instant } from './time.ts';

/** Whom the targets of a policy name. */
interface There {
  staff: readonly Staff[];
  schedules: readonly Schedule[];
}

const lastByDay: Target[] = [{ everyone: true }, { role: 'manager' }];

/** A policy with what was left out: by day the first level after 10 minutes, everyone and the manager after 20. */
export function wholePolicy(id: string, { businessHours, ...given }: PolicyIn): Policy {
  const byDay = [
    { afterMinutes: 10, page: given.levels[0]?.page ?? lastByDay },
    { afterMinutes: 20, page: lastByDay },
  ];
  return { ...given, id, businessHours: businessHours ?? { levels: byDay } };
}

/** The targets that name a schedule or a person who is not there. */
export function unknownTargets(policy: Policy, there: There): FieldError[] {
  const [staff, schedules] = [there.staff, there.schedules].map((list) => new Set(list.map(({ id }) => id)));
  const isUnknown = (target: Target) =>
    ('staff' in target && !staff?.has(target.staff)) ||
    ('schedule' in target && !schedules?.has(target.schedule));
  return laddersOf(policy).flatMap(([field, levels]) =>
    targetsOf(field, levels).flatMap(({ field: at, target }) => {
      const [kind = '', id = ''] = Object.entries(target)[0] ?? [];
      return isUnknown(target) ? [{ field: `${at}.${kind}`, message: `there is no ${kind} ${id}` }] : [];
    }),
  );
}

/**
 * Why a policy would page nobody, by night or by day: of each of its targets, why it does not. `[]` when both of its
 * ladders can page somebody. A phone that is not verified yet can be paged.
 */
export function pagesNobody(policy: Policy, there: There, now: Instant): FieldError[] {
  const others = laddersOf(policy).flatMap(([, levels]) => levels.flatMap(({ page }) => page));
  return laddersOf(policy).flatMap(([field, levels]) => {
    const reasons = targetsOf(field, levels).map(({ field: at, target }) => ({
      field: at,
      message: whyNobody(target, others, there, now),
    }));
    return reasons.some(({ message }) => message === null)
      ? []
      : reasons.flatMap(({ field: at, message }) => (message === null ? [] : [{ field: at, message }]));
  });
}

const laddersOf = ({ levels, businessHours }: Policy): [string, PolicyLevel[]][] => [
  ['levels', levels],
  ['businessHours.levels', businessHours.levels],
];

const targetsOf = (field: string, levels: readonly PolicyLevel[]) =>
  levels.flatMap(({ page }, n) => page.map((target, m) => ({ field: `${field}.${n}.page.${m}`, target })));

/** null: it can page somebody. */
function whyNobody(target: Target, others: readonly Target[], there: There, now: Instant): string | null {
  if ('everyone' in target) {
    const named = others.filter((other) => !('everyone' in other));
    const some = named.some((other) => whyNobody(other, [], there, now) === null);
    return some ? null : 'nobody whom the levels name can be paged';
  }
  const people = peopleOf(target, there, now);
  if (people.some(isPageable)) return null;
  const what =
    'schedule' in target ? `schedule ${target.schedule}` : 'role' in target ? `role ${target.role}` : '';
  if (people.length === 0) return `${what} has no members`;
  const why = people.map(({ name, suspended }) => `${name} ${suspended ? 'is suspended' : 'has no phone'}`);
  return `${what ? `${what}: ` : ''}${why.join(', ')}`;
}

function peopleOf(target: Exclude<Target, { everyone: true }>, there: There, now: Instant): Staff[] {
  if ('staff' in target) return there.staff.filter(({ id }) => id === target.staff);
  if ('role' in target) {
    const onDuty = target.role === 'manager' ? peopleOf({ schedule: 'manager' }, there, now) : [];
    return [...onDuty, ...there.staff.filter(({ role }) => role === target.role)];
  }
  const schedule = there.schedules.find(({ id }) => id === target.schedule);
  const coming = (schedule?.overrides ?? []).filter(({ to }) => to > now).map(({ staff }) => staff);
  const ids = new Set([...(schedule ? membersAt(schedule, now) : []), ...coming]);
  return there.staff.filter(({ id }) => ids.has(id));
}
