import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { announcedEventTypes, eventTypes } from '../words.ts';
import { instant, line } from './common.ts';

const known: readonly string[] = [...eventTypes, ...announcedEventTypes];
const families = [...new Set(known.map((type) => `${type.slice(0, type.indexOf('.'))}.*`))];
const filters: readonly string[] = ['*', ...families, ...known];

export const webhookIn = lazy(() =>
  z
    .strictObject({
      url: z
        .string()
        .max(2_048)
        .refine((text) => URL.canParse(text), { error: 'is not a URL' })
        .meta({ format: 'uri', example: 'https://hooks.acme.example/nightdesk' }),
      eventTypes: z
        .array(
          z.string().refine((type) => filters.includes(type), {
            error: `is not an event type: write *, ${families.join(', ')} or a whole type`,
          }),
        )
        .min(1)
        .max(filters.length)
        .default(['*']),
      description: line(200).nullable().default(null),
    })
    .meta({ id: 'WebhookIn' }),
);

export const webhook = lazy(() =>
  z
    .object({
      id: z.string(),
      url: z.string(),
      eventTypes: z.array(z.string()),
      description: z.string().nullable(),
      status: z.enum(['enabled', 'disabled']),
      disabledBecause: z.string().nullable(),
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
