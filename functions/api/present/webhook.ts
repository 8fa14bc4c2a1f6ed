import { exampleData } from '../../../shared/contract/events/example.ts';
import type { EventType } from '../../../shared/contract/words.ts';
import { system } from '../../../shared/domain/event.ts';
import { eventText } from '../../../shared/domain/event-text.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { bodyOf } from '../../../shared/domain/webhook/body.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../../shared/domain/webhook/webhook.ts';
import { sha256 } from '../../../shared/runtime/random.ts';

export function presentWebhook(endpoint: WebhookEndpoint) {
  const { id, url, eventTypes, description, payload, status, disabledBecause, failingSince, createdAt } =
    endpoint;
  return {
    ...{ id, url, eventTypes, description, payload, ignoreOwn: endpoint.ignoredKey !== null },
    ...{ status, disabledBecause, failingSince },
    formerSecretsUntil: endpoint.formerSecrets.map(({ until }) => until),
    createdAt,
  };
}

export function presentDelivery({ endpoint, ...delivery }: WebhookDelivery) {
  const { id, event, status, nextAttemptAt, createdAt } = delivery;
  const attempts = delivery.attempts.map(({ exchange, ...attempt }) => ({
    ...attempt,
    remoteAddress: exchange?.remoteAddress ?? null,
    request: exchange && { url: exchange.url, headers: exchange.requestHeaders },
    response: exchange?.response ?? null,
  }));
  return { id, webhook: endpoint, event, status, attempts, nextAttemptAt, createdAt };
}

export const presentDeliveryWithBody = (delivery: WebhookDelivery) => ({
  ...presentDelivery(delivery),
  body: delivery.body,
});

/** An event as it may look, for documentation and tests of endpoints. */
export function exampleEvent(type: EventType, { id, at }: { id: string; at: Instant }) {
  const data = exampleData(type);
  const subject = 'webhook' in data ? 'whe_2b7r0c9d4k1m5n8p3q6s' : 'ticket' in data ? 'ND-6PC7-PS91' : null;
  const text = eventText({ type, actor: system, data }, subject);
  return { id, type, at, seq: 1, text, hash: sha256(text), ticket: subject, data };
}

export const exampleBody = (type: EventType) =>
  bodyOf(exampleEvent(type, { id: 'evt_6PC7PS91_1', at: '2026-01-05T14:00:00.000Z' }), 'full');
