import * as z from 'zod';
import type { EventType } from '../words.ts';
import { webhookBody } from './catalogue.ts';

/** The JSON Schema of a webhook body, whole in itself. Fields may be added to it: unknown ones are let through. */
export function jsonSchemaOf(type: EventType): Record<string, unknown> {
  const schema = z.toJSONSchema(webhookBody(type), {
    reused: 'inline',
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });
  return schema as Record<string, unknown>;
}
