import { type AttemptResult, again, recoverable } from '../../shared/domain/webhook/delivery.ts';
import { isHanging, isQuick, roundOfLine } from '../../shared/domain/webhook/health.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { lineMessage } from '../../shared/effects/messages.ts';
import type { FailureQueue } from '../../shared/effects/queues.ts';
import { type AttemptWith, attemptDelivery, skipDelivery } from '../../shared/effects/webhook-attempt.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { described, log } from '../../shared/runtime/logging.ts';
import { BadRow } from '../../shared/store/bad-row.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import type { LineRun, Recovery } from '../../shared/store/webhooks/types.ts';

export interface WebhookLineDependencies extends AttemptWith {
  /** Where a delivery is kept that cannot be read. */
  failures: FailureQueue;
}

const recoveredAtOnce = 25;
/** No new round begins after that; the longest attempt then still ends within the function's time. */
const turnMs = 10_000;

/**
 * What may take long: the lines of endpoints that are slow or have enough in flight, the deliveries that are
 * brought back, and tests. Each of it a turn a message, so that all of them get theirs.
 */
export function makeHandler(dependencies: WebhookLineDependencies) {
  const { store, clock, random, failures } = dependencies;
  return queueFunction(lineMessage, async (message) => {
    if (message.kind === 'recovery') return recover(message.id, message.turn);
    if (message.kind !== 'line') return alone(message.id);
    const run = await store.webhooks.claimRun(message.endpoint, message.turn, random.id('run'), clock.now());
    // Should whoever is at it have died, its guard begins another turn.
    if (run && run !== 'taken') await workOff(run);
  });

  async function workOff(run: LineRun): Promise<void> {
    const goesOn = timeLeft();
    let { hanging } = run;
    do {
      const places = await store.webhooks.firstInLine(run.endpoint, roundOfLine(hanging));
      if (places.length === 0) break;
      const [endpoint, deliveries] = await Promise.all([
        store.webhooks.read(run.partner, run.endpoint),
        store.webhooks.deliveriesBy(places.map(({ delivery }) => delivery)),
      ]);
      const ended = await Promise.allSettled(
        places.map(async ({ delivery: id, place }) => {
          const delivery = deliveries.find((each) => each.id === id) ?? (await readOrKeep(id));
          const result = await attempt(delivery, endpoint);
          await store.webhooks.leaveLine(run.endpoint, place);
          return result;
        }),
      );
      const results = ended.flatMap((each) => (each.status === 'fulfilled' && each.value) || []);
      if (endpoint && results.length > 0) {
        const slow = !results.every(isQuick);
        if (endpoint.slow !== slow) await store.webhooks.setSlow(endpoint, slow);
        hanging = results.every(isHanging);
      }
      // What could not be done now stands in line still: the message comes back for it.
      const failed = ended.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
    } while (goesOn());
    await store.webhooks.endRun({ ...run, hanging }, clock.now());
  }

  /** One that cannot be read goes to the dead letters, where an alarm rings, and holds nobody up. */
  async function readOrKeep(id: string): Promise<WebhookDelivery | null> {
    try {
      return await store.webhooks.delivery(id);
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      log.error('A delivery in line cannot be read.', { delivery: id, ...described(error) });
      await failures.keep({ kind: 'delivery', id });
      return null;
    }
  }

  /** null when there was nothing to attempt. */
  async function attempt(
    delivery: WebhookDelivery | null,
    endpoint: WebhookEndpoint | null,
  ): Promise<AttemptResult | null> {
    if (delivery?.status !== 'queued') return null;
    if (endpoint?.status === 'enabled') return attemptDelivery(dependencies, delivery, endpoint);
    await skipDelivery(dependencies, delivery);
    return null;
  }

  /** A test, or what was kept as a dead letter and is handed in again. */
  async function alone(id: string): Promise<void> {
    const delivery = await store.webhooks.delivery(id);
    if (delivery?.status !== 'queued') return;
    const endpoint = await store.webhooks.read(delivery.partner, delivery.endpoint);
    if (endpoint && (endpoint.status === 'enabled' || delivery.trigger === 'test'))
      await attemptDelivery(dependencies, delivery, endpoint);
    else await skipDelivery(dependencies, delivery);
  }

  async function recover(id: string, turn: number): Promise<void> {
    const recovery = await store.webhooks.recovery(id);
    if (recovery?.turn !== turn) return;
    const goesOn = timeLeft();
    for await (const listed of store.webhooks.deliveriesBetween(recovery, recoveredAtOnce)) {
      const wanted = listed.filter(
        (each) => recoverable(each, recovery.statuses) || each.status === 'queued',
      );
      // All of them end before one that failed brings the message again: nothing is done behind it.
      const ended = await Promise.allSettled(wanted.map(({ id }) => bringBack(id, recovery)));
      const failed = ended.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
      const last = listed.at(-1);
      if (last && !goesOn()) return store.webhooks.moveRecovery(recovery, `${last.createdAt}#${last.id}`);
    }
    await store.webhooks.endRecovery(recovery);
  }

  /**
   * The list lags: what counts is the row. One that was brought back already joins the line again: whoever did it
   * may not have come that far.
   */
  async function bringBack(id: string, { statuses }: Recovery): Promise<void> {
    const delivery = await store.webhooks.delivery(id);
    if (!delivery) return;
    if (delivery.status === 'queued' && delivery.trigger === 'recovery')
      return store.webhooks.joinLine([delivery], clock.now());
    const change = recoverable(delivery, statuses) && again(delivery, 'recovery', clock.now());
    if (!change) return;
    try {
      await store.webhooks.commitDelivery(change, clock.now());
    } catch (error) {
      // Somebody else has just moved it: then it needs no bringing back. Else it may not have come as far as the line.
      if (!(error instanceof Conflict && error.hasMoved('delivery'))) throw error;
    }
  }
}

function timeLeft(): () => boolean {
  const began = performance.now();
  return () => performance.now() - began < turnMs;
}
