import * as operations from '../../../shared/contract/operations/webhooks.ts';
import {
  endpointsAnOwner,
  newEndpoint,
  rotated,
  withSettings,
} from '../../../shared/domain/webhook/endpoint.ts';
import { disabled, type EndpointChange, enabled } from '../../../shared/domain/webhook/health.ts';
import type { WebhookEndpoint } from '../../../shared/domain/webhook/webhook.ts';
import { empty, json, Refusal } from '../../../shared/runtime/http.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import { genesis } from '../../../shared/store/chain.ts';
import type { Recorded } from '../../../shared/store/types/idempotency.ts';
import { type Call, type Route, route } from '../call.ts';
import { etagOf, mustMatch } from '../etag.ts';
import { auditOf, recorded, there } from '../lookups.ts';
import { byId, paged } from '../paged.ts';
import { presentWebhook } from '../present/webhook.ts';

export const webhooks: Route[] = [
  route(operations.createWebhook, async (call) => {
    const { body, caller, desk, now } = call;
    await checkUrl(desk, body.url);
    const { ignoreOwn, ...settings } = body;
    const endpoint = newEndpoint(settings, {
      id: desk.random.id('whe'),
      partner: ownerOf(caller),
      ignoredKey: ignoreOwn ? caller.firstKey : null,
      secret: newSecret(desk.random),
      ...{ head: genesis, createdAt: now },
    });
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
      const ignored = ignoreOwn === undefined ? {} : { ignoredKey: ignoreOwn ? call.caller.firstKey : null };
      return withSettings(endpoint, { ...settings, ...ignored });
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
];

export type OneCall = Pick<Call<{ id: string }>, 'params' | 'caller' | 'desk' | 'now'>;

export const ownerOf = (caller: Call['caller']): string | null => caller.partner?.id ?? null;

export async function endpointOf({ params, caller, desk }: OneCall): Promise<WebhookEndpoint> {
  return there(await desk.store.webhooks.read(ownerOf(caller), params.id), 'webhook');
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
  const { checkWebhookUrl } = await import('../../../shared/effects/address-guard.ts');
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

const newSecret = (random: Random): string => `whsec_${Buffer.from(random.bytes(24)).toString('base64')}`;

function shown(endpoint: WebhookEndpoint, { now }: Pick<Call, 'now'>) {
  return json(200, presentWebhook(endpoint, now), { etag: etagOf(endpoint) });
}
