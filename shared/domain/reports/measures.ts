import type { NewEvent } from '../event.ts';
import { fromInstant, type Instant, secondsBetween } from '../time.ts';

/** A number for the dashboards; names as in CloudWatch. */
export interface Measure {
  name: 'AcknowledgeSeconds' | 'PromisesKept' | 'PromisesBroken';
  unit: 'Seconds' | 'Count';
  value: number;
}

/**
 * What an event measures: an escalation counts once, when somebody takes it first. A promise counts as kept when that
 * is in time; what is passed on and then broken counts as both, and the reports say which it was.
 */
export function measuresOf({ type, at, data }: Pick<NewEvent, 'type' | 'data'> & { at: Instant }): Measure[] {
  if (type === 'escalation.promise_broken') return [{ name: 'PromisesBroken', unit: 'Count', value: 1 }];
  if (type !== 'escalation.acknowledged' || data.again) return [];
  const { startedAt, promise } = data.escalation as {
    startedAt: Instant;
    promise: { dueAt: Instant; brokenAt: Instant | null };
  };
  const taken: Measure = {
    name: 'AcknowledgeSeconds',
    unit: 'Seconds',
    value: secondsBetween(startedAt, at),
  };
  const inTime = promise.brokenAt === null && at < promise.dueAt;
  return inTime ? [taken, { name: 'PromisesKept', unit: 'Count', value: 1 }] : [taken];
}

/** Whether a page at this instant interrupts sleep: from 22:00 to 07:00 on the person's own clock. */
export function asleep(at: Instant, timezone: string): boolean {
  const { hour } = fromInstant(at).setZone(timezone);
  return hour >= 22 || hour < 7;
}
