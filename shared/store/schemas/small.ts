import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import type { AcknowledgeLink } from '../../domain/escalation/link.ts';
import type { Bundle, Phone } from '../../domain/phone/phone.ts';
import type { IdempotencyRecord } from '../types/idempotency.ts';

/** The rows that are the store's own: pointers, counters and marks. */
export const pointerSchema = lazy(() => z.object({ partner: z.string(), number: z.string() }));

export const nightSchema = lazy(() => z.object({ count: z.number() }));

export const phoneStaffSchema = lazy(() => z.object({ staff: z.string() }));

export const messageSchema = lazy(() =>
  z.object({
    page: z.string(),
    home: z.object({ partner: z.string(), ticket: z.string(), escalation: z.string() }).nullable(),
  }),
);

export const phoneSchema = lazy(() => {
  // Before versions were kept: nothing that is held went with it.
  const sending = z.object({ page: z.string(), at: z.string(), version: z.number().default(-1) });
  return z.object({
    version: z.number(),
    // As one text: a list of up to 99 numbers would be most of what a page's claim reads and writes.
    codes: z.string().transform((codes) => codes.split(' ').filter(Boolean).map(Number)),
    shared: z.boolean(),
    recent: z.array(z.string()),
    bundleAt: z.string().nullable(),
    bundling: sending.extend({ until: z.string() }).nullable(),
    bundled: sending.nullable(),
    errors: z.number(),
  }) satisfies z.ZodType<Phone>;
});

export const shownSchema = lazy(() =>
  z.object({
    code: z.number().nullable(),
    escalation: z.string(),
    ticket: z.string(),
    partner: z.string(),
    givenAt: z.string(),
    shared: z.literal(true).exactOptional(),
    held: z.literal(true).exactOptional(),
    until: z.string(),
  }),
);

export const bundleSchema = lazy(
  () =>
    z.object({
      page: z.string(),
      at: z.string(),
      escalations: z.array(z.string()),
      until: z.string(),
    }) satisfies z.ZodType<Bundle>,
);

export const linkSchema = lazy(
  () =>
    z.object({
      partner: z.string(),
      ticket: z.string(),
      escalation: z.string(),
      page: z.string(),
      staff: z.string(),
      until: z.string(),
    }) satisfies z.ZodType<AcknowledgeLink>,
);

export const logHeadSchema = lazy(() =>
  z.object({
    seq: z.number(),
    head: z.string(),
    checked: z.string().nullable(),
    openUntil: z.string().nullable().default(null),
    version: z.number(),
  }),
);

export const highWaterSchema = lazy(() => z.object({ through: z.string() }));

export const revisionSchema = lazy(() => z.object({ revision: z.number() }));

export const inboundSchema = lazy(() =>
  z.object({
    means: z.array(z.string()),
    say: z.string().nullable(),
    error: z.boolean(),
    done: z.boolean(),
    until: z.string(),
  }),
);

export const idempotencySchema = lazy(() => {
  const row = z.object({
    owner: z.string(),
    key: z.string(),
    fingerprint: z.string(),
    answer: z.object({
      status: z.number(),
      body: z.string(),
      headers: z.record(z.string(), z.string()),
    }),
    until: z.string(),
  });
  return row.transform(({ until, ...record }): IdempotencyRecord => ({ ...record, expiresAt: until }));
});
