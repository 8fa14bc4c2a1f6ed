import { isQuick } from '../../shared/domain/webhook/health.ts';
import type { WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { deliveryMessage } from '../../shared/effects/messages.ts';
import { type AttemptWith, attemptDelivery, skipDelivery } from '../../shared/effects/webhook-attempt.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { together } from '../../shared/runtime/together.ts';

/** Attempts that end so close to each other give their places back in one write. */
const togetherMs = 10;

/**
 * Attempts one delivery, if its endpoint is quick and has not enough in flight; else it stands in the
 * endpoint's line. So this function never waits long for anybody, and a slow endpoint delays no other. What the
 * deliveries of a batch ask of the store they ask together.
 */
export function makeHandler(dependencies: AttemptWith) {
  const { store, clock } = dependencies;
  return queueFunction(
    deliveryMessage,
    async ({ id }, _record, batch) => {
      const delivery = await batch.read(id);
      if (!delivery) throw new Error('The delivery of this message is not there.');
      if (delivery.status !== 'queued') return;
      const places = batch.placesOf(delivery.partner, delivery.endpoint);
      const slot = await places.take(id);
      if ('refused' in slot) {
        if (slot.refused === 'gone' || slot.refused === 'disabled')
          return skipDelivery(dependencies, delivery);
        // Whoever is at it may have died: this message comes back and sees.
        if (slot.refused === 'busy') throw new Error('This delivery is being attempted.');
        return store.webhooks.joinLine(delivery, clock.now());
      }
      let slow = slot.taken.slow;
      try {
        slow = !isQuick(await attemptDelivery(dependencies, delivery, slot.taken));
      } finally {
        await places.giveBack({ id, slow, endpoint: slot.taken });
      }
    },
    () => batchOn(dependencies),
  );
}

function batchOn({ store: { webhooks }, clock }: AttemptWith) {
  const byEndpoint = new Map<string, ReturnType<typeof placesOf>>();
  const placesOf = (partner: string | null, endpoint: string) => ({
    take: together((ids: readonly string[]) => webhooks.take(partner, endpoint, ids, clock.now())),
    giveBack: together(async (back: readonly { id: string; slow: boolean; endpoint: WebhookEndpoint }[]) => {
      const ids = back.map(({ id }) => id);
      const slow = back.some((each) => each.slow);
      if (back[0]) await webhooks.giveBack(back[0].endpoint, ids, slow);
      return ids;
    }, togetherMs),
  });
  return {
    read: together(async (ids: readonly string[]) => {
      const found = new Map((await webhooks.deliveriesBy(ids)).map((each) => [each.id, each]));
      return ids.map((id) => found.get(id) ?? null);
    }),
    placesOf(partner: string | null, endpoint: string) {
      const known = byEndpoint.get(endpoint) ?? placesOf(partner, endpoint);
      byEndpoint.set(endpoint, known);
      return known;
    },
  };
}
