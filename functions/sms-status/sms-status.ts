import { gunzipSync } from 'node:zlib';
import type { CloudWatchLogsEvent } from 'aws-lambda';
import * as z from 'zod';
import { lazy } from '../../shared/contract/lazy.ts';
import type { Page } from '../../shared/domain/escalation/escalation.ts';
import { bundleFailed, isPage, pageFailed } from '../../shared/domain/escalation/index.ts';
import { isRunning } from '../../shared/domain/phone/phone.ts';
import { bundleLost, isBundle, type PhonePage } from '../../shared/domain/phone/turn.ts';
import { failureFact } from '../../shared/domain/reach/reach.ts';
import { addSeconds, instantOf } from '../../shared/domain/time.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { eventFunction, metrics, parseJson, Unreadable } from '../../shared/runtime/handler.ts';
import { described, log } from '../../shared/runtime/logging.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Store } from '../../shared/store/store.ts';
import { untilNoConflict } from '../../shared/store/until-no-conflict.ts';

export interface SmsStatusDependencies {
  store: Store;
  clock: Clock;
  random: Random;
}

/** A batch of a log group, as CloudWatch Logs hands it to a subscriber. */
const logBatch = lazy(() =>
  z.object({
    messageType: z.enum(['DATA_MESSAGE', 'CONTROL_MESSAGE']),
    logEvents: z.array(z.object({ id: z.string(), timestamp: z.number(), message: z.string() })),
  }),
);

/** A line of SNS's delivery log: https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html */
const deliveryLine = lazy(() =>
  z.object({
    notification: z.object({ messageId: z.string() }),
    delivery: z.object({ providerResponse: z.string().optional() }),
    status: z.enum(['SUCCESS', 'FAILURE']),
  }),
);

/** While a message is this young, the transaction that tells its id may still be under way. */
const underWaySeconds = 60;

/**
 * What SNS could not deliver becomes a failed page, which brings the next level; what that says of a phone of
 * the staff is kept for coverage. One line that cannot be handled holds up no other; the batch is then tried
 * again, harmlessly for those that were, and at last goes to the dead-letter queue.
 */
export function makeHandler({ store, clock, random }: SmsStatusDependencies) {
  return eventFunction<CloudWatchLogsEvent, void>(async ({ awslogs }) => {
    const batch = parseJson(logBatch(), unpacked(awslogs.data));
    const results = await Promise.allSettled(batch.logEvents.map(handle));
    const broken = results.filter((result) => result.status === 'rejected');
    for (const { reason } of broken)
      log.error('A line of the delivery log was not handled.', described(reason));
    if (broken.length > 0)
      throw new Error(`${broken.length} of ${results.length} lines of the delivery log were not handled.`);
  });

  async function handle(line: { timestamp: number; message: string }): Promise<void> {
    const { notification, delivery: answer, status } = parseJson(deliveryLine(), line.message);
    if (status === 'SUCCESS') return;
    const page = await store.pages.byMessageId(notification.messageId);
    if (page) {
      const failure = masked(answer.providerResponse ?? 'not delivered');
      await fail(page, failure);
      // After the next level was paged: coverage reads it.
      const learned = failureFact(page, failure);
      if (learned) await store.reach.learn(learned.phone, learned.fact, instantOf(line.timestamp));
      return;
    }
    if (clock.now() < addSeconds(instantOf(line.timestamp), underWaySeconds))
      throw new Error('The message of a failed delivery is not known yet.');
    // Not ours: another sender in this account and Region, for there is one log for all.
    log.warn('A failed delivery of an unknown message.', { messageId: notification.messageId });
  }

  async function fail(page: Page, failure: string): Promise<void> {
    const { home } = page;
    if (!home) return log.warn('An answer was not delivered.', { page: page.id });
    const address = { partner: home.partner, number: home.ticket };
    log.warn('A page was not delivered.', {
      ticket: home.ticket,
      partner: home.partner,
      page: page.id,
      because: failure,
    });
    // A batch that is tried again says the same twice.
    if (isPage(page) && page.state === 'sent') metrics.addMetric('PagesNotDelivered', 'Count', 1);
    await commandCase({ store, clock, random }, address, ({ state, roster }, now) =>
      pageFailed(state, { pageId: page.id, failure, roster, now }),
    );
    if (isBundle(page)) await failOthers(page, failure);
  }

  /** Its message was that of other pages too: they failed with it, and what is still held goes out after all. */
  async function failOthers({ id: bundle, phone }: PhonePage, failure: string): Promise<void> {
    await untilNoConflict(random, async () => {
      const { phone: before } = await store.phones.read(phone);
      const now = clock.now();
      const { phone: after, bundle: lost } = bundleLost(before, bundle, now);
      await store.phones.put({ phone, before, after, shown: null, bundle: lost }, now);
    });
    for (const { partner, ticket: number } of (await store.phones.shown(phone)).filter(isRunning))
      await commandCase({ store, clock, random }, { partner, number }, ({ state, roster }, now) =>
        bundleFailed(state, { bundle, failure, roster, now }),
      );
  }
}

function unpacked(data: string): string {
  try {
    return gunzipSync(Buffer.from(data, 'base64')).toString('utf8');
  } catch {
    throw new Unreadable('The log batch is not gzip.');
  }
}

/** The carrier's words, without a phone number should they hold one: partners read why a page failed. */
function masked(response: string): string {
  return response.replace(/\+?\d(?:[\s().-]{0,2}\d){5,}/g, '(number)').slice(0, 200);
}
