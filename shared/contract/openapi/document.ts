import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import { catalogue, webhookBody } from '../events/catalogue.ts';
import { lazy } from '../lazy.ts';
import type { Operation, ResponseSpec } from '../operation.ts';
import { operations } from '../operations/all.ts';
import { type ProblemCode, problems } from '../problems.ts';
import { problem } from '../schemas/problem.ts';
import { type EventType, eventTypes } from '../words.ts';
import { problemExamples, withExamples } from './examples.ts';
import { files } from './files.ts';
import { headers, headersOfAnswer, headersOfRefusal } from './headers.ts';
import { tagsOf } from './tags.ts';

/** The OpenAPI document, made from the operations. Never part of a function's bundle: `write.ts` keeps it as a file. */

const always: readonly ProblemCode[] = ['busy', 'internal'];
const withKey: readonly ProblemCode[] = ['unauthenticated', 'forbidden', 'invalid_request'];
const withBody: readonly ProblemCode[] = ['malformed_json', 'unsupported_media_type', 'body_too_large'];

/** Every refusal that an operation may answer with. */
export function problemsOf(operation: Operation): ProblemCode[] {
  const codes = [
    ...operation.problems,
    ...(operation.access === 'open' ? [] : withKey),
    ...(operation.rateLimit ? (['rate_limited'] as const) : []),
    ...(operation.body ? withBody : []),
    ...(operation.method === 'GET' ? [] : (['conflict'] as const)),
    ...(operation.idempotent ? (['idempotency_key_reused'] as const) : []),
    ...(operation.idempotent === 'claim' || operation.idempotent === 'secret'
      ? (['idempotency_in_progress'] as const)
      : []),
    ...always,
  ];
  return [...new Set(codes)];
}

const idempotencyKey = lazy(() =>
  z
    .string()
    .min(1)
    .max(255)
    .exactOptional()
    .meta({
      description: 'Makes a repetition safe: the same key and body get the first answer again.',
      param: { id: 'IdempotencyKey', name: 'Idempotency-Key', in: 'header' },
    }),
);

const ifMatch = lazy(() =>
  z
    .string()
    .exactOptional()
    .meta({
      description: 'The ETag that was read; 412 when it has changed since.',
      param: { id: 'IfMatch', name: 'If-Match', in: 'header' },
    }),
);

export function openApiDocument() {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: described(operation),
    };
  }
  const document = createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Nightdesk',
        version: '1',
        description:
          'The support desk of an e-mail security provider: tickets, emergencies with an acknowledgement promise, on-call staff and signed webhooks. JSON; instants are ISO 8601 in UTC; lists are `{data, nextCursor}`; every refusal is application/problem+json, with its `requestId`. What is left of a key’s requests a minute stands in `RateLimit` and `RateLimit-Policy` of each answer that counts (`x-rate-limit` of an operation says which of them it counts as; escalations are never counted); `Retry-After` is in seconds.',
      },
      servers: [{ url: '/' }],
      security: [{ apiKey: [] }],
      tags: tagsOf(operations),
      paths: { ...paths, ...files() },
      webhooks: Object.fromEntries(eventTypes.map((type) => [type, { post: sent(type) }])),
      components: {
        headers,
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `nd_<id>_<secret>`.' },
        },
      },
    },
    {
      // Answers may gain fields: a client that refuses unknown ones would break.
      override: ({ jsonSchema, io }) => {
        if (io === 'output') delete jsonSchema.additionalProperties;
      },
    },
  );
  return withExamples(document);
}

function described(operation: Operation): ZodOpenApiOperationObject {
  const { id, tag, summary, description, body, bodyOptional, responses, method } = operation;
  const taken = [
    ...(operation.idempotent ? [idempotencyKey()] : []),
    ...(operation.ifMatch ? [ifMatch()] : []),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description ? { description } : {}),
    ...(operation.access === 'open' ? { security: [] } : {}),
    ...accessOf(operation),
    requestParams: {
      path: operation.params() as z.ZodObject,
      ...(method === 'GET' ? { query: operation.query() as z.ZodObject } : {}),
    },
    ...(taken.length > 0 ? { parameters: taken } : {}),
    ...(body
      ? { requestBody: { required: !bodyOptional, content: { 'application/json': { schema: body() } } } }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(responses).map(([status, spec]) => [status, answer(operation, spec)]),
      ),
      ...refusals(operation),
    },
  };
}

function sent(type: EventType): ZodOpenApiOperationObject {
  return {
    operationId: type,
    tags: ['Webhooks'],
    summary: catalogue[type].summary,
    description: 'Sent by POST to your endpoint, signed as Standard Webhooks describe.',
    security: [],
    requestBody: { content: { 'application/json': { schema: webhookBody(type) } } },
    responses: { '2XX': { description: 'Taken. Anything else is tried again on the published schedule.' } },
  };
}

function accessOf({ access, rateLimit }: Operation): Record<`x-${string}`, unknown> {
  if (access === 'open') return {};
  const limits = rateLimit ? { 'x-rate-limit': rateLimit } : {};
  return { 'x-who': access.who, ...(access.scope ? { 'x-scope': access.scope } : {}), ...limits };
}

function answer(operation: Operation, spec: ResponseSpec) {
  const { description, body, also } = spec;
  return {
    description,
    headers: headersOfAnswer(operation, spec),
    ...(body
      ? {
          content: {
            'application/json': { schema: body() },
            ...(also ? { [also]: { schema: { type: 'string' as const } } } : {}),
          },
        }
      : {}),
  };
}

function refusals(operation: Operation) {
  const byStatus = Map.groupBy(problemsOf(operation), (code) => problems[code].status);
  return Object.fromEntries([...byStatus].map(([status, codes]) => [String(status), refusal(codes)]));
}

const refusalsMade = new Map<string, ZodOpenApiResponseObject>();

/** The same codes are the same component. */
function refusal(codes: readonly ProblemCode[]): ZodOpenApiResponseObject {
  const id = codes.join('.');
  const known = refusalsMade.get(id);
  if (known) return known;
  const titles = codes.map((code) => `\`${code}\`: ${problems[code].title}.`);
  const made = {
    id,
    description: titles.join(' '),
    headers: headersOfRefusal(codes),
    content: {
      'application/problem+json': { schema: problem(), examples: problemExamples(codes) },
    },
  };
  refusalsMade.set(id, made);
  return made;
}
