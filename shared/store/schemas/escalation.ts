import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import {
  escalationReasons,
  escalationRoutes,
  escalationStates,
  pageStates,
  severities,
} from '../../contract/words.ts';
import { type Escalation, noticeKinds, type Page } from '../../domain/escalation/escalation.ts';
import { policySchema } from './directory.ts';
import { actorSchema } from './event.ts';
import { holdSchema, membershipSchema } from './outage.ts';

const person = lazy(() => z.object({ id: z.string(), name: z.string() }));

export const escalationSchema = lazy(() => {
  const text = z.string();
  const maybe = text.nullable();
  return z.object({
    id: text,
    ticket: text,
    partner: text,
    ordinal: z.number(),
    state: z.enum(escalationStates),
    route: z.enum(escalationRoutes),
    reason: z.enum(escalationReasons),
    detail: maybe,
    callback: z.object({ name: maybe, phone: text, dialable: maybe, textUpdates: z.boolean() }),
    startedAt: text,
    startedBy: actorSchema(),
    promise: z.object({ dueAt: text, brokenAt: maybe }),
    policy: policySchema(),
    ladder: z.object({
      kind: z.enum(['desk', 'on_call']),
      begun: text,
      base: text,
      next: z.number(),
      waiting: z.array(text),
    }),
    level: z.number(),
    acknowledgedBy: person().nullable(),
    acknowledgedAt: maybe,
    contactedAt: maybe,
    taken: z.object({ at: text, by: person() }).nullable(),
    contact: z
      .object({
        heardAt: maybe,
        asked: z.object({ at: text, whom: z.enum(['holder', 'desk']) }).nullable(),
      })
      .nullable()
      .default(null),
    notContactedAt: maybe.default(null),
    shiftsSeenAt: maybe.default(null),
    promiseKept: z.boolean(),
    endedAt: maybe,
    endedBy: actorSchema().nullable().default(null),
    pages: z.number(),
    timezone: text,
    newsAt: maybe,
    unreachableSince: maybe,
    unreachableToldAt: maybe,
    untold: z.array(z.object({ notice: z.enum(noticeKinds), to: person().extend({ phone: text }), text })),
    group: maybe.default(null),
    outage: membershipSchema().nullable().default(null),
    holds: z.array(holdSchema()).default([]),
  }) satisfies z.ZodType<Escalation>;
});

export const pageSchema = lazy(() => {
  const text = z.string();
  const maybe = text.nullable();
  return z.object({
    id: text,
    home: z.object({ partner: text, ticket: text, escalation: text }).nullable(),
    notice: z.enum(noticeKinds).nullable(),
    to: person(),
    method: z.enum(['sms', 'topic']),
    phone: maybe,
    zone: text.optional(),
    level: z.number(),
    state: z.enum(pageStates),
    attempt: z.number(),
    words: z
      .object({
        number: text,
        severity: z.enum(severities),
        reason: z.enum(escalationReasons),
        partnerName: text,
        callback: text,
        takeBy: maybe,
        overdue: z.boolean().optional(),
        timezone: text,
      })
      .nullable(),
    text: maybe,
    code: z.number().nullable(),
    queuedAt: text,
    held: z.object({ at: text, until: maybe, version: z.number().default(0) }).nullable(),
    at: text,
    claim: z.object({ id: text, until: text }).nullable(),
    failure: maybe,
    messageId: maybe,
    wentWith: maybe,
  }) satisfies z.ZodType<Page>;
});
