import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { eventTypes } from '../words.ts';
import { instant } from './common.ts';

/** Who did it; `id` of a partner or of somebody of the staff. */
export const actor = lazy(() =>
  z
    .object({ kind: z.enum(['partner', 'staff', 'system']), id: z.string(), name: z.string() })
    .meta({ id: 'Actor' }),
);

const hash = () => z.string().regex(/^[0-9a-f]{64}$/);

/**
 * An event of a ticket's chain: enough to check every hash by oneself. `dataHash` is SHA-256 of the salt's
 * bytes and the canonical JSON of `data`; `hash` that of all members but data, salt and text.
 */
export const ticketEvent = lazy(() =>
  z
    .object({
      id: z.string(),
      seq: z.int(),
      type: z.enum(eventTypes),
      at: instant(),
      ticket: z.string(),
      partner: z.string(),
      actor: actor(),
      internal: z.boolean(),
      text: z.string().nullable(),
      data: z
        .record(z.string(), z.unknown())
        .nullable()
        .meta({ description: 'null where the reader may not see it; the hashes still check.' }),
      salt: z.string().nullable(),
      dataHash: hash(),
      prevHash: z.string(),
      hash: hash(),
    })
    .meta({ id: 'TicketEvent' }),
);

export const eventTypeParams = lazy(() => z.object({ type: z.string().max(64) }));

export const eventTypeOut = lazy(() =>
  z.object({ type: z.enum(eventTypes), summary: z.string() }).meta({ id: 'EventType' }),
);

export const eventTypeWhole = lazy(() =>
  z
    .object({
      ...eventTypeOut().shape,
      description: z.string(),
      schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of the webhook body.' }),
      example: z.record(z.string(), z.unknown()).meta({ description: 'Such a body.' }),
    })
    .meta({ id: 'EventTypeWithSchema' }),
);
