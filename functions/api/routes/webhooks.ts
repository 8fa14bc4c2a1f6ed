import { setTimeout as wait } from 'node:timers/promises';
import * as operations from '../../../shared/contract/operations/webhooks.ts';
import { eventTypes } from '../../../shared/contract/words.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { shortened } from '../../../shared/domain/webhook/attempt-log.ts';
import { bodyOf, bodyTextOf } from '../../../shared/domain/webhook/body.ts';
import { again, recoverable, testDelivery } from '../../../shared/domain/webhook/delivery.ts';
import { endpointsAnOwner, rotated } from '../../../shared/domain/webhook/endpoint.ts';
import { disabled, type EndpointChange, enabled } from '../../../shared/domain/webhook/health.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../../shared/domain/webhook/webhook.ts';
import { checkWebhookUrl } from '../../../shared/effects/address-guard.ts';
import { empty, json, Refusal } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import { genesis } from '../../../shared/store/chain.ts';
import type { Recorded } from '../../../shared/store/types/idempotency.ts';
import { type Call, type Route, route } from '../call.ts';
import { etagOf, mustMatch } from '../etag.ts';
import { auditOf, known, recorded, there } from '../lookups.ts';
import { byId, paged } from '../paged.ts';
import { presentDelivery, presentDeliveryWithBody, presentWebhook } from '../present/webhook.ts';

/** Longer than an attempt takes, and within the time of a request. */
const testSeconds = 17;
const askAgainMs = 50;
/** As much as a list is allowed to lag. */
const heldBackSeconds = 5;
/** Within the time of a request. */
const countingSeconds = 5;

