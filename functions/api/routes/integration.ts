import { catalogue } from '../../../shared/contract/events/catalogue.ts';
import { jsonSchemaOf } from '../../../shared/contract/events/json-schema.ts';
import * as operations from '../../../shared/contract/operations/integration.ts';
import { eventTypes } from '../../../shared/contract/words.ts';
import type { ApiKey } from '../../../shared/domain/directory.ts';
import type { WebhookEndpoint } from '../../../shared/domain/webhook/webhook.ts';
import { checkWebhookUrl } from '../../../shared/effects/address-guard.ts';
import { makeApiKey } from '../../../shared/runtime/api-key.ts';
import { empty, json, Refusal } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import { openRoute, type Route, route } from '../call.ts';
import { known, there } from '../lookups.ts';

export const integration: Route[] = [
  route(operations.createApiKey, async ({ body, desk: { store, random }, now }) => {
    if (body.expiresAt !== null && body.expiresAt <= now) {
      throw invalid([{ field: 'expiresAt', message: 'must be in the future' }]);
    }
    if (body.partner)
      known(await store.directory.partner(body.partner, { fresh: true }), 'partner', body.partner);
    if (body.staff) known(await store.directory.staffMember(body.staff), 'staff', body.staff);
    const { key, record } = makeApiKey(random, { ...body, createdAt: now });
    return async () => {
      await store.keys.put(record);
      return json(201, { ...presentKey(record), key }, { location: `/v1/api-keys/${record.id}` });
    };
  }),

  route(operations.listApiKeys, async ({ query, desk: { store } }) => {
    const found = await store.keys.list(query);
    return json(200, { ...found, data: found.data.map(presentKey) });
  }),

  route(operations.revokeApiKey, async ({ params, desk: { store }, now }) => {
    there(await store.keys.revoke(params.id, now), 'API key');
    return empty(204);
  }),

  route(operations.createWebhook, async ({ body, caller, desk, now }) => {
    const { store, random, webhookLocalOrigin, resolve } = desk;
    const checked = await checkWebhookUrl(body.url, {
      localOrigin: webhookLocalOrigin,
      atCreation: true,
      ...(resolve ? { resolve } : {}),
    });
    if (!checked.ok) {
      throw new Refusal('webhook_url_refused', checked.because, {
        errors: [{ field: 'url', message: checked.because }],
      });
    }
    const endpoint: WebhookEndpoint = {
      ...body,
      id: random.id('whe'),
      partner: caller.partner?.id ?? null,
      secret: `whsec_${Buffer.from(random.bytes(24)).toString('base64')}`,
      status: 'enabled',
      disabledBecause: null,
      createdAt: now,
    };
    return async () => {
      await store.webhooks.create(endpoint);
      const shown = { ...presentWebhook(endpoint), secret: endpoint.secret };
      return json(201, shown, { location: `/v1/webhooks/${endpoint.id}` });
    };
  }),

  route(operations.listWebhooks, async ({ caller, desk: { store } }) => {
    const endpoints = await store.webhooks.list(caller.partner?.id ?? null);
    return json(200, { data: endpoints.map(presentWebhook), nextCursor: null });
  }),

  route(operations.getWebhook, async ({ params, caller, desk: { store } }) =>
    json(
      200,
      presentWebhook(there(await store.webhooks.read(caller.partner?.id ?? null, params.id), 'webhook')),
    ),
  ),

  route(operations.deleteWebhook, async ({ params, caller, desk: { store } }) => {
    there((await store.webhooks.remove(caller.partner?.id ?? null, params.id)) || null, 'webhook');
    return empty(204);
  }),

  route(operations.listEventTypes, async () => {
    const data = eventTypes.map((type) => ({ type, summary: catalogue[type].summary }));
    return json(200, { data, nextCursor: null });
  }),

  route(operations.getEventType, async ({ params }) => {
    const type = there(eventTypes.find((one) => one === params.type) ?? null, 'event type');
    return json(200, { type, summary: catalogue[type].summary, schema: jsonSchemaOf(type) });
  }),

  openRoute(operations.getOpenApi, async () => {
    const { openApiDocument } = await import('../openapi.ts');
    return { status: 200, body: openApiDocument, headers: { 'content-type': 'application/json' } };
  }),
];

function presentKey({ id, partner, staff, scopes, createdAt, expiresAt, revokedAt }: ApiKey) {
  return { id, partner, staff, scopes, createdAt, expiresAt, revokedAt };
}

function presentWebhook(endpoint: WebhookEndpoint) {
  const { id, url, eventTypes, description, status, disabledBecause, createdAt } = endpoint;
  return { id, url, eventTypes, description, status, disabledBecause, createdAt };
}
