import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, test } from 'vitest';
import { openApiFile } from '../../shared/contract/openapi/write.ts';
import { operations } from '../../shared/contract/operations/all.ts';

const source = readFileSync(openApiFile, 'utf8');

/** What Redocly finds and we keep, each with its reason. */
const kept: Record<string, string> = {
  'operation-4xx-response #/paths/~1openapi.json/get/responses': 'It refuses nobody.',
  'operation-4xx-problem-details-rfc7807 #/paths/~1v1~1pager.vcf/get/responses/404':
    'It is opened by people, on a phone, and answers them with a screen.',
};

test('the committed document is sound by Redocly’s strict rules, examples included', async () => {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: {
      'info-license': 'off',
      'operation-description': 'error',
      'operation-4xx-problem-details-rfc7807': 'error',
      'no-invalid-media-type-examples': 'error',
      'no-invalid-parameter-examples': 'error',
      'no-invalid-schema-examples': 'error',
      'tag-description': 'error',
    },
  });
  const found = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  const told = found
    .map(({ ruleId, message, location }) => ({ at: `${ruleId} ${location[0]?.pointer}`, message }))
    .filter(({ at }) => !(at in kept));
  expect(told).toEqual([]);
});

interface Media {
  example?: unknown;
  examples?: Record<string, unknown>;
}
interface Described {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { in?: string; example?: unknown }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { $ref?: string; content?: Record<string, Media> }>;
}

describe.each(operations.map(({ id, method, path }) => [id, method, path] as const))(
  '%s',
  (_id, method, path) => {
    const document = JSON.parse(source);
    const described: Described = document.paths[path][method.toLowerCase()];

    test('has a summary, a description, a group, and an example of all that goes in and comes out', () => {
      expect(described.summary).toMatch(/\S/);
      expect(described.description).toMatch(/\.$/);
      expect(described.tags).toHaveLength(1);
      for (const parameter of described.parameters ?? [])
        if (parameter.in === 'path') expect(parameter.example).toBeDefined();
      const responses = Object.values(described.responses).map(({ $ref, ...own }) =>
        $ref ? document.components.responses[$ref.split('/').at(-1) ?? ''] : own,
      );
      for (const { content = {} } of [described.requestBody ?? {}, ...responses])
        for (const [type, { example, examples }] of Object.entries(content as Record<string, Media>))
          expect(example ?? Object.values(examples ?? {})[0], type).toBeDefined();
    });
  },
);