export const webhooks: Route[] = [
  route(operations.createWebhook, async (call) => {
    const { body, caller, desk, now } = call;
    await checkUrl(desk, body.url);
    const { ignoreOwn, ...settings } = body;
    const endpoint: WebhookEndpoint = {
      ...settings,
      id: desk.random.id('whe'),
      partner: ownerOf(caller),
      ignoredKey: ignoreOwn ? caller.line : null,
      secret: newSecret(desk.random),
      formerSecrets: [],
      ...{ status: 'enabled', disabledBecause: null, slow: true, failingSince: null, warnedAt: null },
      ...{ seq: 0, head: genesis, createdAt: now, version: 1 },
    };
    const shown = { ...presentWebhook(endpoint, now), secret: endpoint.secret };
    const headers = { location: `/v1/webhooks/${endpoint.id}`, etag: etagOf(endpoint) };
    const answer = json(201, shown, headers);
    return async (keep) => {
      const audit = recorded(call, keep, () => answer);
      if (!(await desk.store.webhooks.create(endpoint, audit)))
        throw new Refusal('too_many_webhooks', `There are ${endpointsAnOwner} already: delete one first.`);
      return answer;
    };
  }),

  route(operations.listWebhooks, async ({ query, caller, now, desk: { store } }) => {
    const owner = ownerOf(caller);
    const endpoints = await store.webhooks.list(owner);
    const shown = endpoints.map((endpoint) => presentWebhook(endpoint, now));
    return json(200, paged(shown, query, ['webhooks', owner], byId));
  }),

  route(operations.getWebhook, async (call) => shown(await endpointOf(call), call)),

  route(operations.updateWebhook, async (call) => {
    const { ignoreOwn, ...settings } = call.body;
    if (settings.url !== undefined) {
      await endpointOf(call);
      await checkUrl(call.desk, settings.url);
    }
    const changed = await change(call, (endpoint) => {
      mustMatch(call, etagOf(endpoint));
      const moved = settings.url !== undefined && settings.url !== endpoint.url;
      return {
        ...endpoint,
        ...settings,
        ...(ignoreOwn !== undefined && { ignoredKey: ignoreOwn ? call.caller.line : null }),
        // Nothing is known of another address yet.
        slow: endpoint.slow || moved,
      };
    });
    return shown(changed, call);
  }),

  route(operations.deleteWebhook, async (call) => {
    const { params, caller, desk } = call;
    there((await desk.store.webhooks.remove(ownerOf(caller), params.id, auditOf(call))) || null, 'webhook');
    return empty(204);
  }),

  route(operations.rotateSecret, async (call) => {
    await endpointOf(call);
    const secret = newSecret(call.desk.random);
    const { now } = call;
    const overlapSeconds = call.body.overlapHours * 3600;
    const answer = (changed: WebhookEndpoint) => json(200, { ...presentWebhook(changed, now), secret });
    return async (keep) => {
      const decide = (endpoint: WebhookEndpoint) => rotated(endpoint, secret, { now, overlapSeconds });
      return answer(await change(call, decide, recorded(call, keep, answer)));
    };
  }),

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

  route(operations.enableWebhook, async (call) => {
    await endpointOf(call);
    const decide = (endpoint: WebhookEndpoint) => (endpoint.status === 'enabled' ? null : enabled(endpoint));
    const answer = (changed: WebhookEndpoint) => shown(changed, call);
    return async (keep) => answer(await change(call, decide, recorded(call, keep, answer)));
  }),

  route(operations.disableWebhook, async (call) => {
    await endpointOf(call);
    const because = `${call.caller.actor.name} disabled it.`;
    const decide = (endpoint: WebhookEndpoint) =>
      endpoint.status === 'disabled' ? null : disabled(endpoint, because);
    const answer = (changed: WebhookEndpoint) => shown(changed, call);
    return async (keep) => answer(await change(call, decide, recorded(call, keep, answer)));
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
    const type = there(eventTypes.find((one) => one === params.type) ?? null, 'event type');
    const { wholeType } = await import('../event-types.ts');
    return json(200, wholeType(type));
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

type OneCall = Pick<Call<{ id: string }>, 'params' | 'caller' | 'desk' | 'now'>;

const ownerOf = (caller: Call['caller']): string | null => caller.partner?.id ?? null;

async function endpointOf({ params, caller, desk }: OneCall): Promise<WebhookEndpoint> {
  return there(await desk.store.webhooks.read(ownerOf(caller), params.id), 'webhook');
}

async function deliveryOf({ params, caller, desk }: OneCall): Promise<WebhookDelivery> {
  const found = await desk.store.webhooks.delivery(params.id);
  return there(found?.partner === ownerOf(caller) ? found : null, 'delivery');
}

/** Settings alone, or a whole change with its events and timers; null changes nothing. */
async function change(
  call: OneCall,
  decide: (endpoint: WebhookEndpoint) => WebhookEndpoint | EndpointChange | null,
  audit: Recorded<WebhookEndpoint> = auditOf(call),
): Promise<WebhookEndpoint> {
  const { params, caller, desk } = call;
  const changed = await desk.store.webhooks.change(
    ownerOf(caller),
    params.id,
    (endpoint) => {
      const to = decide(endpoint);
      return to === null || 'events' in to ? to : { endpoint: to, events: [], timers: [] };
    },
    audit,
  );
  return there(changed, 'webhook');
}

async function checkUrl({ webhookLocalOrigin, resolve }: Call['desk'], url: string): Promise<void> {
  const checked = await checkWebhookUrl(url, {
    localOrigin: webhookLocalOrigin,
    atCreation: true,
    ...(resolve ? { resolve } : {}),
  });
  if (checked.ok) return;
  throw new Refusal('webhook_url_refused', checked.because, {
    errors: [{ field: 'url', message: checked.because }],
  });
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

const newSecret = (random: Random): string => `whsec_${Buffer.from(random.bytes(24)).toString('base64')}`;

function shown(endpoint: WebhookEndpoint, { now }: Pick<Call, 'now'>) {
  return json(200, presentWebhook(endpoint, now), { etag: etagOf(endpoint) });
}
