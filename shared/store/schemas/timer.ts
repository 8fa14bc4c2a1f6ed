import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import { type Timer, timerKinds } from '../../domain/timer.ts';

export const timerSchema = lazy(
  () =>
    z.object({
      home: z.union([
        z.object({ partner: z.string(), ticket: z.string() }),
        z.object({ delivery: z.string() }),
        z.object({ endpoint: z.string(), partner: z.string().nullable() }),
        z.object({ desk: z.literal(true) }),
      ]),
      subject: z.string(),
      kind: z.enum(timerKinds),
      dueAt: z.string(),
      generation: z.number(),
    }) satisfies z.ZodType<Timer>,
);
