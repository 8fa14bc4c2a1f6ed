import * as z from 'zod';
import { lazy } from '../../contract/lazy.ts';
import type { Calendar, Week } from '../../domain/calendar/types.ts';
import type { Override, PastRotations, Schedule } from '../../domain/schedule/types.ts';

const windowsSchema = lazy(() => z.array(z.tuple([z.string(), z.string()])));

const weekSchema = lazy(() => {
  const day = windowsSchema().optional();
  return z.object({
    mon: day,
    tue: day,
    wed: day,
    thu: day,
    fri: day,
    sat: day,
    sun: day,
  }) satisfies z.ZodType<Week>;
});

export const calendarSchema = lazy(
  () =>
    z.object({
      id: z.string(),
      timezone: z.string(),
      week: weekSchema(),
      presets: z.array(z.literal('us-federal')).optional(),
      holidays: z
        .array(
          z.object({
            date: z.string(),
            name: z.string(),
            active: z.boolean().optional(),
            hours: windowsSchema().optional(),
          }),
        )
        .optional(),
    }) satisfies z.ZodType<Calendar & { id: string }>,
);

const rotationsSchema = lazy(() => {
  const text = z.string();
  const count = z.number().optional();
  return z.array(
    z.object({
      name: text,
      start: text,
      end: text.optional(),
      every: z.object({ weeks: count, days: count, hours: count }),
      members: z.array(text),
      during: weekSchema().optional(),
    }),
  );
});

export const pastRotationsSchema = lazy(
  () =>
    z.object({
      until: z.string(),
      timezone: z.string(),
      rotations: rotationsSchema(),
    }) satisfies z.ZodType<PastRotations>,
);

export const overrideSchema = lazy(() => {
  const text = z.string();
  return z.object({
    id: text.optional(),
    from: text,
    to: text,
    staff: text.nullable(),
    instead: text.optional(),
    createdAt: text.optional(),
  }) satisfies z.ZodType<Override>;
});

export const scheduleSchema = lazy(
  () =>
    z.object({
      id: z.string(),
      name: z.string(),
      timezone: z.string(),
      rotations: rotationsSchema(),
      overrides: z.array(overrideSchema()),
      past: z.array(pastRotationsSchema()).optional(),
      knownFrom: z.string().optional(),
      calendarToken: z.string().nullable().optional(),
    }) satisfies z.ZodType<Schedule>,
);
