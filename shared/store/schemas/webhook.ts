import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import { deliveryStatuses, deliveryTriggers } from '../../contract/words.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../domain/webhook/webhook.ts';
import type { LineRun, Recovery } from '../webhooks/types.ts';

export const endpointSchema = lazy(() => {
  const text = z.string();
  const maybe = text.nullable();
  return z.object({
    id: text,
    partner: maybe,
    url: text,
    eventTypes: z.array(text),
    description: maybe,
    payload: z.enum(['full', 'thin']),
    ignoredKey: maybe,
    secret: text,
    formerSecrets: z.array(z.object({ secret: text, until: text })),
    status: z.enum(['enabled', 'disabled']),
    disabledBecause: maybe,
    slow: z.boolean(),
    failingSince: maybe,
    warnedAt: maybe,
    seq: z.number(),
    head: text,
    createdAt: text,
    version: z.number(),
  }) satisfies z.ZodType<WebhookEndpoint>;
});

/** Deliveries in flight to an endpoint, and the batches that they came in, each until when it may be taken for lost. */
export const slotsSchema = lazy(() => {
  const held = z.record(z.string(), z.string());
  return z.object({ slots: held, batches: held });
});

export const deliverySchema = lazy(() => {
  const text = z.string();
  const maybe = text.nullable();
  const headers = z.record(text, text);
  const exchange = z.object({
    url: text,
    remoteAddress: maybe,
    requestHeaders: headers,
    response: z.object({ headers, body: text, truncated: z.boolean() }).nullable(),
  });
  return z.object({
    id: text,
    endpoint: text,
    partner: maybe,
    event: z.object({ id: text, type: text }),
    body: text,
    status: z.enum(deliveryStatuses),
    trigger: z.enum(deliveryTriggers),
    way: z.enum(['direct', 'line']),
    attempts: z.array(
      z.object({
        n: z.number(),
        at: text,
        trigger: z.enum(deliveryTriggers),
        statusCode: z.number().nullable(),
        errorCode: maybe,
        totalMs: z.number(),
        exchange: exchange.nullable(),
      }),
    ),
    triedBefore: z.number(),
    queuedAt: text,
    nextAttemptAt: maybe,
    createdAt: text,
    version: z.number(),
  }) satisfies z.ZodType<WebhookDelivery>;
});

export const hookCountSchema = lazy(() => z.object({ owner: z.string().nullable(), endpoints: z.number() }));

export const placeSchema = lazy(() => z.object({ delivery: z.string(), place: z.string() }));

export const lineRunSchema = lazy(
  () =>
    z.object({
      endpoint: z.string(),
      partner: z.string().nullable(),
      turn: z.number(),
      by: z.string().nullable(),
      takenUntil: z.string().nullable(),
      hanging: z.boolean().default(false),
    }) satisfies z.ZodType<LineRun>,
);

export const recoverySchema = lazy(
  () =>
    z.object({
      id: z.string(),
      endpoint: z.string(),
      partner: z.string().nullable(),
      since: z.string(),
      until: z.string(),
      statuses: z.array(z.enum(deliveryStatuses)),
      after: z.string().nullable(),
      turn: z.number(),
    }) satisfies z.ZodType<Recovery>,
);
