import { bodyTextOf } from '../../shared/domain/webhook/body.ts';
import { newDelivery } from '../../shared/domain/webhook/delivery.ts';
import { wants } from '../../shared/domain/webhook/endpoint.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { eventMessage, type PublishedEvent } from '../../shared/effects/messages.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { sha256 } from '../../shared/runtime/random.ts';
import { together } from '../../shared/runtime/together.ts';
import type { Store } from '../../shared/store/store.ts';

export interface SpreadEventDependencies {
  store: Pick<Store, 'webhooks'>;
  clock: Clock;
}

/** Events of a batch that are written so close to each other look together for who works off their lines. */
const togetherMs = 10;

/**
 * An event is turned into one delivery for each endpoint that wants it, under an id that is made of both, so
 * that the same event makes the same deliveries however often it comes. Endpoints are read once a batch.
 */
export function makeHandler(dependencies: SpreadEventDependencies) {
  const { webhooks } = dependencies.store;
  return queueFunction(
    eventMessage,
    async ({ event }, _record, batch) => {
      const endpoints = (await batch.listening(event.partner)).filter((endpoint) => wants(endpoint, event));
      if (endpoints.length === 0) return;
      const now = dependencies.clock.now();
      const bodies = { full: bodyTextOf(event, 'full'), thin: bodyTextOf(event, 'thin') };
      const inLine = await webhooks.writeDeliveries(
        endpoints.map((endpoint) =>
          newDelivery(endpoint, event, { id: idOf(endpoint, event), body: bodies[endpoint.payload], now }),
        ),
      );
      if (inLine.length > 0) await batch.workOff(inLine);
    },
    () => batchOn(dependencies),
  );
}

function batchOn({ store: { webhooks }, clock }: SpreadEventDependencies) {
  const read = new Map<string | null, Promise<WebhookEndpoint[]>>();
  return {
    listening(partner: string | null): Promise<WebhookEndpoint[]> {
      const known = read.get(partner) ?? webhooks.listening(partner);
      read.set(partner, known);
      return known;
    },
    workOff: together(async (written: readonly (readonly WebhookDelivery[])[]) => {
      await webhooks.workOff(written.flat(), clock.now());
      return written;
    }, togetherMs),
  };
}

function idOf(endpoint: WebhookEndpoint, event: PublishedEvent): string {
  return `whd_${sha256(`${endpoint.id} ${event.id}`).slice(0, 32)}`;
}
