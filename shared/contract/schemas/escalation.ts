import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { escalationReasons, escalationRoutes, escalationStates, pageStates } from '../words.ts';
import { instant, line, pageQuery, person, phoneAsWritten, prose } from './common.ts';

export const escalationIn = lazy(() =>
  z
    .strictObject({
      reason: z.enum(escalationReasons),
      detail: prose(2_000).nullable().default(null),
      callback: z.strictObject({
        name: line(120).nullable().default(null),
        phone: phoneAsWritten(),
        textUpdates: z.boolean().nullable().default(null).meta({
          description:
            'Text each step to that number, too, if it can be dialled: who is asked, who took it, and how it ended; nothing that the ticket says. Null: as it was, at first no.',
        }),
      }),
    })
    .refine((body) => body.reason !== 'other' || body.detail !== null, {
      error: 'is required with the reason other: say in words what is wrong',
      path: ['detail'],
    })
    .meta({ id: 'EscalationIn' }),
);

const promise = lazy(() => z.object({ dueAt: instant(), brokenAt: instant().nullable() }));

const unreachableSince = lazy(() =>
  instant()
    .nullable()
    .meta({ description: 'Since when nobody can be paged: please call. Null while somebody can.' }),
);

const follows = lazy(() =>
  z.string().nullable().meta({
    description:
      'The outage that it follows: another escalation pages for all that share it, and taking that one takes this one. Split it when it is a different problem.',
  }),
);

/** What a ticket shows of its latest escalation. */
export const escalationSummary = lazy(() =>
  z
    .object({
      id: z.string(),
      state: z.enum(escalationStates),
      route: z.enum(escalationRoutes),
      reason: z.enum(escalationReasons),
      startedAt: instant(),
      promise: promise(),
      level: z.int(),
      acknowledgedBy: person().nullable(),
      acknowledgedAt: instant().nullable(),
      follows: follows(),
      unreachableSince: unreachableSince(),
    })
    .meta({ id: 'EscalationSummary' }),
);

const page = lazy(() =>
  z
    .object({
      id: z.string(),
      to: person(),
      method: z.enum(['sms', 'topic']),
      level: z.int(),
      state: z.enum(pageStates),
      at: instant(),
      heldUntil: instant().nullable().meta({ description: 'Queued, and waiting for room on that phone.' }),
    })
    .meta({ id: 'Page', description: 'One message to one person: never a phone number.' }),
);

export const escalation = lazy(() =>
  z
    .object({
      id: z.string(),
      ticket: z.string(),
      state: z.enum(escalationStates),
      route: z.enum(escalationRoutes),
      reason: z.enum(escalationReasons),
      detail: z.string().nullable(),
      callback: z.object({ name: z.string().nullable(), phone: z.string(), textUpdates: z.boolean() }),
      startedAt: instant(),
      promise: promise(),
      level: z.int(),
      pages: z
        .array(page())
        .meta({ description: 'In the order in which they were made; the latest 500, in a list 50.' }),
      acknowledgedBy: person().nullable(),
      acknowledgedAt: instant().nullable(),
      contactedAt: instant().nullable(),
      endedAt: instant().nullable(),
      follows: follows(),
      unreachableSince: unreachableSince(),
    })
    .meta({ id: 'Escalation' }),
);

export const escalationPreview = lazy(() =>
  z
    .object({
      route: z.enum(escalationRoutes),
      reason: z.string().meta({ description: 'Why this route, in words.' }),
      promiseDueAt: instant().meta({
        description:
          'By when a person takes it. Past when nobody took it the first time: nothing new is promised.',
      }),
      wouldBeRefused: z.boolean().meta({
        description: 'The cap of the night is reached: nobody would be paged and nothing is promised; call.',
      }),
      phone: z.string().meta({ description: 'The number to call instead, answered at night.' }),
      wouldFollow: z.boolean().meta({
        description:
          'It belongs to a known outage: another escalation pages for it, and nobody else is paged.',
      }),
      wouldPage: z.array(z.object({ level: z.int(), afterSeconds: z.int(), to: z.array(person()) })).meta({
        description:
          'With nobody answering, and whoever is on call by then; when the desk closes meanwhile the levels of the night follow.',
      }),
    })
    .meta({ id: 'EscalationPreview' }),
);

export const previewQuery = lazy(() =>
  z.strictObject({
    reason: z.enum(escalationReasons).default('other').meta({
      description: 'With it the preview knows whether the press would join an outage of its service.',
    }),
  }),
);

export const escalationsQuery = lazy(() =>
  z.strictObject({
    state: z.enum(escalationStates).exactOptional(),
    limit: pageQuery.limit(),
    cursor: pageQuery.cursor(),
  }),
);

export const escalationParams = lazy(() =>
  z.object({ id: z.string().min(1).max(64).meta({ example: 'esc_6PC7PS9V_1' }) }),
);
