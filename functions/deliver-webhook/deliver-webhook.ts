import {
  attempted,
  type DeliveryChange,
  newDelivery,
  skipped,
  wants,
} from '../../shared/domain/webhook/delivery.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { type PublishedEvent, webhookMessage } from '../../shared/effects/messages.ts';
import type { WebhookSender } from '../../shared/effects/webhook-sender.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { log } from '../../shared/runtime/logging.ts';
import { type Random, sha256 } from '../../shared/runtime/random.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import type { Store } from '../../shared/store/store.ts';

export interface DeliverWebhookDependencies {
  store: Pick<Store, 'webhooks'>;
  sender: WebhookSender;
  clock: Clock;
  random: Random;
}

/** Of the body's form: additions do not change it. */
const apiVersion = '2026-01-01';

/**
 * Two messages come here. An event is turned into one delivery for each endpoint that wants it, under an id
 * that is made of both, so that the same event makes the same deliveries however often it comes. A delivery
 * is attempted once; whether and when again is decided from what that attempt met.
 */
export function makeHandler({ store, sender, clock, random }: DeliverWebhookDependencies) {
  return queueFunction(webhookMessage, (message) =>
    message.kind === 'event' ? spread(message.event) : attempt(message.id),
  );

  async function spread(event: PublishedEvent): Promise<void> {
    const [partners, desks] = await Promise.all([
      event.partner === null ? [] : store.webhooks.list(event.partner),
      store.webhooks.list(null),
    ]);
    const endpoints = [...partners, ...desks].filter((endpoint) => wants(endpoint, event));
    if (endpoints.length === 0) return;
    const body = bodyOf(event);
    const now = clock.now();
    await store.webhooks.addDeliveries(
      endpoints.map((endpoint) => newDelivery(endpoint, event, { id: idOf(endpoint, event), body, now })),
    );
  }

  async function attempt(id: string): Promise<void> {
    const delivery = await store.webhooks.delivery(id);
    if (!delivery) throw new Error('The delivery of this message is not there.');
    if (delivery.status !== 'queued') return;
    const endpoint = await store.webhooks.read(delivery.partner, delivery.endpoint);
    if (!endpoint || endpoint.status === 'disabled') return commit(skipped(delivery));
    const result = await sender.send({
      url: endpoint.url,
      secret: endpoint.secret,
      id: delivery.event.id,
      body: delivery.body,
    });
    const change = attempted(delivery, result, { now: clock.now(), jitter: random.fraction() });
    log.info('A webhook was attempted.', {
      partner: delivery.partner,
      delivery: id,
      endpoint: endpoint.id,
      event: delivery.event.id,
      try: change.delivery.attempts.length,
      result: result.errorCode ?? 'delivered',
      status: change.delivery.status,
    });
    if (change.disableBecause)
      await store.webhooks.disable(endpoint.partner, endpoint.id, change.disableBecause);
    await commit(change);
  }

  async function commit({ delivery, timers }: DeliveryChange): Promise<void> {
    try {
      await store.webhooks.commitDelivery(delivery, timers);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      // The same message came twice: the other's attempt is the one on record, and receivers know the id.
      log.warn('A webhook was attempted twice at once.', { delivery: delivery.id });
    }
  }
}

function idOf(endpoint: WebhookEndpoint, event: PublishedEvent): WebhookDelivery['id'] {
  return `whd_${sha256(`${endpoint.id} ${event.id}`).slice(0, 32)}`;
}

/** The exact text that every attempt sends and signs. */
function bodyOf(event: PublishedEvent): string {
  return JSON.stringify({
    id: event.id,
    type: event.type,
    timestamp: event.at,
    apiVersion,
    subjectSeq: event.seq,
    text: event.text,
    hash: event.hash,
    data: event.data,
  });
}
