import { type AttemptResult, attempted, type DeliveryChange, skipped } from '../domain/webhook/delivery.ts';
import { secretsOf } from '../domain/webhook/endpoint.ts';
import { afterAttempt } from '../domain/webhook/health.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../domain/webhook/webhook.ts';
import type { Clock } from '../runtime/clock.ts';
import { log } from '../runtime/logging.ts';
import type { Random } from '../runtime/random.ts';
import { Conflict } from '../store/conflict.ts';
import type { Store } from '../store/store.ts';
import type { WebhookSender } from './webhook-sender.ts';

export interface AttemptWith {
  store: Pick<Store, 'webhooks'>;
  sender: WebhookSender;
  clock: Clock;
  random: Random;
}

/** One attempt at a queued delivery, and what it teaches of the delivery and its endpoint; a test teaches nothing of the endpoint. */
export async function attemptDelivery(
  { store, sender, clock, random }: AttemptWith,
  delivery: WebhookDelivery,
  endpoint: WebhookEndpoint,
): Promise<AttemptResult> {
  const result = await sender.send({
    url: endpoint.url,
    secrets: secretsOf(endpoint, clock.now()),
    id: delivery.event.id,
    body: delivery.body,
  });
  const now = clock.now();
  const change = attempted(delivery, result, { now, jitter: random.fraction() });
  log.info('A webhook was attempted.', {
    partner: delivery.partner,
    delivery: delivery.id,
    endpoint: endpoint.id,
    event: delivery.event.id,
    try: change.delivery.attempts.length,
    result: result.errorCode ?? 'delivered',
    status: change.delivery.status,
    ms: result.totalMs,
  });
  if (delivery.trigger !== 'test' && afterAttempt(endpoint, result, now))
    await store.webhooks.change(endpoint.partner, endpoint.id, (current) =>
      afterAttempt(current, result, now),
    );
  await commit({ store, clock }, change);
  return result;
}

/** Its endpoint is gone or disabled: it is kept, not sent. */
export function skipDelivery(
  { store, clock }: Pick<AttemptWith, 'store' | 'clock'>,
  delivery: WebhookDelivery,
): Promise<void> {
  return commit({ store, clock }, skipped(delivery));
}

async function commit(
  { store, clock }: Pick<AttemptWith, 'store' | 'clock'>,
  change: DeliveryChange,
): Promise<void> {
  try {
    await store.webhooks.commitDelivery(change, clock.now());
  } catch (error) {
    // Nothing may be on record then: its message comes back, and receivers know the id.
    if (!(error instanceof Conflict && error.hasMoved('delivery'))) throw error;
    // The same message came twice: the other's attempt is the one on record, and receivers know the id.
    log.warn('A webhook was attempted twice at once.', { delivery: change.delivery.id });
  }
}
