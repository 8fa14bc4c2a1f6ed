import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import { incidentStates } from '../../contract/words.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { actorSchema } from './event.ts';

export const incidentSchema = lazy(() => {
  const text = z.string();
  const maybe = text.nullable();
  return z.object({
    number: text,
    title: text,
    service: maybe,
    state: z.enum(incidentStates),
    since: text,
    updatedAt: text,
    updates: z.array(z.object({ at: text, text })),
    resolvedAt: maybe,
    by: actorSchema(),
    createdAt: text,
    version: z.number(),
  }) satisfies z.ZodType<Incident>;
});

export const incidentTicketSchema = lazy(() => z.object({ partner: z.string(), ticket: z.string() }));
