import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import type { IdempotencyRecord } from '../store.ts';

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

export const codeSchema = lazy(() =>
  z.object({
    code: z.number(),
    escalation: z.string(),
    ticket: z.string(),
    partner: z.string(),
    givenAt: z.string(),
    until: z.string(),
  }),
);

export const highWaterSchema = lazy(() => z.object({ through: z.string() }));

export const revisionSchema = lazy(() => z.object({ revision: z.number() }));

export const seenSchema = lazy(() => z.object({ until: z.string() }));

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
