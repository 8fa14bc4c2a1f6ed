import { addSeconds, type Instant } from '../time.ts';
import type { TimerChange, TimerKey } from '../timer.ts';
import type { DeliveryAttempt, Exchange, WebhookDelivery, WebhookEndpoint } from './webhook.ts';

/** What one attempt met. `errorCode` null means that the receiver has it. */
export interface AttemptResult {
  statusCode: number | null;
  errorCode: string | null;
  retryAfterSeconds: number | null;
  /** The receiver asked for no more, in these words: 410, or `webhook-delivery: disable`. */
  disableBecause: string | null;
  totalMs: number;
  exchange: Exchange;
}

export interface DeliveryChange {
  delivery: WebhookDelivery;
  timers: TimerChange[];
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
/** A whole run through the schedule; with 64 KiB of body and 16 KiB an answer this stays within a row's 400 KB. */
const exchangesKept = 10;

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
    trigger: 'event',
    way: endpoint.slow ? 'line' : 'direct',
    attempts: [],
    triedBefore: 0,
    nextAttemptAt: null,
    createdAt: made.now,
    version: 0,
  };
}

/** One attempt that somebody waits for, whatever the endpoint's state; it is never repeated. */
export function testDelivery(
  endpoint: WebhookEndpoint,
  event: { id: string; type: string },
  made: { id: string; body: string; now: Instant },
): WebhookDelivery {
  return { ...newDelivery(endpoint, event, made), status: 'queued', trigger: 'test', way: 'direct' };
}

/** A delivery whose endpoint was removed or disabled before its attempt. */
export function skipped(delivery: WebhookDelivery): DeliveryChange {
  return {
    delivery: { ...delivery, status: 'skipped', nextAttemptAt: null },
    timers: clearing(delivery),
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
  const { statusCode, errorCode, totalMs, exchange } = result;
  const attempt: DeliveryAttempt = {
    ...{ n, at: now, trigger: delivery.trigger },
    ...{ statusCode, errorCode, totalMs, exchange },
  };
  const attempts = [...delivery.attempts, attempt].map((each) =>
    each.n > n - exchangesKept ? each : { ...each, exchange: null },
  );
  const after = { ...delivery, attempts, nextAttemptAt: null };
  const wait = delivery.trigger === 'test' ? undefined : retrySchedule[n - 1 - delivery.triedBefore];
  if (errorCode === null) return { delivery: { ...after, status: 'delivered' }, timers: clearing(delivery) };
  if (result.disableBecause !== null || wait === undefined)
    return { delivery: { ...after, status: 'failed' }, timers: clearing(delivery) };

  const jittered = wait * (1 - spread + 2 * spread * jitter);
  const asked = Math.min(result.retryAfterSeconds ?? 0, longestWait);
  const dueAt = addSeconds(now, Math.max(jittered, asked));
  return {
    delivery: { ...after, status: 'waiting', nextAttemptAt: dueAt },
    timers: [{ set: { ...timerKey(delivery), dueAt, generation: n } }],
  };
}

/** The retry timer's time has come: work for the outbox again. null when there is nothing to retry. */
export function retryDue(
  delivery: WebhookDelivery,
  { generation }: { generation: number },
): DeliveryChange | null {
  if (delivery.status !== 'waiting' || delivery.attempts.length !== generation) return null;
  return {
    delivery: { ...delivery, status: 'queued', trigger: 'schedule', way: 'direct', nextAttemptAt: null },
    timers: [{ clear: timerKey(delivery) }],
  };
}

/**
 * Somebody wants it attempted again: at once, with the whole schedule behind it. A recovered one stands in
 * line behind what is fresh. null when it is on its way already.
 */
export function again(delivery: WebhookDelivery, trigger: 'manual' | 'recovery'): DeliveryChange | null {
  if (delivery.status === 'queued') return null;
  return {
    delivery: {
      ...delivery,
      ...{ status: 'queued', trigger, nextAttemptAt: null },
      way: trigger === 'recovery' ? 'line' : 'direct',
      triedBefore: delivery.attempts.length,
    },
    timers: clearing(delivery),
  };
}

/** Its place in the endpoint's line: what is fresh comes before what is recovered, then by time. */
export function placeInLine({ id, trigger }: WebhookDelivery, at: Instant): string {
  return `${trigger === 'recovery' ? 2 : 1}#${at}#${id}`;
}

/** Only one that waits has a timer to clear. */
function clearing(delivery: WebhookDelivery): TimerChange[] {
  return delivery.attempts.length > 0 ? [{ clear: timerKey(delivery) }] : [];
}

function timerKey(delivery: WebhookDelivery): TimerKey {
  return { home: { delivery: delivery.id }, subject: delivery.id, kind: 'retry' };
}
