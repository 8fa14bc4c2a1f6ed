import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { instant, person } from '../schemas/common.ts';
import { gaps } from '../schemas/coverage.ts';
import { escalationSummary } from '../schemas/escalation.ts';
import { incidentView } from '../schemas/incident.ts';
import { configurationKinds, scopes, severities, staffRoles, ticketStatuses } from '../words.ts';

/** What the data of events is made of: enough to file an event without asking again, never a phone number of staff. */

export const ofTicket = lazy(() =>
  z.object({
    ticket: z
      .object({
        number: z.string(),
        subject: z.string(),
        status: z.enum(ticketStatuses),
        severity: z.object({ requested: z.enum(severities), agreed: z.enum(severities).nullable() }),
        partner: z.object({ id: z.string(), name: z.string() }),
        externalRef: z.object({ system: z.string(), id: z.string(), url: z.string().nullable() }).nullable(),
      })
      .meta({ id: 'EventTicket' }),
  }),
);

export const ofEscalation = lazy(() => z.object({ ...ofTicket().shape, escalation: escalationSummary() }));

export const ofChange = lazy(() =>
  z.object({
    ...ofTicket().shape,
    changed: z.array(z.string()).meta({ description: 'The fields that changed.' }),
  }),
);

export const ofComment = lazy(() =>
  z.object({ ...ofTicket().shape, comment: z.object({ body: z.string(), internal: z.boolean() }) }),
);

export const ofReopening = lazy(() =>
  z.object({
    ...ofTicket().shape,
    escalation: escalationSummary().exactOptional(),
    because: z.string().exactOptional(),
    changed: z.array(z.string()).exactOptional(),
  }),
);

export const ofEnding = lazy(() =>
  z.object({
    ...ofEscalation().shape,
    taken: z.boolean().exactOptional().meta({ description: 'Whether anybody had ever taken it.' }),
  }),
);

export const ofNews = lazy(() =>
  z.object({
    ...ofEscalation().shape,
    callback: z.object({ name: z.string().nullable() }),
    detail: z.string().nullable(),
  }),
);

export const ofPress = lazy(() =>
  z.object({
    ...ofNews().shape,
    timezone: z.string().meta({ description: "The desk's." }),
    again: z.boolean().meta({ description: 'Nobody had taken it the first time: the ladder starts afresh.' }),
    phone: z.string().exactOptional().meta({ description: 'The number to call, when it is pressed again.' }),
  }),
);

export const ofDeskAlert = lazy(() =>
  z.object({ ...ofEscalation().shape, notice: z.string(), because: z.string() }),
);

const skipped = lazy(() => z.array(z.object({ level: z.int(), because: z.string() })));

export const ofPages = lazy(() =>
  z.object({
    ...ofEscalation().shape,
    level: z.int(),
    pages: z.array(z.object({ id: z.string(), to: person() })),
    because: z.string().nullable().meta({ description: 'Why before its own time; null when on time.' }),
    skipped: skipped().meta({ description: 'Levels passed over, each with its reason.' }),
  }),
);

const onePage = lazy(() => z.object({ id: z.string(), to: person(), level: z.int() }));

export const ofRetry = lazy(() =>
  z.object({ ...ofEscalation().shape, page: onePage(), because: z.string() }),
);

export const ofFailure = lazy(() =>
  z.object({
    ...ofEscalation().shape,
    page: onePage().nullable().meta({ description: 'null: nobody at all could be paged.' }),
    because: z.string(),
    skipped: skipped().exactOptional(),
    phone: z.string().exactOptional().meta({ description: 'The number to call now.' }),
  }),
);

export const ofTaking = lazy(() =>
  z.object({
    ...ofEscalation().shape,
    via: z
      .enum(['sms', 'link', 'api', 'lead'])
      .meta({ description: '`lead`: with the escalation that it follows.' }),
    again: z
      .boolean()
      .meta({ description: 'Somebody had taken it before: it was passed on, or paged again.' }),
  }),
);

const heldBy = lazy(() => person().nullable().meta({ description: 'Who held it; null: nobody did.' }));

export const ofPassing = lazy(() => z.object({ ...ofEscalation().shape, from: heldBy() }));

export const ofContact = lazy(() => z.object({ ...ofEscalation().shape, contactedAt: instant() }));

