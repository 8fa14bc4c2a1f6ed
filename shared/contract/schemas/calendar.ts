import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { id, instant, instantIn, line, timezone } from './common.ts';

const window = lazy(() =>
  z.tuple([z.string().max(5), z.string().max(5)]).meta({
    description: 'From (in) to (out); `22:00` to `06:00` runs overnight.',
    example: ['09:00', '20:00'],
  }),
);

const windows = lazy(() => z.array(window()).max(24));

/** Hours by weekday; a day left out is closed. */
export const week = lazy(() =>
  z.strictObject({
    mon: windows().exactOptional(),
    tue: windows().exactOptional(),
    wed: windows().exactOptional(),
    thu: windows().exactOptional(),
    fri: windows().exactOptional(),
    sat: windows().exactOptional(),
    sun: windows().exactOptional(),
  }),
);

const fields = lazy(() => ({
  timezone: timezone(),
  week: week(),
  presets: z
    .array(z.enum(['us-federal']))
    .max(1)
    .default([]),
  holidays: z
    .array(
      z.strictObject({
        date: z.string().max(10).meta({ format: 'date', example: '2026-12-24' }),
        name: line(120),
        active: z.boolean().default(true),
        hours: windows()
          .exactOptional()
          .meta({ description: 'Open at these hours only; without it the day is closed.' }),
      }),
    )
    .max(500)
    .default([]),
}));

/** What was read may be put back: its id is that of the path. */
export const calendarIn = lazy(() =>
  z.strictObject({ id: id().exactOptional(), ...fields() }).meta({ id: 'CalendarIn' }),
);

export const calendar = lazy(() => z.object({ id: id(), ...fields() }).meta({ id: 'Calendar' }));

const durationForm = /^P(?!$)(?:(\d{1,4})D)?(?:T(?!$)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;

export const businessTimeQuery = lazy(() =>
  z
    .strictObject({
      from: instantIn(),
      to: instantIn().exactOptional(),
      add: z
        .string()
        .regex(durationForm, {
          error: 'is not a duration such as PT2H or PT90M (a day is 24 h of business time)',
        })
        .exactOptional()
        .meta({ example: 'PT2H' }),
    })
    .refine((query) => (query.to === undefined) !== (query.add === undefined), {
      error: 'is required, or else to: one of the two',
      path: ['add'],
    }),
);

/** Seconds of a duration in the form above. */
export function durationSeconds(text: string): number {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = durationForm.exec(text) ?? [];
  return Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

export const businessTime = lazy(() =>
  z
    .object({
      dueAt: instant()
        .nullable()
        .exactOptional()
        .meta({ description: 'With `add`; null when it is not reached within ten years.' }),
      seconds: z.number().exactOptional().meta({ description: 'With `to`.' }),
      steps: z.array(z.object({ from: instant(), to: instant(), seconds: z.number(), note: z.string() })),
    })
    .meta({ id: 'BusinessTime' }),
);
