import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../domain/webhook/webhook.ts';

export const endpointSchema = lazy(() => {
  const text = z.string();
  const maybe = text.nullable();
  return z.object({
    id: text,
    partner: maybe,
    url: text,
    eventTypes: z.array(text),
    description: maybe,
    secret: text,
    status: z.enum(['enabled', 'disabled']),
    disabledBecause: maybe,
    createdAt: text,
  }) satisfies z.ZodType<WebhookEndpoint>;
});

export const deliverySchema = lazy(() => {
  const text = z.string();
  const maybe = text.nullable();
  return z.object({
    id: text,
    endpoint: text,
    partner: maybe,
    event: z.object({ id: text, type: text }),
    body: text,
    status: z.enum(['queued', 'waiting', 'delivered', 'failed', 'skipped']),
    attempts: z.array(
      z.object({
        n: z.number(),
        at: text,
        trigger: z.enum(['event', 'schedule']),
        statusCode: z.number().nullable(),
        errorCode: maybe,
        totalMs: z.number(),
      }),
    ),
    nextAttemptAt: maybe,
    createdAt: text,
    version: z.number(),
  }) satisfies z.ZodType<WebhookDelivery>;
});
