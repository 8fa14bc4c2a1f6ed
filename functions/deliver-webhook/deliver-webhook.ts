import { isRecovered } from '../../shared/domain/webhook/delivery.ts';
import { isQuick } from '../../shared/domain/webhook/health.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { deliveryMessage } from '../../shared/effects/messages.ts';
import { type AttemptWith, attemptDelivery, skipDelivery } from '../../shared/effects/webhook-attempt.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { together } from '../../shared/runtime/together.ts';

/** Attempts that end so close to each other give their slots back in one write. */
const togetherMs = 10;

/**
 * Attempts one delivery, if its endpoint is quick and has not enough in flight; else it stands in the
 * endpoint's line, as does what is recovered, which comes after what is fresh. So this function never waits long for
 * anybody, and a slow endpoint delays no other. What the deliveries of a batch ask of the store they ask together.
 */
export function makeHandler(dependencies: AttemptWith) {
  return queueFunction(
    deliveryMessage,
    async ({ id }, _record, batch) => {
      const delivery = await batch.read(id);
      if (!delivery) throw new Error('The delivery of this message is not there.');
      if (delivery.status !== 'queued') return;
      if (isRecovered(delivery)) return batch.joinLine(delivery);
      const slots = batch.slotsOf(delivery.partner, delivery.endpoint);
      const slot = await slots.take(id);
      if ('refused' in slot) {
        if (slot.refused === 'gone' || slot.refused === 'disabled')
          return skipDelivery(dependencies, delivery);
        // Whoever is at it may have died: this message comes back and sees.
        if (slot.refused === 'busy') throw new Error('This delivery is being attempted.');
        return batch.joinLine(delivery);
      }
      let slow = slot.taken.slow;
      try {
        slow = !isQuick(await attemptDelivery(dependencies, delivery, slot.taken));
      } finally {
        await slots.giveBack({ id, slow, endpoint: slot.taken });
      }
    },
    () => batchOn(dependencies),
  );
}

function batchOn({ store: { webhooks }, clock, random }: AttemptWith) {
  const batch = random.id('bat');
  const byEndpoint = new Map<string, ReturnType<typeof slotsOf>>();
  const slotsOf = (partner: string | null, endpoint: string) => {
    let out = 0;
    return {
      take: together(async (deliveries: readonly string[]) => {
        const taken = await webhooks.take(partner, endpoint, { batch, deliveries }, clock.now());
        out += taken.filter((slot) => 'taken' in slot).length;
        return taken;
      }),
      giveBack: together(
        async (back: readonly { id: string; slow: boolean; endpoint: WebhookEndpoint }[]) => {
          const deliveries = back.map(({ id }) => id);
          const slow = back.some((each) => each.slow);
          out -= back.length;
          if (back[0])
            await webhooks.giveBack(back[0].endpoint, { deliveries, batch: out === 0 ? batch : null }, slow);
          return deliveries;
        },
        togetherMs,
      ),
    };
  };
  const join = together(async (deliveries: readonly WebhookDelivery[]) => {
    await webhooks.joinLine(deliveries, clock.now());
    return deliveries;
  });
  return {
    read: together(async (ids: readonly string[]) => {
      const found = new Map((await webhooks.deliveriesBy(ids)).map((each) => [each.id, each]));
      return ids.map((id) => found.get(id) ?? null);
    }),
    joinLine: async (delivery: WebhookDelivery): Promise<void> => void (await join(delivery)),
    slotsOf(partner: string | null, endpoint: string) {
      const known = byEndpoint.get(endpoint) ?? slotsOf(partner, endpoint);
      byEndpoint.set(endpoint, known);
      return known;
    },
  };
}
