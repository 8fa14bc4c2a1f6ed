import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import { scopes, severities, staffRoles } from '../../contract/words.ts';
import type { ApiKey, Partner, Plan, Policy, Provider, Service, Staff } from '../../domain/directory.ts';

export const providerSchema = lazy(() => {
  const text = z.string();
  return z.object({
    name: text,
    phone: text,
    phones: z.array(z.object({ country: text, number: text, hours: text })),
    timezone: text,
    calendar: text,
    policy: text,
    nightlyCap: z.number(),
    drills: z.boolean(),
    pagesPerMinute: z.number().nullable(),
  }) satisfies z.ZodType<Provider>;
});

export const planSchema = lazy(() => {
  const rule = z.object({ seconds: z.number(), time: z.enum(['elapsed', 'business']) });
  return z.object({
    id: z.string(),
    name: z.string(),
    calendar: z.string(),
    firstResponse: z.record(z.enum(severities), rule),
  }) satisfies z.ZodType<Plan>;
});

export const partnerSchema = lazy(
  () =>
    z.object({
      id: z.string(),
      name: z.string(),
      plan: z.string(),
      createdAt: z.string(),
    }) satisfies z.ZodType<Partner>,
);

export const serviceSchema = lazy(
  () => z.object({ id: z.string(), name: z.string() }) satisfies z.ZodType<Service>,
);

export const staffSchema = lazy(() => {
  const text = z.string();
  return z.object({
    id: text,
    name: text,
    role: z.enum(staffRoles),
    phone: text.nullable(),
    phoneVerifiedAt: text.nullable(),
    email: text,
    timezone: text,
    suspended: z.boolean(),
    createdAt: text,
  }) satisfies z.ZodType<Staff>;
});

export const policySchema = lazy(() => {
  const target = z.union([
    z.object({ schedule: z.string() }),
    z.object({ staff: z.string() }),
    z.object({ role: z.enum(staffRoles) }),
    z.object({ everyone: z.literal(true) }),
  ]);
  const levels = z.array(z.object({ afterMinutes: z.number(), page: z.array(target) }));
  return z.object({
    id: z.string(),
    promiseMinutes: z.number(),
    levels,
    businessHours: z.object({ levels }),
    repeatMinutes: z.number(),
    giveUpMinutes: z.number(),
  }) satisfies z.ZodType<Policy>;
});

export const apiKeySchema = lazy(() => {
  const text = z.string();
  const maybe = text.nullable();
  return z.object({
    id: text,
    partner: maybe,
    staff: maybe,
    name: maybe,
    scopes: z.array(z.enum(scopes)),
    secretHash: text,
    createdAt: text,
    expiresAt: maybe,
    revokedAt: maybe,
    lastUsedAt: maybe,
    rotatedTo: maybe,
    first: text.optional(),
  }) satisfies z.ZodType<ApiKey>;
});
