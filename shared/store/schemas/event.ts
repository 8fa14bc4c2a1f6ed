import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import { eventTypes } from '../../contract/words.ts';
import type { Actor, TicketEvent } from '../../domain/event.ts';

export const actorSchema = lazy(
  () =>
    z.object({
      kind: z.enum(['partner', 'staff', 'system']),
      id: z.string(),
      name: z.string(),
    }) satisfies z.ZodType<Actor>,
);

export const eventSchema = lazy(() => {
  const text = z.string();
  return z.object({
    id: text,
    ticket: text.nullable(),
    partner: text.nullable(),
    seq: z.number(),
    type: z.enum(eventTypes),
    at: text,
    actor: actorSchema(),
    data: z.record(text, z.unknown()),
    internal: z.boolean(),
    key: text.exactOptional(),
    salt: text.nullable(),
    dataHash: text,
    prevHash: text,
    hash: text,
    text,
  }) satisfies z.ZodType<TicketEvent>;
});
