import * as z from 'zod';
import { eventTypeOut, eventTypeParams, eventTypeWhole } from '../events/catalogue.ts';
import { lazy } from '../lazy.ts';
import { access, operation, respond } from '../operation.ts';
import { apiKey, apiKeyIn, apiKeysQuery, newApiKey } from '../schemas/api-key.ts';
import { idParams, listOf } from '../schemas/common.ts';
import { newWebhook, webhook, webhookIn } from '../schemas/webhook.ts';

/** Keys, webhooks and the document of this API. */

export const createApiKey = operation({
  id: 'createApiKey',
  method: 'POST',
  path: '/v1/api-keys',
  tag: 'API keys',
  summary: 'Make an API key',
  description: 'For a partner or for somebody of the staff. The key is shown this once.',
  access: access.administer,
  body: apiKeyIn,
  responses: { 201: respond('The key.', newApiKey, ['Location']) },
  problems: ['unknown_reference'],
  idempotent: 'secret',
});

export const listApiKeys = operation({
  id: 'listApiKeys',
  method: 'GET',
  path: '/v1/api-keys',
  tag: 'API keys',
  summary: 'List API keys',
  access: access.administer,
  query: apiKeysQuery,
  responses: { 200: respond('A page of keys, without their secrets.', listOf(apiKey)) },
  problems: ['bad_cursor'],
});

export const revokeApiKey = operation({
  id: 'revokeApiKey',
  method: 'DELETE',
  path: '/v1/api-keys/{id}',
  tag: 'API keys',
  summary: 'Revoke an API key',
  description: 'It stops working within 60 seconds.',
  access: access.administer,
  params: idParams,
  responses: { 204: respond('It is revoked.', null) },
  problems: ['not_found'],
});

export const createWebhook = operation({
  id: 'createWebhook',
  method: 'POST',
  path: '/v1/webhooks',
  tag: 'Webhooks',
  summary: 'Have events sent to a URL',
  description:
    "Signed as Standard Webhooks describe. HTTPS and public addresses only. A partner's endpoint gets its own events, staff's endpoints get all.",
  access: access.writeWebhooks,
  body: webhookIn,
  responses: { 201: respond('The endpoint and its secret.', newWebhook, ['Location']) },
  problems: ['webhook_url_refused'],
  idempotent: 'secret',
});

export const listWebhooks = operation({
  id: 'listWebhooks',
  method: 'GET',
  path: '/v1/webhooks',
  tag: 'Webhooks',
  summary: 'List webhook endpoints',
  access: access.readWebhooks,
  responses: { 200: respond('All of them, without their secrets.', listOf(webhook)) },
});

export const getWebhook = operation({
  id: 'getWebhook',
  method: 'GET',
  path: '/v1/webhooks/{id}',
  tag: 'Webhooks',
  summary: 'Read a webhook endpoint',
  access: access.readWebhooks,
  params: idParams,
  responses: { 200: respond('The endpoint.', webhook) },
  problems: ['not_found'],
});

export const deleteWebhook = operation({
  id: 'deleteWebhook',
  method: 'DELETE',
  path: '/v1/webhooks/{id}',
  tag: 'Webhooks',
  summary: 'Delete a webhook endpoint',
  access: access.writeWebhooks,
  params: idParams,
  responses: { 204: respond('It is gone.', null) },
  problems: ['not_found'],
});

export const listEventTypes = operation({
  id: 'listEventTypes',
  method: 'GET',
  path: '/v1/event-types',
  tag: 'Webhooks',
  summary: 'List the events that there are',
  access: access.anyKey,
  responses: { 200: respond('All of them.', listOf(eventTypeOut)) },
});

export const getEventType = operation({
  id: 'getEventType',
  method: 'GET',
  path: '/v1/event-types/{type}',
  tag: 'Webhooks',
  summary: 'Read about an event, with the JSON Schema of its body',
  access: access.anyKey,
  params: eventTypeParams,
  responses: { 200: respond('The event.', eventTypeWhole) },
  problems: ['not_found'],
});

export const getOpenApi = operation({
  id: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  tag: 'Documentation',
  summary: 'This document',
  access: 'open',
  responses: {
    200: respond(
      'OpenAPI 3.1.',
      lazy(() => z.looseObject({ openapi: z.string() })),
    ),
  },
});
