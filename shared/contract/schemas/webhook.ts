import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { statusError, type WebhookError, webhookErrors } from '../webhook-errors.ts';
import { announcedEventTypes, deliveryStatuses, deliveryTriggers, eventTypes } from '../words.ts';
import { id, instant, instantIn, line, pageQuery, someField } from './common.ts';

const known: readonly string[] = [...eventTypes, ...announcedEventTypes];
const families = [...new Set(known.map((type) => `${type.slice(0, type.indexOf('.'))}.*`))];
const filters: readonly string[] = ['*', ...families, ...known];

const settings = {
  url: () =>
    z
      .string()
      .overwrite((text) => text.toWellFormed())
      .max(2_048)
      .refine((text) => URL.canParse(text), { error: 'is not a URL' })
      .meta({ format: 'uri', example: 'https://hooks.acme.example/nightdesk' }),
  eventTypes: () =>
    z
      .array(
        z.string().refine((type) => filters.includes(type), {
          error: `is not an event type: write *, ${families.join(', ')} or a whole type`,
        }),
      )
      .min(1)
      .max(filters.length),
  description: () => line(200).nullable(),
  payload: () =>
    z.enum(['full', 'thin']).meta({
      description:
        "`thin`: the ticket's number in place of the data, or where to read it if it is about none; `text` stays.",
    }),
  ignoreOwn: () =>
    z.boolean().meta({
      description:
        'Leaves out what was done with the API key that sets this, and with those that take its place.',
    }),
};

export const webhookIn = lazy(() =>
  z
    .strictObject({
      url: settings.url(),
      eventTypes: settings.eventTypes().default(['*']),
      description: settings.description().default(null),
      payload: settings.payload().default('full'),
      ignoreOwn: settings.ignoreOwn().default(false),
    })
    .meta({ id: 'WebhookIn' }),
);

export const webhookChange = lazy(() =>
  someField(
    z.strictObject({
      url: settings.url().exactOptional(),
      eventTypes: settings.eventTypes().exactOptional(),
      description: settings.description().exactOptional(),
      payload: settings.payload().exactOptional(),
      ignoreOwn: settings.ignoreOwn().exactOptional(),
    }),
  ).meta({ id: 'WebhookChange' }),
);

export const webhook = lazy(() =>
  z
    .object({
      id: z.string(),
      url: z.string(),
      eventTypes: z.array(z.string()),
      description: z.string().nullable(),
      payload: z.enum(['full', 'thin']),
      ignoreOwn: z.boolean(),
      status: z.enum(['enabled', 'disabled']),
      disabledBecause: z.string().nullable(),
      failingSince: instant()
        .nullable()
        .meta({ description: 'The first failed attempt since the last that was delivered.' }),
      formerSecretsUntil: z
        .array(instant())
        .meta({ description: 'Until when secrets that were replaced sign along.' }),
      createdAt: instant(),
    })
    .meta({ id: 'Webhook' }),
);

export const newWebhook = lazy(() =>
  z
    .object({
      ...webhook().shape,
      secret: z
        .string()
        .meta({ description: 'Shown this once: `whsec_…`, for Standard Webhooks libraries.' }),
    })
    .meta({ id: 'NewWebhook' }),
);

export const rotation = lazy(() =>
  z.strictObject({
    overlapHours: z
      .number()
      .min(0)
      .max(7 * 24)
      .default(24)
      .meta({
        description:
          'How long the secret before this one signs along. Three sign at most: the oldest gives way.',
      }),
  }),
);

export const webhookTest = lazy(() => z.strictObject({ type: z.enum(eventTypes).default('ticket.created') }));

export const recoveryIn = lazy(() =>
  z
    .strictObject({
      since: instantIn(),
      until: instantIn().exactOptional(),
      statuses: z
        .array(z.enum(['failed', 'skipped', 'delivered']))
        .min(1)
        .default(['failed', 'skipped']),
      dryRun: z.boolean().default(false),
    })
    .meta({ id: 'RecoveryIn' }),
);

