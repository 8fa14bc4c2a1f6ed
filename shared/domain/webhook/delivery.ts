import { addSeconds, type Instant } from '../time.ts';
import type { TimerChange, TimerKey } from '../timer.ts';
import { keptAttempts } from './attempt-log.ts';
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
/** What is queued for longer has been lost on its way, or stands in a long line: its owner may push it. */
const pushedAfterSeconds = minute;

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
    queuedAt: made.now,
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
  const n = lastOf(delivery) + 1;
  const { statusCode, errorCode, totalMs, exchange } = result;
  const attempt: DeliveryAttempt = {
    ...{ n, at: now, trigger: delivery.trigger },
    ...{ statusCode, errorCode, totalMs, exchange },
  };
  const after = {
    ...delivery,
    attempts: keptAttempts([...delivery.attempts, attempt]),
    nextAttemptAt: null,
  };
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
  { generation, now }: { generation: number; now: Instant },
): DeliveryChange | null {
  if (delivery.status !== 'waiting' || lastOf(delivery) !== generation) return null;
  return {
    delivery: {
      ...delivery,
      ...{ status: 'queued', trigger: 'schedule', way: 'direct', queuedAt: now, nextAttemptAt: null },
    },
    timers: [{ clear: timerKey(delivery) }],
  };
}

/**
 * Somebody wants it attempted again: at once, with the whole schedule behind it. A recovered one stands in
 * line behind what is fresh; a test stays a test, attempted once. null when it is on its way already.
 */
export function again(
  delivery: WebhookDelivery,
  trigger: 'manual' | 'recovery',
  now: Instant,
): DeliveryChange | null {
  const pushed = trigger === 'manual' && addSeconds(delivery.queuedAt, pushedAfterSeconds) <= now;
  if (delivery.status === 'queued' && !pushed) return null;
  return {
    delivery: {
      ...delivery,
      ...{ status: 'queued', queuedAt: now, nextAttemptAt: null },
      trigger: delivery.trigger === 'test' ? 'test' : trigger,
      way: trigger === 'recovery' ? 'line' : 'direct',
      triedBefore: lastOf(delivery),
    },
    timers: clearing(delivery),
  };
}

/** Whether a recovery of these states brings it back. A test told of nothing that happened. */
export function recoverable({ status, trigger }: WebhookDelivery, statuses: readonly string[]): boolean {
  return trigger !== 'test' && statuses.includes(status);
}

/** Whether a recovery began its present run through the schedule: then all of the run stays behind what is fresh. */
export function isRecovered({ trigger, attempts, triedBefore }: WebhookDelivery): boolean {
  return (
    trigger === 'recovery' || attempts.some((each) => each.n > triedBefore && each.trigger === 'recovery')
  );
}

/** Its place in the endpoint's line: what is fresh comes before what is recovered, then by time. */
export function placeInLine(delivery: WebhookDelivery): string {
  return `${isRecovered(delivery) ? 2 : 1}#${delivery.queuedAt}#${delivery.id}`;
}

/** The number of its latest attempt; 0 when there was none. */
const lastOf = ({ attempts }: WebhookDelivery): number => attempts.at(-1)?.n ?? 0;

/** Only one that waits has a timer to clear. */
function clearing(delivery: WebhookDelivery): TimerChange[] {
  return delivery.attempts.length > 0 ? [{ clear: timerKey(delivery) }] : [];
}

function timerKey(delivery: WebhookDelivery): TimerKey {
  return { home: { delivery: delivery.id }, subject: delivery.id, kind: 'retry' };
}
