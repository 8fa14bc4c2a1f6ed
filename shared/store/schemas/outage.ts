import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import { type Group, type Hold, lapses, type Member, type Membership } from '../../domain/outage/outage.ts';
import { actorSchema } from './event.ts';

export const memberSchema = lazy(
  () =>
    z.object({
      partner: z.string(),
      ticket: z.string(),
      escalation: z.string(),
      at: z.string(),
    }) satisfies z.ZodType<Member>,
);

export const groupSchema = lazy(
  () =>
    z.object({
      key: z.string(),
      version: z.number(),
      id: z.string().nullable(),
      lead: memberSchema().nullable(),
      recent: z.array(memberSchema()),
      former: z.object({ id: z.string(), lead: memberSchema() }).nullable().default(null),
      toldAt: z.string().nullable().default(null),
    }) satisfies z.ZodType<Group>,
);

export const membershipSchema = lazy(
  () =>
    z.object({
      id: z.string(),
      key: z.string(),
      follows: z.boolean(),
      leftAt: z.string().nullable(),
      told: z.number(),
    }) satisfies z.ZodType<Membership>,
);

export const holdSchema = lazy(
  () =>
    z.object({
      by: z.object({ id: z.string(), name: z.string() }),
      from: z.string(),
      until: z.string(),
      ended: z
        .object({ as: z.enum(lapses), by: actorSchema() })
        .nullable()
        .default(null),
    }) satisfies z.ZodType<Hold>,
);
