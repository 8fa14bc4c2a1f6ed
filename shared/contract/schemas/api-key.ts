import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { scopes } from '../words.ts';
import { id, instant, instantIn, line, pageQuery } from './common.ts';

const forPartners: readonly string[] = scopes.filter((scope) => /^(tickets|webhooks|keys):/.test(scope));

export const apiKeyIn = lazy(() =>
  z
    .strictObject({
      partner: id().nullable().default(null),
      staff: id().nullable().default(null),
      name: line(120).nullable().default(null).meta({ description: 'What it is for.' }),
      scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
      expiresAt: instantIn().nullable().default(null),
    })
    .refine((body) => (body.partner === null) !== (body.staff === null), {
      error: 'is required, or else staff: a key belongs to exactly one of the two',
      path: ['partner'],
    })
    .refine((body) => body.partner === null || body.scopes.every((scope) => forPartners.includes(scope)), {
      error: `of a partner's key may be ${forPartners.join(', ')}`,
      path: ['scopes'],
    })
    .meta({ id: 'ApiKeyIn' }),
);

export const apiKey = lazy(() =>
  z
    .object({
      id: z.string(),
      partner: z.string().nullable(),
      staff: z.string().nullable(),
      name: z.string().nullable(),
      scopes: z.array(z.enum(scopes)),
      createdAt: instant(),
      expiresAt: instant().nullable(),
      revokedAt: instant().nullable(),
      lastUsedAt: instant().nullable().meta({ description: 'To the hour; null: never.' }),
      rotatedTo: z.string().nullable().meta({ description: 'The key that took its place.' }),
    })
    .meta({ id: 'ApiKey' }),
);

export const newApiKey = lazy(() =>
  z
    .object({
      ...apiKey().shape,
      key: z.string().meta({ description: 'Shown this once: `nd_<id>_<secret>`.' }),
    })
    .meta({ id: 'NewApiKey' }),
);

export const keyRevocation = lazy(() =>
  z
    .object({
      revoked: apiKey(),
      successors: z.array(apiKey()).meta({
        description:
          'Keys that took its place by rotation and still work: revoke those too if it had leaked.',
      }),
    })
    .meta({ id: 'KeyRevocation' }),
);

export const keyRotation = lazy(() =>
  z
    .strictObject({
      overlapHours: z
        .number()
        .min(0)
        .max(7 * 24)
        .default(24)
        .meta({ description: 'How long the old key works beside the new one.' }),
      expiresAt: instantIn().nullable().exactOptional().meta({
        description: 'Admins: of the new key; left out, it lives as long as the old one was given.',
      }),
    })
    .meta({ id: 'KeyRotation' }),
);

export const apiKeysQuery = lazy(() =>
  z.strictObject({ partner: id().exactOptional(), limit: pageQuery.limit(), cursor: pageQuery.cursor() }),
);
