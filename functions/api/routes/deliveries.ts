import { setTimeout as wait } from 'node:timers/promises';
import * as operations from '../../../shared/contract/operations/webhooks.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { shortened } from '../../../shared/domain/webhook/attempt-log.ts';
import { bodyOf, bodyTextOf } from '../../../shared/domain/webhook/body.ts';
import { again, recoverable, testDelivery } from '../../../shared/domain/webhook/delivery.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../../shared/domain/webhook/webhook.ts';
import { json, Refusal } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import { type Call, type Route, route } from '../call.ts';
import { known, there } from '../lookups.ts';
import { paged } from '../paged.ts';
import { presentDelivery, presentDeliveryWithBody } from '../present/webhook.ts';
import { endpointOf, type OneCall, ownerOf } from './webhooks.ts';

/** Longer than an attempt takes, and within the time of a request. */
const testSeconds = 17;
const askAgainMs = 50;
/** As much as a list is allowed to lag. */
const heldBackSeconds = 5;
/** Within the time of a request. */
const countingSeconds = 5;

export const deliveries: Route[] = [
  route(operations.testWebhook, async (call) => {
    const endpoint = await endpointOf(call);
    const { body, desk, now } = call;
    return async () => {
      const { store, random } = desk;
      const { exampleEvent } = await import('../event-types.ts');
      const event = exampleEvent(body.type, { id: random.id('evt_test'), at: now });
      const made = { id: random.id('whd'), body: bodyTextOf(event, endpoint.payload), now };
      const delivery = testDelivery(endpoint, event, made);
      await store.webhooks.addDeliveries([delivery], now);
      return json(200, presentDeliveryWithBody(await whenAttempted(call, delivery)));
    };
  }),

  route(operations.recoverWebhook, async (call) => {
    const { body, desk, now } = call;
    const { store, random } = desk;
    const endpoint = await endpointOf(call);
    const latest = addSeconds(now, -heldBackSeconds);
    const until = body.until !== undefined && body.until < latest ? body.until : latest;
    if (body.since > (body.until ?? now))
      throw invalid([{ field: 'until', message: 'must not be before since' }]);
    const { since, statuses, dryRun } = body;
    if (!dryRun) mustBeEnabled(endpoint);
    const range = { endpoint: endpoint.id, since, until, after: null };
    const { count, counted } = await countOf(desk, range, statuses);
    const answer = json(202, { webhook: endpoint.id, since, until, statuses, dryRun, count, counted });
    return async () => {
      const recovery = { ...range, id: random.id('rec'), partner: endpoint.partner, statuses, turn: 1 };
      const some = count > 0 || counted === 'at_least';
      if (!dryRun && some) await store.webhooks.createRecovery(recovery);
      return answer;
    };
  }),

  route(operations.listDeliveries, async (call) => {
    const { id } = await endpointOf(call);
    const found = await call.desk.store.webhooks.deliveries({ ...call.query, endpoint: id });
    return json(200, { ...found, data: found.data.map(presentDelivery) });
  }),

  route(operations.getDelivery, async (call) => json(200, presentDeliveryWithBody(await deliveryOf(call)))),

  route(operations.retryDelivery, async (call) => {
    const { desk, caller, now } = call;
    const delivery = await deliveryOf(call);
    const endpoint = there(await desk.store.webhooks.read(ownerOf(caller), delivery.endpoint), 'webhook');
    if (delivery.trigger !== 'test') mustBeEnabled(endpoint);
    return async () => {
      const wanted = again(delivery, 'manual', now);
      const queued = wanted ? await desk.store.webhooks.commitDelivery(wanted, now) : delivery;
      return json(202, presentDeliveryWithBody({ ...queued, attempts: shortened(queued.attempts) }));
    };
  }),

  route(operations.listEventTypes, async ({ query }) => {
    const { summaries } = await import('../event-types.ts');
    return json(
      200,
      paged(summaries(), query, ['event types'], ({ type }) => type),
    );
  }),

  route(operations.getEventType, async ({ params }) => {
    const { wholeType } = await import('../event-types.ts');
    return json(200, there(wholeType(params.type), 'event type'));
  }),

  route(operations.listEvents, async ({ query, caller, desk: { store } }) => {
    const { partner: asked, ...page } = query;
    if (caller.partner && asked !== undefined && asked !== caller.partner.id)
      throw new Refusal('forbidden', "Other partners' events are not yours to read.");
    if (caller.staff && asked !== undefined) known(await store.directory.partner(asked), 'partner', asked);
    const of = caller.partner?.id ?? asked ?? null;
    const found = await store.events.list({ ...page, of, internal: caller.staff !== null });
    return json(200, { ...found, data: found.data.map((event) => bodyOf(event, 'full')) });
  }),
];

async function deliveryOf({ params, caller, desk }: OneCall): Promise<WebhookDelivery> {
  const found = await desk.store.webhooks.delivery(params.id);
  return there(found?.partner === ownerOf(caller) ? found : null, 'delivery');
}

function mustBeEnabled({ status }: WebhookEndpoint): void {
  if (status === 'enabled') return;
  throw new Refusal('webhook_disabled', 'Enable the endpoint first: nothing is sent to it now.');
}

/** How many a recovery would bring back, as far as the time of a request allows to count. */
async function countOf(
  { store }: Call['desk'],
  range: Parameters<typeof store.webhooks.deliveriesBetween>[0],
  statuses: readonly string[],
): Promise<{ count: number; counted: 'all' | 'at_least' }> {
  const began = performance.now();
  let count = 0;
  if (range.since > range.until) return { count, counted: 'all' };
  for await (const page of store.webhooks.deliveriesBetween(range, 100)) {
    count += page.filter((delivery) => recoverable(delivery, statuses)).length;
    if (performance.now() - began > countingSeconds * 1000) return { count, counted: 'at_least' };
  }
  return { count, counted: 'all' };
}

/** The attempt is made elsewhere; past its time the delivery is shown as it is. */
async function whenAttempted({ desk }: Pick<Call, 'desk'>, made: WebhookDelivery): Promise<WebhookDelivery> {
  const until = performance.now() + (desk.testSeconds ?? testSeconds) * 1000;
  for (;;) {
    const delivery = (await desk.store.webhooks.delivery(made.id)) ?? made;
    if (delivery.status !== 'queued' || performance.now() > until) return delivery;
    await wait(askAgainMs);
  }
}
