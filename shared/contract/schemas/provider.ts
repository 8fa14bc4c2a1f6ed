import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { severities } from '../words.ts';
import { id, instant, line, phoneAsWritten, someField, timezone } from './common.ts';

/** The provider, and what it sells: partners with their plans, and services. */

const phones = lazy(() =>
  z.array(z.strictObject({ country: line(60), number: phoneAsWritten(), hours: line(120) })).max(50),
);

export const providerIn = lazy(() =>
  z
    .strictObject({
      name: line(120),
      phone: phoneAsWritten().meta({
        description: 'Answered at night: printed wherever a limit is reached.',
      }),
      phones: phones().default([]),
      timezone: timezone().default('America/New_York'),
      calendar: id().default('default').meta({ description: 'The staffed calendar: it decides routes.' }),
      policy: id().default('default'),
      nightlyCap: z.int().min(1).max(1_000_000).default(10),
      drills: z.boolean().default(false).meta({
        description:
          'Whether people get a drill by SMS at 18:00 of their own zone before the first night of each shift. Unanswered for two hours, it is a coverage gap.',
      }),
      pagesPerMinute: z.int().min(1).max(100).nullable().default(3).meta({
        description: 'Pages a minute that one phone gets each by itself; more go as one. null: no limit.',
      }),
    })
    .meta({ id: 'ProviderIn' }),
);

export const provider = lazy(() =>
  z
    .object({
      name: z.string(),
      phone: z.string(),
      phones: phones(),
      timezone: z.string(),
      calendar: z.string(),
      policy: z.string(),
      nightlyCap: z.int(),
      drills: z.boolean(),
      pagesPerMinute: z.int().nullable(),
    })
    .meta({ id: 'Provider' }),
);

const slaRule = lazy(() =>
  z.strictObject({ seconds: z.int().min(60).max(31_536_000), time: z.enum(['elapsed', 'business']) }),
);

const firstResponse = lazy(() =>
  z.strictObject(
    Object.fromEntries(severities.map((severity) => [severity, slaRule()])) as Record<
      (typeof severities)[number],
      ReturnType<typeof slaRule>
    >,
  ),
);

const hours = (n: number, time: 'elapsed' | 'business') => ({ seconds: n * 3_600, time });

export const planIn = lazy(() =>
  z
    .strictObject({
      id: id().nullable().default(null),
      name: line(120),
      calendar: id()
        .default('default')
        .meta({ description: 'Decides SLA clocks (gold: around the clock), never routes.' }),
      // 72 h, four hours of business for what is degraded, and for an outage the 30 min of its promise.
      firstResponse: firstResponse().default({
        question: hours(72, 'elapsed'),
        problem: hours(72, 'elapsed'),
        degraded: hours(4, 'business'),
        outage: hours(0.5, 'elapsed'),
        order: hours(72, 'elapsed'),
      }),
    })
    .meta({ id: 'PlanIn' }),
);

export const planChange = lazy(() =>
  someField(
    z.strictObject({
      name: line(120).exactOptional(),
      calendar: id().exactOptional(),
      firstResponse: firstResponse().exactOptional(),
    }),
  ).meta({ id: 'PlanChange' }),
);

export const plan = lazy(() =>
  z
    .object({ id: id(), name: z.string(), calendar: z.string(), firstResponse: firstResponse() })
    .meta({ id: 'Plan' }),
);

/** Whose lists of events are the desk's own: see shared/store/rows.ts. */
const partnerId = () =>
  id().refine((text) => text !== 'provider', { error: 'is the name of the desk itself: take another' });

export const partnerIn = lazy(() =>
  z
    .strictObject({ id: partnerId().nullable().default(null), name: line(120), plan: id() })
    .meta({ id: 'PartnerIn' }),
);

export const partnerChange = lazy(() =>
  someField(z.strictObject({ name: line(120).exactOptional(), plan: id().exactOptional() })).meta({
    id: 'PartnerChange',
  }),
);

export const partner = lazy(() =>
  z.object({ id: id(), name: z.string(), plan: z.string(), createdAt: instant() }).meta({ id: 'Partner' }),
);

export const serviceIn = lazy(() =>
  z
    .strictObject({
      id: id().exactOptional().meta({ description: 'That of the path: what was read may be put back.' }),
      name: line(120),
    })
    .meta({ id: 'ServiceIn' }),
);

export const service = lazy(() => z.object({ id: id(), name: z.string() }).meta({ id: 'Service' }));

export const setup = lazy(() =>
  z
    .object({
      ready: z
        .boolean()
        .meta({ description: 'Whether a ticket can be opened and an emergency would page somebody.' }),
      missing: z.array(
        z.object({
          what: z.string(),
          why: z.string(),
          href: z.string().meta({ description: 'Where it is set.' }),
        }),
      ),
    })
    .meta({ id: 'Setup' }),
);
