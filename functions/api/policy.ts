import type { PolicyIn } from '../../shared/contract/schemas/policy.ts';
import type { Policy, Target } from '../../shared/domain/directory.ts';
import type { FieldError } from '../../shared/runtime/http.ts';

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
export function unknownTargets(
  policy: Policy,
  there: { staff: readonly { id: string }[]; schedules: readonly { id: string }[] },
): FieldError[] {
  const [staff, schedules] = [there.staff, there.schedules].map((list) => new Set(list.map(({ id }) => id)));
  const isUnknown = (target: Target) =>
    ('staff' in target && !staff?.has(target.staff)) ||
    ('schedule' in target && !schedules?.has(target.schedule));
  const named = { levels: policy.levels, 'businessHours.levels': policy.businessHours.levels };
  return Object.entries(named).flatMap(([field, levels]) =>
    levels.flatMap(({ page }, n) =>
      page.flatMap((target, m) => {
        const [kind = '', id = ''] = Object.entries(target)[0] ?? [];
        return isUnknown(target)
          ? [{ field: `${field}.${n}.page.${m}.${kind}`, message: `there is no ${kind} ${id}` }]
          : [];
      }),
    ),
  );
}
