import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { instant, person } from './common.ts';

const whys = ['not_verified', 'opted_out', 'failing'] as const;

const gap = lazy(() =>
  z
    .object({
      from: instant(),
      to: instant(),
      level: z.int(),
      why: z.enum(['no_shift', ...whys]),
      people: z
        .array(z.object({ ...person().shape, why: z.enum(whys) }))
        .meta({ description: 'Who is paged all the same, each with why that cannot be relied on.' }),
    })
    .meta({ id: 'CoverageGap' }),
);

export const gaps = lazy(() => z.array(gap()));

export const coverageOut = lazy(() =>
  z
    .object({
      intervals: z
        .array(
          z.object({
            from: instant(),
            to: instant(),
            levels: z.array(z.object({ level: z.int(), who: z.array(person()) })),
          }),
        )
        .meta({ description: 'The closed time, cut where who can be reached changes.' }),
      gaps: gaps().meta({ description: 'Where a level has nobody who can be reached.' }),
    })
    .meta({ id: 'Coverage' }),
);

export const coverageQuery = lazy(() =>
  z.strictObject({ days: z.coerce.number().int().min(1).max(60).default(14) }),
);

/** What a change adds to its answer when it opens a hole. */
export const openedGaps = lazy(() => ({
  gaps: gaps().exactOptional().meta({
    description: 'Only when this change opened holes in the coverage of the next 14 days: those.',
  }),
}));