export const ofContactAsked = lazy(() =>
  z.object({
    ...ofPassing().shape,
    since: instant().meta({ description: 'Since when there is no word.' }),
    by: instant().meta({ description: 'Without a word by then, paging starts afresh.' }),
    asked: z.enum(['holder', 'desk']),
  }),
);

export const ofBrokenPromise = lazy(() =>
  z.object({ ...ofEscalation().shape, phone: z.string().meta({ description: 'The number to call now.' }) }),
);

export const ofCoverage = lazy(() =>
  z.object({
    days: z.int().meta({ description: 'How far ahead was looked.' }),
    count: z.int().meta({ description: 'Of gaps; the first hundred are listed.' }),
    gaps: gaps(),
    timezone: z.string().meta({ description: "The desk's." }),
  }),
);

export const ofOpening = lazy(() =>
  z.object({
    openedAt: instant().meta({ description: 'By the calendar.' }),
    closesAt: instant().nullable().meta({ description: 'null: not within 400 days.' }),
    calendar: z.string().meta({ description: 'Its id.' }),
    timezone: z.string().meta({ description: "The calendar's." }),
  }),
);

export const ofClock = lazy(() =>
  z.object({
    ...ofTicket().shape,
    sla: z.object({
      kind: z.enum(['first_response']),
      dueAt: instant().nullable(),
      basis: z.string(),
    }),
  }),
);

export const ofWebhook = lazy(() =>
  z.object({
    webhook: z
      .object({
        id: z.string(),
        host: z.string().meta({ description: 'Of its address, which may be a secret.' }),
        description: z.string().nullable(),
        status: z.enum(['enabled', 'disabled']),
        failingSince: instant().nullable(),
        disabledBecause: z.string().nullable(),
      })
      .meta({ id: 'EventWebhook' }),
  }),
);

/** Changes of the directory name the fields that changed, never what a phone or an address was. */
const changed = lazy(() => z.array(z.string()).meta({ description: 'The fields that changed.' }));

export const ofWebhookChange = lazy(() =>
  z.object({
    webhook: z.object({
      id: z.string(),
      partner: z.string().nullable().meta({ description: 'null: of the desk.' }),
      host: z.string(),
      status: z.enum(['enabled', 'disabled']),
    }),
    changed: changed(),
  }),
);

export const ofPartner = lazy(() =>
  z.object({
    partner: z.object({ id: z.string(), name: z.string(), plan: z.string() }),
    changed: changed(),
  }),
);

export const ofStaff = lazy(() =>
  z.object({
    staff: z.object({
      id: z.string(),
      name: z.string(),
      role: z.enum(staffRoles),
      suspended: z.boolean(),
    }),
    changed: changed(),
  }),
);

export const ofApiKey = lazy(() =>
  z.object({
    apiKey: z.object({
      id: z.string(),
      name: z.string().nullable(),
      partner: z.string().nullable(),
      staff: z.string().nullable(),
      scopes: z.array(z.enum(scopes)),
      expiresAt: instant().nullable(),
    }),
  }),
);

export const ofRotation = lazy(() =>
  z.object({
    ...ofApiKey().shape,
    replaces: z.object({ id: z.string(), worksUntil: instant().nullable() }),
  }),
);

export const ofConfiguration = lazy(() =>
  z.object({
    configuration: z.object({
      kind: z.enum(configurationKinds),
      id: z.string(),
      created: z.boolean(),
    }),
    changed: changed(),
  }),
);

export const ofIncident = lazy(() =>
  z.object({
    ticket: ofTicket()
      .shape.ticket.exactOptional()
      .meta({ description: "In a ticket's log, and to partners, always." }),
    incident: incidentView(),
  }),
);

const thin = 'Of a thin payload, or of one that would be larger than 64 KiB';

export const ofThin = lazy(() =>
  z.object({ ticket: z.object({ number: z.string() }) }).meta({ description: `${thin}.` }),
);

export const ofThinElsewhere = lazy(() =>
  z
    .object({
      href: z.string().meta({ example: '/v1/events?type=coverage.gap&since=2026-01-05T14:00:00.000Z' }),
    })
    .meta({ description: `${thin}: where the event is first in a list, with all of its data.` }),
);
