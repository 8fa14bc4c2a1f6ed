import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { consolePaths } from '../console.ts';

/** What of the console is a file and part of the API's document: not JSON, and opened without a key. */
export function files(): ZodOpenApiPathsObject {
  return {
    [consolePaths.pager]: {
      get: {
        operationId: 'getPagerContact',
        tags: ['On call'],
        summary: 'The number that pages come from, as a contact',
        description: 'For a phone, which then can let that contact through do-not-disturb. No key is needed.',
        security: [],
        responses: {
          200: {
            description: 'A vCard 3.0.',
            content: { 'text/vcard': { schema: { type: 'string' } } },
          },
          404: {
            description: 'This desk sends no pages from a number of its own.',
            content: { 'text/html': { schema: { type: 'string' } } },
          },
        },
      },
    },
  };
}
