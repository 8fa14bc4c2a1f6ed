import type { TicketEvent } from '../event.ts';
import { addSeconds, type Instant } from '../time.ts';
import type { TimerChange, TimerKey } from '../timer.ts';
import type { DeliveryAttempt, WebhookDelivery, WebhookEndpoint } from './webhook.ts';

/** What one attempt met. `errorCode` null means that the receiver has it. */
export interface AttemptResult {
  statusCode: number | null;
  errorCode: string | null;
  retryAfterSeconds: number | null;
  totalMs: number;
}

export interface DeliveryChange {
  delivery: WebhookDelivery;
  timers: TimerChange[];
  /** Set when the receiver asked for no more: the endpoint is switched off with these words. */
  disableBecause: string | null;
}

const minute = 60;
const hour = 60 * minute;

/** Published: the waits after the first attempt, the second and so on, each ± 20 %. */
export const retrySchedule = [
  5,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];
const spread = 0.2;
/** A receiver may ask for a longer wait than ours, but not for longer than our longest. */
const longestWait = 24 * hour;

/** Whether an endpoint wants an event: its types say so, and a partner's endpoint sees only its own, and nothing internal. */
export function wants(
  endpoint: WebhookEndpoint,
  event: Pick<TicketEvent, 'type' | 'partner' | 'internal'>,
): boolean {
  if (endpoint.partner !== null && (event.internal || endpoint.partner !== event.partner)) return false;
  return endpoint.eventTypes.some((pattern) => matches(pattern, event.type));
}

/** `*`, a family such as `escalation.*`, or a whole type. */
function matches(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

/** An event's way to one endpoint. While the endpoint is disabled it is kept as skipped, not dropped. */
export function newDelivery(
  endpoint: WebhookEndpoint,
  event: { id: string; type: string },
  made: { id: string; body: string; now: Instant },
): WebhookDelivery {
  return {
    id: made.id,
    endpoint: endpoint.id,
    partner: endpoint.partner,
    event: { id: event.id, type: event.type },
    body: made.body,
    status: endpoint.status === 'enabled' ? 'queued' : 'skipped',
    attempts: [],
    nextAttemptAt: null,
    createdAt: made.now,
    version: 0,
  };
}

/** A delivery whose endpoint was removed or disabled before its attempt. */
export function skipped(delivery: WebhookDelivery): DeliveryChange {
  return {
    delivery: { ...delivery, status: 'skipped', nextAttemptAt: null },
    timers: [{ clear: timerKey(delivery) }],
    disableBecause: null,
  };
}

/**
 * What an attempt's result makes of a delivery: delivered, or waiting for its next try, or failed for good.
 * @param jitter 0 ≤ x < 1
 */
export function attempted(
  delivery: WebhookDelivery,
  result: AttemptResult,
  { now, jitter }: { now: Instant; jitter: number },
): DeliveryChange {
  const n = delivery.attempts.length + 1;
  const attempt: DeliveryAttempt = {
    n,
    at: now,
    trigger: n === 1 ? 'event' : 'schedule',
    statusCode: result.statusCode,
    errorCode: result.errorCode,
    totalMs: result.totalMs,
  };
  const after = { ...delivery, attempts: [...delivery.attempts, attempt], nextAttemptAt: null };
  const over = (status: 'delivered' | 'failed', disableBecause: string | null = null): DeliveryChange => ({
    delivery: { ...after, status },
    timers: [{ clear: timerKey(delivery) }],
    disableBecause,
  });

  if (result.errorCode === null) return over('delivered');
  if (result.statusCode === 410) return over('failed', 'The receiver answered 410 Gone.');
  const wait = retrySchedule[n - 1];
  if (wait === undefined) return over('failed');
  const jittered = wait * (1 - spread + 2 * spread * jitter);
  const asked = Math.min(result.retryAfterSeconds ?? 0, longestWait);
  const dueAt = addSeconds(now, Math.max(jittered, asked));
  return {
    delivery: { ...after, status: 'waiting', nextAttemptAt: dueAt },
    timers: [{ set: { ...timerKey(delivery), dueAt, generation: n } }],
    disableBecause: null,
  };
}

/** The retry timer's time has come: work for the outbox again. null when there is nothing to retry. */
export function retryDue(
  delivery: WebhookDelivery,
  { generation }: { generation: number },
): DeliveryChange | null {
  if (delivery.status !== 'waiting' || delivery.attempts.length !== generation) return null;
  return {
    delivery: { ...delivery, status: 'queued', nextAttemptAt: null },
    timers: [{ clear: timerKey(delivery) }],
    disableBecause: null,
  };
}

function timerKey(delivery: WebhookDelivery): TimerKey {
  return { home: { delivery: delivery.id }, subject: delivery.id, kind: 'retry' };
}
