import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { access, operation, respond } from '../operation.ts';
import { apiKey, apiKeyIn, apiKeysQuery, keyRevocation, keyRotation, newApiKey } from '../schemas/api-key.ts';
import { idParams, listOf } from '../schemas/common.ts';

/** Keys and the document of this API. */

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
  description: 'Never their secrets. `partner` narrows the list.',
  access: access.administer,
  query: apiKeysQuery,
  responses: { 200: respond('A page of keys, without their secrets.', listOf(apiKey)) },
  problems: ['bad_cursor'],
});

export const getApiKey = operation({
  id: 'getApiKey',
  method: 'GET',
  path: '/v1/api-keys/{id}',
  tag: 'API keys',
  summary: 'Read about an API key',
  description:
    'Every key may read about itself, also as `self`: what it may do, and until when. Admins read about all.',
  access: access.anyKey,
  params: idParams,
  responses: { 200: respond('The key, without its secret.', apiKey) },
  problems: ['not_found'],
});

export const rotateApiKey = operation({
  id: 'rotateApiKey',
  method: 'POST',
  path: '/v1/api-keys/{id}/rotate',
  tag: 'API keys',
  summary: 'Put a new key in the place of an API key',
  description:
    'The new key may do the same and is shown this once; the old one works until the overlap is over. A key with the scope `keys:rotate` rotates itself, also as `self`; admins rotate all.',
  access: access.rotateKeys,
  params: idParams,
  body: keyRotation,
  bodyOptional: true,
  responses: { 201: respond('The new key.', newApiKey, ['Location']) },
  problems: ['not_found', 'key_ended'],
  idempotent: 'secret',
});

export const revokeApiKey = operation({
  id: 'revokeApiKey',
  method: 'DELETE',
  path: '/v1/api-keys/{id}',
  tag: 'API keys',
  summary: 'Revoke an API key',
  description:
    'It alone stops working, within 60 seconds. What took its place by rotation works on, and is named in the answer: if the key had leaked, whoever found it may have rotated it.',
  access: access.administer,
  params: idParams,
  responses: {
    204: respond('It is revoked.', null),
    200: respond('It is revoked, and a successor still works.', keyRevocation),
  },
  problems: ['not_found'],
});

export const getOpenApi = operation({
  id: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  tag: 'Documentation',
  summary: 'This document',
  description: 'OpenAPI 3.1, for generators and tools; the readable page is /docs.',
  access: 'open',
  responses: {
    200: respond(
      'OpenAPI 3.1.',
      lazy(() => z.looseObject({ openapi: z.string() })),
    ),
  },
});
