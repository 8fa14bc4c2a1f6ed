import { WEEKDAYS } from '../calendar/types.ts';
import { type Instant, millisOf } from '../time.ts';
import type { Override, PastRotations, Schedule } from './types.ts';

type Plan = Pick<Schedule, 'timezone' | 'rotations'>;

/**
 * The schedule with other rotations from `now` on; what was in force until then is kept in `past`. With the
 * same rotations it has the same past. An edit at a moment that lies before other edits (a clock put back)
 * takes their place.
 */
export function edit(before: Schedule, plan: Plan & Pick<Schedule, 'name'>, now: Instant): Schedule {
  const all = before.past ?? [];
  const kept = all.filter(({ until }) => until <= now);
  const inForce: Plan = all.find(({ until }) => until > now) ?? before;
  const unchanged = samePlan(inForce, plan) || kept.at(-1)?.until === now;
  const past: readonly PastRotations[] = unchanged
    ? kept
    : [...kept, { until: now, timezone: inForce.timezone, rotations: inForce.rotations }];
  return { ...before, name: plan.name, timezone: plan.timezone, rotations: plan.rotations, past };
}

/** So long clocks may differ, and a request be on its way: an override that began then is taken as it was written. */
const graceSeconds = 60;

/** A new override, from now on if it has begun: who was on call stays known. null when its time is past. */
export function fromNowOn(override: Override, now: Instant): Override | null {
  if (millisOf(override.to) <= millisOf(now)) return null;
  return millisOf(override.from) < millisOf(now) - graceSeconds * 1000
    ? { ...override, from: now }
    : override;
}

/**
 * The schedule without an override from `now` on: one to come is gone, one that runs ends now, so that the
 * time before keeps who was on call. `ended` when it had ended before; null when there is none with this id.
 */
export function endOverride(schedule: Schedule, id: string, now: Instant): Schedule | 'ended' | null {
  const found = schedule.overrides.find((override) => override.id === id);
  if (!found) return null;
  if (found.to <= now) return 'ended';
  const left: Override[] = found.from < now ? [{ ...found, to: now }] : [];
  return { ...schedule, overrides: schedule.overrides.flatMap((one) => (one === found ? left : [one])) };
}

function samePlan(a: Plan, b: Plan): boolean {
  return planText(a) === planText(b);
}

function planText({ timezone, rotations }: Plan): string {
  const parts = rotations.map(({ name, start, end, every: { weeks, days, hours }, members, during }) => [
    ...[name, start, end, weeks, days, hours, members],
    during && WEEKDAYS.map((day) => during[day] ?? []),
  ]);
  return JSON.stringify([timezone, parts]);
}
