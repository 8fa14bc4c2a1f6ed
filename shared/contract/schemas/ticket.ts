import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { channels, severities, ticketStatuses } from '../words.ts';
import { email, httpUrl, id, instant, line, pageQuery, phoneAsWritten, prose, timezone } from './common.ts';
import { escalationSummary } from './escalation.ts';
import { actor } from './event.ts';
import { incidentView } from './incident.ts';
import { support } from './support.ts';

/** As it stands in a path: the domain judges the number, so that it can say what is wrong with it. */
export const ticketParams = lazy(() =>
  z.object({ number: z.string().min(1).max(64).meta({ example: 'ND-6PC7-PS91' }) }),
);

const externalRefIn = lazy(() =>
  z.strictObject({
    system: line(64).meta({ example: 'autotask' }),
    id: line(128).meta({ example: 'T20260105.0042' }),
    url: httpUrl().nullable().default(null),
  }),
);

/** A map has each key once, and can have no own `__proto__`: such answers would be dropped without a word. */
const answers = lazy(() =>
  z.preprocess(
    (given, context) => {
      const keys = Object.keys(given ?? {}).map((key) => line(64).safeParse(key).data ?? key);
      if (new Set(keys).size < keys.length || keys.includes('__proto__'))
        context.addIssue('must have keys that differ, none of them __proto__');
      return given;
    },
    z.record(line(64), prose(5_000)).refine((given) => Object.keys(given).length <= 60, {
      error: 'must have at most 60 entries',
    }),
  ),
);

const mostText = 60_000;

/** What a ticket's row can hold, with room to spare (DynamoDB: 400 KB a row). */
const textOf = (body: { description?: string; answers?: Record<string, string> }) =>
  JSON.stringify([body.description, body.answers]).length;
const tooMuchText = {
  error: `description and answers must have at most ${mostText} characters together`,
  path: ['description'],
};

export const ticketIn = lazy(() =>
  z
    .strictObject({
      subject: line(200).meta({ example: 'Mail to contoso.example is not delivered' }),
      description: prose(50_000).meta({ example: 'Since 21:50 nothing arrives. Senders get 451.' }),
      requester: z.strictObject({
        name: line(120),
        email: email(),
        phone: phoneAsWritten().nullable().default(null),
        timezone: timezone().nullable().default(null),
      }),
      form: id().default('general'),
      service: id().nullable().default(null),
      severity: z.enum(severities).default('problem'),
      answers: answers().prefault({}),
      client: line(120).nullable().default(null),
      externalRef: externalRefIn().nullable().default(null),
      partner: id().nullable().default(null).meta({ description: 'Staff: whom the ticket is opened for.' }),
      channel: z
        .enum(['api', 'form', 'phone'])
        .nullable()
        .default(null)
        .meta({ description: '`phone` is for staff.' }),
    })
    .refine((body) => textOf(body) <= mostText, tooMuchText)
    .meta({ id: 'TicketIn' }),
);

export const ticketChange = lazy(() =>
  z
    .strictObject({
      subject: line(200).exactOptional(),
      description: prose(50_000).exactOptional(),
      severity: z
        .enum(severities)
        .exactOptional()
        .meta({ description: 'From a partner: the one requested; from staff: the one agreed.' }),
      status: z
        .enum(['open', 'waiting', 'resolved', 'closed'])
        .exactOptional()
        .meta({ description: '`waiting` is set by the desk.' }),
      service: id().nullable().exactOptional(),
      answers: answers().exactOptional().meta({
        description: 'Added to those there are. The limits of one request hold for all of them together.',
      }),
      client: line(120).nullable().exactOptional(),
      externalRef: externalRefIn().nullable().exactOptional(),
    })
    .refine((body) => Object.keys(body).length > 0, { error: 'must have at least one field to change' })
    .refine((body) => textOf(body) <= mostText, tooMuchText)
    .meta({ id: 'TicketChange' }),
);

const slaClock = lazy(() =>
  z
    .object({
      dueAt: instant().nullable().meta({ description: 'null: the clock does not run; `basis` says why.' }),
      basis: z.string().meta({ description: 'How the due time was reached, in words.' }),
      time: z.enum(['elapsed', 'business']),
      seconds: z.int(),
      startsAt: instant().nullable(),
      warnedAt: instant().nullable(),
      breachedAt: instant().nullable(),
      metAt: instant().nullable(),
    })
    .meta({ id: 'SlaClock' }),
);

export const ticket = lazy(() =>
  z
    .object({
      number: z.string(),
      subject: z.string(),
      description: z.string(),
      form: z.string(),
      service: z.string().nullable(),
      client: z.string().nullable(),
      partner: z.object({ id: z.string(), name: z.string() }),
      severity: z.object({ requested: z.enum(severities), agreed: z.enum(severities).nullable() }),
      status: z.enum(ticketStatuses),
      requester: z.object({
        name: z.string(),
        email: z.string(),
        phone: z.string().nullable(),
        timezone: z.string().nullable(),
      }),
      channel: z.enum(channels),
      answers: z.record(z.string(), z.string()),
      externalRef: z.object({ system: z.string(), id: z.string(), url: z.string().nullable() }).nullable(),
      support: support(),
      sla: z.object({ firstResponse: slaClock() }),
      completeness: z.object({
        score: z.int().meta({ description: 'Per cent.' }),
        missing: z.array(z.object({ field: z.string(), label: z.string() })),
      }),
      escalation: escalationSummary().nullable(),
      incident: incidentView().nullable().meta({ description: 'The known outage that it belongs to.' }),
      nextStep: z
        .object({
          action: z.enum(['escalate', 'wait', 'call_back_ready', 'none']),
          href: z.string().nullable(),
          because: z.string(),
        })
        .meta({ description: 'What to do now, and why. `escalate`: POST to `href`.' }),
      createdAt: instant(),
      updatedAt: instant(),
    })
    .meta({ id: 'Ticket' }),
);

export const ticketsQuery = lazy(() =>
  z.strictObject({
    status: z.enum(ticketStatuses).exactOptional(),
    severity: z.enum(severities).exactOptional(),
    service: id().exactOptional(),
    externalRef: line(128).exactOptional().meta({ description: "The partner's own ticket id." }),
    q: line(200)
      .exactOptional()
      .meta({ description: 'Words that subject, description or number must hold.' }),
    limit: pageQuery.limit(),
    cursor: pageQuery.cursor(),
  }),
);

export const commentIn = lazy(() =>
  z
    .strictObject({
      body: prose(50_000),
      internal: z.boolean().default(false).meta({ description: 'Staff only: partners never see it.' }),
    })
    .meta({ id: 'CommentIn' }),
);

export const commentOut = lazy(() =>
  z
    .object({
      id: z.string().meta({ description: "Of its event in the ticket's timeline." }),
      seq: z.int(),
      ticket: z.string(),
      body: z.string(),
      internal: z.boolean(),
      author: actor(),
      at: instant(),
    })
    .meta({ id: 'Comment' }),
);
