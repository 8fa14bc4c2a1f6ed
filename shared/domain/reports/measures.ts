import type { NewEvent } from '../event.ts';
import type { EscalationSummary } from '../ticket/ticket.ts';
import { fromInstant, type Instant, secondsBetween } from '../time.ts';

/** A number for the dashboards; names as in CloudWatch. */
export interface Measure {
  name: 'AcknowledgeSeconds' | 'PromisesKept' | 'PromisesBroken';
  unit: 'Seconds' | 'Count';
  value: number;
}

/**
 * What an event measures: an escalation counts once, when somebody takes it first; one that follows counts from when
 * its lead was taken, whenever that is noticed. A promise counts as kept when that is in time, or when staff say in
 * time that it is over before anybody took it; what is passed on and then broken counts as both, and the reports say
 * which it was.
 */
export function measuresOf({
  type,
  at,
  actor,
  data,
}: Pick<NewEvent, 'type' | 'actor' | 'data'> & { at: Instant }): Measure[] {
  if (type === 'escalation.promise_broken') return [{ name: 'PromisesBroken', unit: 'Count', value: 1 }];
  const first = type === 'escalation.acknowledged' && !data.again;
  const over = type === 'escalation.resolved' && data.taken === false && actor.kind === 'staff';
  if (!first && !over) return [];
  const { startedAt, promise, acknowledgedAt } = data.escalation as EscalationSummary;
  const then = acknowledgedAt ?? at;
  const kept: Measure = { name: 'PromisesKept', unit: 'Count', value: 1 };
  const inTime = promise.brokenAt === null && then < promise.dueAt ? [kept] : [];
  if (over) return inTime;
  const seconds = secondsBetween(startedAt, then);
  return [{ name: 'AcknowledgeSeconds', unit: 'Seconds', value: seconds }, ...inTime];
}

/** Whether a page at this instant interrupts sleep: from 22:00 to 07:00 on the person's own clock. */
export function asleep(at: Instant, timezone: string): boolean {
  const { hour } = fromInstant(at).setZone(timezone);
  return hour >= 22 || hour < 7;
}
