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
  store: Pick<Store, 'webhooks' | 'directory'>;
  clock: Clock;
}

/** Events of a batch that are written so close to each other look together for who works off their lines. */
const togetherMs = 10;
/** Whose endpoints are read, and written to, at the same time. */
const partnersAtOnce = 50;

/**
 * An event is turned into one delivery for each endpoint that wants it, under an id that is made of both, so
 * that the same event makes the same deliveries however often it comes. Endpoints are read once a batch; those of
 * all partners for what is everybody's.
 */
export function makeHandler(dependencies: SpreadEventDependencies) {
  const { store, clock } = dependencies;
  return queueFunction(
    eventMessage,
    async ({ event }, _record, batch) => {
      if (event.partner === null && !event.internal) await tellEverybody(event, batch);
      else await tell(event, await batch.listening(event.partner), batch);
    },
    () => batchOn(dependencies),
  );

  async function tellEverybody(event: PublishedEvent, batch: Batch): Promise<void> {
    await tell(event, await batch.listening(null), batch);
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await store.directory.partners({ limit: partnersAtOnce, ...(cursor && { cursor }) });
      await Promise.all(page.data.map(async ({ id }) => tell(event, await store.webhooks.list(id), batch)));
      cursor = page.nextCursor;
    }
  }

  async function tell(event: PublishedEvent, some: readonly WebhookEndpoint[], batch: Batch): Promise<void> {
    const endpoints = some.filter((endpoint) => wants(endpoint, event));
    if (endpoints.length === 0) return;
    const now = clock.now();
    const bodies = { full: bodyTextOf(event, 'full'), thin: bodyTextOf(event, 'thin') };
    const inLine = await store.webhooks.writeDeliveries(
      endpoints.map((endpoint) =>
        newDelivery(endpoint, event, { id: idOf(endpoint, event), body: bodies[endpoint.payload], now }),
      ),
    );
    if (inLine.length > 0) await batch.workOff(inLine);
  }
}

type Batch = ReturnType<typeof batchOn>;

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
