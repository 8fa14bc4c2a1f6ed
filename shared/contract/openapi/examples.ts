import { exampleOf, type JsonSchema } from '../example.ts';
import { type ProblemCode, problems } from '../problems.ts';
import { words } from './words.ts';

/** Examples for all that an OpenAPI document says of bodies and parameters, so that no operation can be without. */

interface Media {
  schema?: JsonSchema;
  example?: unknown;
  examples?: unknown;
}
interface Described {
  operationId: string;
  parameters?: { name?: string; in?: string; schema?: JsonSchema; example?: unknown }[];
  requestBody?: { content?: Record<string, Media> };
  responses?: Record<string, { content?: Record<string, Media> }>;
}
type Methods = Record<string, Described>;
interface Documented {
  paths?: Record<string, Methods>;
  webhooks?: Record<string, Methods>;
  components?: { schemas?: Record<string, JsonSchema> };
}

/** Puts an example beside every schema of a body, and at every parameter of a path. */
export function withExamples<T extends object>(document: T): T {
  const { paths, webhooks, components } = document as Documented;
  const defs = components?.schemas ?? {};
  const give = (operationId: string, media: Record<string, Media> = {}) => {
    for (const each of Object.values(media)) {
      if (!each.schema || each.examples || each.example !== undefined) continue;
      each.example = exampleOf(each.schema, { words: wordsOf(operationId), defs });
    }
  };
  for (const methods of Object.values({ ...paths, ...webhooks })) {
    for (const { operationId, parameters = [], requestBody, responses = {} } of Object.values(methods)) {
      give(operationId, requestBody?.content);
      for (const { content } of Object.values(responses)) give(operationId, content);
      for (const each of parameters) {
        if (each.in === 'path' && each.schema && each.name)
          each.example = exampleOf(
            each.schema,
            { words: wordsOf(operationId), defs },
            {
              path: [each.name],
              owner: operationId,
            },
          );
      }
    }
  }
  return document;
}

function wordsOf(operationId: string): Record<string, unknown> {
  return { ...words, type: operationId.includes('.') ? operationId : words.type };
}

/** A refusal as it is answered, for each of these codes. */
export function problemExamples(codes: readonly ProblemCode[]) {
  return Object.fromEntries(
    codes.map((code) => {
      const { status, title } = problems[code];
      const value = {
        type: `https://desk.example/docs/problems/${code}`,
        title,
        status,
        code,
        detail: `${title}.`,
        requestId: '4b1c7f9e-52f0-4d0e-9b57-2f6f0c1b7d11',
        errors: code === 'invalid_request' ? [{ field: 'subject', message: 'must not be empty' }] : [],
        ...(code === 'nightly_cap_reached' ? { phone: '+1 202 555 0199' } : {}),
      };
      return [code, { summary: title, value }];
    }),
  );
}
