import { bodyTextOf } from '../../shared/domain/webhook/body.ts';
import { newDelivery } from '../../shared/domain/webhook/delivery.ts';
import { wants } from '../../shared/domain/webhook/endpoint.ts';
import type { WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { eventMessage, type PublishedEvent } from '../../shared/effects/messages.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { sha256 } from '../../shared/runtime/random.ts';
import type { Store } from '../../shared/store/store.ts';

export interface SpreadEventDependencies {
  store: Pick<Store, 'webhooks'>;
  clock: Clock;
}

type Listening = (partner: string | null) => Promise<WebhookEndpoint[]>;

/**
 * An event is turned into one delivery for each endpoint that wants it, under an id that is made of both, so
 * that the same event makes the same deliveries however often it comes. Endpoints are read once a batch.
 */
export function makeHandler({ store, clock }: SpreadEventDependencies) {
  return queueFunction(
    eventMessage,
    async ({ event }, _record, listening) => {
      const endpoints = (await listening(event.partner)).filter((endpoint) => wants(endpoint, event));
      if (endpoints.length === 0) return;
      const now = clock.now();
      const bodies = { full: bodyTextOf(event, 'full'), thin: bodyTextOf(event, 'thin') };
      await store.webhooks.addDeliveries(
        endpoints.map((endpoint) =>
          newDelivery(endpoint, event, { id: idOf(endpoint, event), body: bodies[endpoint.payload], now }),
        ),
        now,
      );
    },
    (): Listening => {
      const read = new Map<string | null, Promise<WebhookEndpoint[]>>();
      return (partner) => {
        const known = read.get(partner) ?? store.webhooks.listening(partner);
        read.set(partner, known);
        return known;
      };
    },
  );
}

function idOf(endpoint: WebhookEndpoint, event: PublishedEvent): string {
  return `whd_${sha256(`${endpoint.id} ${event.id}`).slice(0, 32)}`;
}
