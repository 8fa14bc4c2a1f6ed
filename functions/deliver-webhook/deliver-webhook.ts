import { isQuick } from '../../shared/domain/webhook/health.ts';
import { deliveryMessage } from '../../shared/effects/messages.ts';
import { type AttemptWith, attemptDelivery, skipDelivery } from '../../shared/effects/webhook-attempt.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';

/**
 * Attempts one delivery, if its endpoint is quick and has not enough in flight; else it stands in the
 * endpoint's line. So this function never waits long for anybody, and a slow endpoint delays no other.
 */
export function makeHandler(dependencies: AttemptWith) {
  const { store, clock } = dependencies;
  return queueFunction(deliveryMessage, async ({ id }) => {
    const delivery = await store.webhooks.delivery(id);
    if (!delivery) throw new Error('The delivery of this message is not there.');
    if (delivery.status !== 'queued') return;
    const slot = await store.webhooks.take(delivery.partner, delivery.endpoint, id, clock.now());
    if ('refused' in slot) {
      if (slot.refused === 'gone' || slot.refused === 'disabled') return skipDelivery(dependencies, delivery);
      // Whoever is at it may have died: this message comes back and sees.
      if (slot.refused === 'busy') throw new Error('This delivery is being attempted.');
      return store.webhooks.joinLine(delivery, clock.now());
    }
    let slow = slot.taken.slow;
    try {
      slow = !isQuick(await attemptDelivery(dependencies, delivery, slot.taken));
    } finally {
      await store.webhooks.giveBack(slot.taken, id, slow);
    }
  });
}
