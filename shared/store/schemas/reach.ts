import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import type { Reach } from '../../domain/reach/reach.ts';
import type { Verification } from '../../domain/reach/verification.ts';

export const reachSchema = lazy(() => {
  const maybe = z.string().nullable();
  return z.object({
    phone: z.string(),
    optedOutAt: maybe,
    failingAt: maybe,
    because: maybe,
    answeredAt: maybe,
    drill: z.object({ sentAt: z.string(), dueAt: z.string() }).nullable(),
  }) satisfies z.ZodType<Reach>;
});

export const verificationSchema = lazy(
  () =>
    z.object({
      staff: z.string(),
      phone: z.string(),
      sentAt: z.array(z.string()),
      until: z.string(),
    }) satisfies z.ZodType<Verification>,
);
