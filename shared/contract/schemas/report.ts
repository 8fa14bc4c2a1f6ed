import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { escalationReasons, escalationRoutes, escalationStates } from '../words.ts';
import { instant, instantIn, pageQuery, person } from './common.ts';

/** A day on the provider's clock, from its first moment, or an instant. */
const when = lazy(() =>
  z
    .union([
      z.string().refine((day) => /^[\d-]{10}$/.test(day) && instantIn().safeParse(`${day}T00:00Z`).success, {
        error: 'is neither a day such as 2026-11-01 nor an instant',
      }),
      instantIn(),
    ])
    .meta({ example: '2026-11-01' }),
);

const range = {
  from: () => when().meta({ description: 'A day in the provider’s zone, or an instant.' }),
  to: () => when().meta({ description: 'Left out itself; at most 13 months after `from`.' }),
};

export const reportQuery = lazy(() => z.strictObject({ from: range.from(), to: range.to() }));

export const promisesQuery = lazy(() =>
  z
    .strictObject({
      from: range.from(),
      to: range.to(),
      format: z.enum(['json', 'csv']).default('json').meta({
        description: '`csv` is the whole range in one file, of at most 5,000 escalations.',
      }),
      limit: pageQuery.limit(),
      cursor: pageQuery.cursor(),
    })
    .refine(({ format, cursor }) => format === 'json' || cursor === undefined, {
      error: 'is for json: a csv file has the whole range',
      path: ['cursor'],
    }),
);

const promiseRow = lazy(() =>
  z
    .object({
      escalation: z.string(),
      ticket: z.string(),
      partner: z.string(),
      reason: z.enum(escalationReasons),
      route: z.enum(escalationRoutes),
      state: z.enum(escalationStates),
      startedAt: instant(),
      dueAt: instant(),
      outcome: z.enum(['kept', 'broken', 'open']),
      brokenAt: instant().nullable(),
      takenAt: instant().nullable().meta({ description: 'When it was first taken.' }),
      takenBy: person().nullable(),
      secondsToTake: z.number().nullable(),
    })
    .meta({ id: 'PromiseRow' }),
);

export const promiseReport = lazy(() =>
  z
    .object({ data: z.array(promiseRow()), nextCursor: z.string().nullable(), timezone: z.string() })
    .meta({ id: 'PromiseReport' }),
);

const durations = lazy(() =>
  z.object({
    count: z.int(),
    medianSeconds: z.number().nullable(),
    p95Seconds: z.number().nullable(),
    longestSeconds: z.number().nullable(),
  }),
);
const rung = { pages: z.int(), sleepInterrupted: z.int() };

export const onCallReport = lazy(() =>
  z
    .object({
      from: instant(),
      to: instant(),
      timezone: z.string(),
      escalations: z.int(),
      timeToPage: durations(),
      timeToAcknowledge: durations(),
      promises: z.object({ kept: z.int(), broken: z.int(), open: z.int(), cancelled: z.int() }),
      people: z.array(
        person().extend({
          ...rung,
          taken: z.int(),
          weeks: z.array(z.object({ week: z.string().meta({ example: '2026-W47' }), ...rung })),
        }),
      ),
    })
    .meta({ id: 'OnCallReport' }),
);
