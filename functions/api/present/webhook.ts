import type { Instant } from '../../../shared/domain/time.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../../shared/domain/webhook/webhook.ts';

export function presentWebhook(endpoint: WebhookEndpoint, now: Instant) {
  const { id, url, eventTypes, description, payload, status, disabledBecause, failingSince, createdAt } =
    endpoint;
  return {
    ...{ id, url, eventTypes, description, payload, ignoreOwn: endpoint.ignoredKey !== null },
    ...{ status, disabledBecause, failingSince },
    formerSecretsUntil: endpoint.formerSecrets.map(({ until }) => until).filter((until) => until > now),
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
