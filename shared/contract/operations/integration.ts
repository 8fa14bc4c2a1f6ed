import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { access, operation, respond } from '../operation.ts';
import { apiKey, apiKeyIn, apiKeysQuery, newApiKey } from '../schemas/api-key.ts';
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