export const recoveryOut = lazy(() =>
  z
    .object({
      webhook: z.string(),
      since: instant(),
      until: instant(),
      statuses: z.array(z.string()),
      dryRun: z.boolean(),
      count: z.int().meta({ description: 'Deliveries in that range and those states now.' }),
      counted: z
        .enum(['all', 'at_least'])
        .meta({ description: '`at_least`: there are so many that counting was stopped.' }),
    })
    .meta({ id: 'Recovery' }),
);

const headers = lazy(() => z.record(z.string(), z.string()));

const attempt = lazy(() =>
  z
    .object({
      n: z.int(),
      at: instant(),
      trigger: z.enum(deliveryTriggers).meta({ description: 'What brought it about.' }),
      statusCode: z.int().nullable(),
      errorCode: z
        .union([
          z.enum(Object.keys(webhookErrors) as WebhookError[]).meta({
            description: Object.entries(webhookErrors)
              .map(([code, why]) => `- \`${code}\`: ${why}`)
              .join('\n'),
          }),
          z.string().regex(statusError).meta({
            description: 'Any other status that is not 2xx.',
            example: 'status_503',
          }),
          z.null(),
        ])
        .meta({ description: 'null: delivered. Else why not.' }),
      totalMs: z.int(),
      remoteAddress: z
        .string()
        .nullable()
        .meta({ description: 'The IP address that was reached; null when none was.' }),
      request: z
        .object({ url: z.string(), headers: headers() })
        .nullable()
        .meta({ description: 'Kept for the last 10 attempts, as is the response.' }),
      response: z
        .object({
          headers: headers(),
          body: z.string().meta({
            description:
              'Its first 16 KiB, or 1 KiB where four attempts came after. Control characters are spaces.',
          }),
          truncated: z.boolean(),
        })
        .nullable(),
    })
    .meta({ id: 'DeliveryAttempt' }),
);

export const delivery = lazy(() =>
  z
    .object({
      id: z.string(),
      webhook: z.string(),
      event: z.object({ id: z.string(), type: z.string() }),
      status: z.enum(deliveryStatuses),
      attempts: z.array(attempt()),
      nextAttemptAt: instant().nullable(),
      createdAt: instant(),
    })
    .meta({ id: 'Delivery' }),
);

export const deliveryWithBody = lazy(() =>
  z
    .object({
      ...delivery().shape,
      body: z.string().meta({ description: 'The exact text that every attempt sends.' }),
    })
    .meta({ id: 'DeliveryWithBody' }),
);

export const deliveriesQuery = lazy(() =>
  z.strictObject({
    status: z.enum(deliveryStatuses).exactOptional(),
    limit: pageQuery.limit(),
    cursor: pageQuery.cursor(),
  }),
);

export const eventsQuery = lazy(() =>
  z.strictObject({
    since: instantIn().exactOptional(),
    type: z.enum(eventTypes).exactOptional(),
    partner: id().exactOptional().meta({ description: 'Whose, for staff; the desk’s own when left out.' }),
    limit: pageQuery.limit(),
    cursor: pageQuery.cursor(),
  }),
);

/** An event as webhooks tell it; its data is described by its type. */
const loggedEvent = lazy(() =>
  z
    .object({
      id: z.string(),
      type: z.enum(eventTypes),
      timestamp: instant(),
      apiVersion: z.string(),
      subjectSeq: z.int(),
      text: z.string(),
      hash: z.string(),
      data: z.record(z.string(), z.unknown()),
    })
    .meta({ id: 'Event' }),
);

export const eventPage = lazy(() =>
  z.object({
    data: z.array(loggedEvent()),
    nextCursor: z.string().nullable(),
    resumeCursor: z
      .string()
      .meta({ description: 'Where the list ends now: ask with it later for what came since.' }),
  }),
);
