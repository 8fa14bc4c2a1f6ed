import * as z from 'zod';
import { lazy } from '../lazy.ts';

/** RFC 9457, as every refusal has it. */
export const problem = lazy(() =>
  z
    .object({
      type: z.string().meta({ format: 'uri', description: 'The page about this code.' }),
      title: z.string(),
      status: z.int(),
      code: z.string().meta({ description: 'One of the documented codes: decide by this, not by words.' }),
      detail: z.string(),
      requestId: z.string(),
      errors: z.array(z.object({ field: z.string(), message: z.string() })),
      phone: z
        .string()
        .exactOptional()
        .meta({ description: 'The number to call, where an emergency may be in the way of a limit.' }),
    })
    .meta({ id: 'Problem' }),
);
