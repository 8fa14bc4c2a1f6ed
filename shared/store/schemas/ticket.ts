import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import {
  channels,
  escalationReasons,
  escalationRoutes,
  escalationStates,
  incidentStates,
  severities,
  ticketStatuses,
} from '../../contract/words.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';

/** A ticket's row. Schemas here say what the store wrote itself: shapes, not the rules of the way in. */
export const ticketSchema = lazy(() => {
  const text = z.string();
  const maybe = text.nullable();
  const severity = z.enum(severities);
  return z.object({
    number: text,
    partner: text,
    partnerName: text,
    subject: text,
    description: text,
    form: text,
    service: maybe,
    client: maybe,
    severity: z.object({ requested: severity, agreed: severity.nullable() }),
    status: z.enum(ticketStatuses),
    requester: z.object({ name: text, email: text, phone: maybe, timezone: maybe }),
    channel: z.enum(channels),
    answers: z.record(text, text),
    externalRef: z.object({ system: text, id: text, url: maybe }).nullable(),
    incident: z
      .object({
        number: text,
        title: text,
        service: maybe,
        state: z.enum(incidentStates),
        since: text,
        text: maybe,
        updatedAt: text,
        version: z.number(),
      })
      .nullable()
      .default(null),
    sla: z.object({
      firstResponse: z.object({
        seconds: z.number(),
        time: z.enum(['elapsed', 'business']),
        startsAt: maybe,
        dueAt: maybe,
        basis: text,
        warnAt: maybe,
        warnedAt: maybe,
        breachedAt: maybe,
        metAt: maybe,
        leftSeconds: z.number().optional(),
        resumedAt: maybe.optional(),
      }),
    }),
    escalations: z.number(),
    escalation: z
      .object({
        id: text,
        state: z.enum(escalationStates),
        route: z.enum(escalationRoutes),
        reason: z.enum(escalationReasons),
        startedAt: text,
        promise: z.object({ dueAt: text, brokenAt: maybe }),
        level: z.number(),
        acknowledgedBy: z.object({ id: text, name: text }).nullable(),
        acknowledgedAt: maybe,
        follows: maybe.default(null),
        unreachableSince: maybe.default(null),
      })
      .nullable(),
    createdAt: text,
    updatedAt: text,
    version: z.number(),
    seq: z.number(),
    head: text,
  }) satisfies z.ZodType<Ticket>;
});
