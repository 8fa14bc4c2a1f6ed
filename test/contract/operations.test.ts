import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { routes } from '../../functions/api/routes/all.ts';
import { openApiDocument } from '../../shared/contract/openapi/document.ts';
import { packedOpenApi } from '../../shared/contract/openapi/packed.ts';
import { openApiFile, openApiText } from '../../shared/contract/openapi/write.ts';
import { operations } from '../../shared/contract/operations/all.ts';
import { problems } from '../../shared/contract/problems.ts';
import { unpack } from '../../shared/runtime/http-packed.ts';

test('every operation has exactly one handler, and every handler an operation', () => {
  expect(routes.map(({ operation }) => operation.id).sort()).toEqual(operations.map(({ id }) => id).sort());
});

test('no two operations share an id, or a method and path', () => {
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
  expect(new Set(operations.map(({ method, path }) => `${method} ${path}`)).size).toBe(operations.length);
});

test('every POST keeps an Idempotency-Key, and nothing else takes one', () => {
  for (const { id, method, idempotent } of operations)
    expect(idempotent !== null, id).toBe(method === 'POST');
});

describe('the OpenAPI document', () => {
  // biome-ignore lint/suspicious/noExplicitAny: it is looked into as JSON.
  const document = JSON.parse(JSON.stringify(openApiDocument())) as any;

  test('is the committed one: npm run openapi writes it', () => {
    expect(readFileSync(openApiFile, 'utf8')).toBe(openApiText());
    expect(unpack(packedOpenApi)).toEqual(document);
  });

  test('describes every operation with its parameters, its answers and its refusals', () => {
    for (const { id, method, path, responses, problems: own } of operations) {
      const described = document.paths[path]?.[method.toLowerCase()];
      expect(described?.operationId).toBe(id);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const named = (described.parameters ?? []).filter((one: { in?: string }) => one.in === 'path');
      expect(named.map(({ name }: { name: string }) => name)).toEqual(inPath);
      const statuses = [...Object.keys(responses), ...own.map((code) => String(problems[code].status))];
      expect(Object.keys(described.responses)).toEqual(expect.arrayContaining(statuses));
    }
  });

  test('lets answers gain fields, and requests have none that are unknown', () => {
    expect(document.components.schemas.Ticket).not.toHaveProperty('additionalProperties');
    expect(document.components.schemas.TicketIn.additionalProperties).toBe(false);
  });
});
