import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { week } from './calendar.ts';
import { id, instant, instantIn, line, person, timezone } from './common.ts';

const turn = () => z.int().min(1).max(10_000).exactOptional();

const rotation = lazy(() =>
  z.strictObject({
    name: line(80),
    start: z
      .string()
      .max(19)
      .meta({ description: "The first handoff, on the schedule's clock.", example: '2026-01-05T09:00' }),
    end: z
      .string()
      .max(19)
      .exactOptional()
      .meta({ description: 'Nobody is on call from it from then on.', example: '2026-06-01T09:00' }),
    every: z
      .strictObject({ weeks: turn(), days: turn(), hours: turn() })
      .meta({ description: 'One of the three.', example: { weeks: 1 } }),
    members: z.array(id()).max(100).meta({ description: 'Staff ids, in the order of their turns.' }),
    during: week().exactOptional().meta({ description: 'Only at these hours; always when left out.' }),
  }),
);

export const scheduleIn = lazy(() =>
  z
    .strictObject({
      name: line(80),
      timezone: timezone(),
      rotations: z.array(rotation()).max(20),
      id: id().exactOptional().meta({ description: 'That of the path: what was read may be put back.' }),
      overrides: z
        .array(z.unknown())
        .exactOptional()
        .meta({ description: 'Left as they are: overrides are added and ended one by one.' }),
      calendarUrl: z.unknown().meta({ description: 'Left as it is.' }).exactOptional(),
    })
    .meta({ id: 'ScheduleIn' }),
);

export const override = lazy(() =>
  z
    .object({
      id: z.string(),
      from: instant(),
      to: instant(),
      staff: z.string().nullable(),
      instead: z.string().nullable(),
      createdAt: instant().nullable(),
    })
    .meta({ id: 'Override' }),
);

export const schedule = lazy(() =>
  z
    .object({
      id: id(),
      name: z.string(),
      timezone: z.string(),
      rotations: z.array(rotation()),
      overrides: z
        .array(override())
        .meta({ description: 'Those that ended more than five weeks ago are no longer shown.' }),
      calendarUrl: z.string().nullable().meta({
        description:
          'The shifts as an iCalendar feed to subscribe to, for whoever knows this address; with `&staff=` and an id those of one person. Null while there is none.',
        format: 'uri',
      }),
    })
    .meta({ id: 'Schedule' }),
);

export const overrideParams = lazy(() => z.object({ id: id(), override: id() }));

export const overrideIn = lazy(() =>
  z
    .strictObject({
      from: instantIn(),
      to: instantIn(),
      staff: id().nullable().meta({ description: 'Who comes on call; null only takes `instead` off call.' }),
      instead: id()
        .nullable()
        .default(null)
        .meta({ description: 'Whom it relieves; without it both are on call.' }),
    })
    .meta({ id: 'OverrideIn' }),
);

const mostDays = 370;

export const shiftsQuery = lazy(() =>
  z
    .strictObject({ from: instantIn(), to: instantIn() })
    .refine((query) => query.to > query.from, { error: 'must be after from', path: ['to'] })
    .refine((query) => Date.parse(query.to) - Date.parse(query.from) <= mostDays * 86_400_000, {
      error: `must be at most ${mostDays} days after from`,
      path: ['to'],
    }),
);

export const shiftList = lazy(() =>
  z.object({
    data: z.array(
      z.object({ from: instant(), to: instant(), staff: person(), source: z.string() }).meta({ id: 'Shift' }),
    ),
    nextCursor: z.string().nullable(),
  }),
);

export const onCallNow = lazy(() =>
  z
    .object({
      levels: z.array(
        z.object({
          level: z.int(),
          who: z.array(person()),
          until: instant().nullable().meta({
            description:
              'When somebody else is paged, or nobody; null if that does not change within 400 days.',
          }),
        }),
      ),
    })
    .meta({ id: 'OnCall' }),
);
