import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { instant, instantIn } from './common.ts';
import { incidentView } from './incident.ts';

/** Whether the desk is open, why, and when that changes: in tickets and on its own. */
export const support = lazy(() =>
  z
    .object({
      open: z.boolean(),
      reason: z.string().meta({ example: 'closed: after hours' }),
      opensAt: instant().nullable(),
      closesAt: instant().nullable(),
    })
    .meta({ id: 'Support' }),
);

export const supportStatus = lazy(() =>
  z
    .object({
      ...support().shape,
      timezone: z.string(),
      phone: z.string().meta({ description: 'Answered at night, too.' }),
      phones: z.array(z.object({ country: z.string(), number: z.string(), hours: z.string() })),
      incidents: z
        .array(incidentView())
        .meta({ description: 'Known outages that are open, newest first: the same for everybody.' }),
    })
    .meta({ id: 'SupportStatus' }),
);

export const atQuery = lazy(() =>
  z.strictObject({
    at: instantIn().exactOptional().meta({ description: 'The instant to answer for; now when left out.' }),
  }),
);
