import { again } from '../../shared/domain/webhook/delivery.ts';
import { isQuick } from '../../shared/domain/webhook/health.ts';
import type { WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { lineMessage } from '../../shared/effects/messages.ts';
import { type AttemptWith, attemptDelivery, skipDelivery } from '../../shared/effects/webhook-attempt.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import type { LineRun } from '../../shared/store/webhooks/types.ts';

/** How many of a line are attempted side by side. */
const atOnce = 10;
const recoveredAtOnce = 25;
/** No new round begins after that; the longest attempt then still ends within the function's time. */
const turnMs = 10_000;

/**
 * What may take long: the lines of endpoints that are slow or have enough in flight, the deliveries that are
 * brought back, and tests. Each of it a turn a message, so that all of them get theirs.
 */
export function makeHandler(dependencies: AttemptWith) {
  const { store, clock, random } = dependencies;
  return queueFunction(lineMessage, async (message) => {
    if (message.kind === 'test') return test(message.id);
    if (message.kind === 'recovery') return recover(message.id, message.turn);
    const run = await store.webhooks.claimRun(message.endpoint, message.turn, random.id('run'), clock.now());
    // Whoever is at it may have died: this message comes back and sees.
    if (run === 'taken') throw new Error('This turn is being taken.');
    if (run) await workOff(run);
  });

  async function workOff(run: LineRun): Promise<void> {
    const goesOn = timeLeft();
    do {
      const places = await store.webhooks.firstInLine(run.endpoint, atOnce);
      if (places.length === 0) break;
      const endpoint = await store.webhooks.read(run.partner, run.endpoint);
      const quick = await Promise.all(places.map(({ delivery }) => attempt(delivery, endpoint)));
      const slow = quick.includes(false);
      if (endpoint && endpoint.slow !== slow && quick.some((each) => each !== null))
        await store.webhooks.setSlow(endpoint, slow);
      await store.webhooks.leaveLine(
        run.endpoint,
        places.map(({ place }) => place),
      );
    } while (goesOn());
    await store.webhooks.endRun(run, clock.now());
  }

  /** Whether it was quick; null when there was nothing to attempt. */
  async function attempt(id: string, endpoint: WebhookEndpoint | null): Promise<boolean | null> {
    const delivery = await store.webhooks.delivery(id);
    if (delivery?.status !== 'queued') return null;
    if (endpoint?.status === 'enabled')
      return isQuick(await attemptDelivery(dependencies, delivery, endpoint));
    await skipDelivery(dependencies, delivery);
    return null;
  }

  async function test(id: string): Promise<void> {
    const delivery = await store.webhooks.delivery(id);
    if (delivery?.status !== 'queued') return;
    const endpoint = await store.webhooks.read(delivery.partner, delivery.endpoint);
    if (endpoint) await attemptDelivery(dependencies, delivery, endpoint);
    else await skipDelivery(dependencies, delivery);
  }

  async function recover(id: string, turn: number): Promise<void> {
    const recovery = await store.webhooks.recovery(id);
    if (recovery?.turn !== turn) return;
    const goesOn = timeLeft();
    for await (const listed of store.webhooks.deliveriesBetween(recovery, recoveredAtOnce)) {
      await Promise.all(
        listed
          .filter(({ status }) => recovery.statuses.includes(status))
          .map((delivery) => bringBack(delivery.id, recovery.statuses)),
      );
      const last = listed.at(-1);
      if (last && !goesOn()) return store.webhooks.moveRecovery(recovery, `${last.createdAt}#${last.id}`);
    }
    await store.webhooks.endRecovery(recovery);
  }

  /** The list lags: what counts is the row. */
  async function bringBack(id: string, statuses: readonly string[]): Promise<void> {
    const delivery = await store.webhooks.delivery(id);
    const change = delivery && statuses.includes(delivery.status) && again(delivery, 'recovery');
    if (!change) return;
    try {
      await store.webhooks.commitDelivery(change, clock.now());
    } catch (error) {
      // Somebody else has just moved it: then it needs no bringing back.
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

function timeLeft(): () => boolean {
  const began = performance.now();
  return () => performance.now() - began < turnMs;
}
