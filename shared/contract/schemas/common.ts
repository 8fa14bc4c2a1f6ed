import * as z from 'zod';
import { lazy } from '../lazy.ts';

/** One line of text: what would break a line becomes a space, half characters are mended, ends are trimmed. */
export function line(max: number) {
  return z
    .string()
    .overwrite((text) =>
      text
        .toWellFormed()
        .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
        .trim(),
    )
    .min(1)
    .max(max);
}

/** Half characters are mended, and control characters that are no white space, of which each would be six in JSON. */
export const mended = (text: string): string => text.toWellFormed().replace(/[^\P{Cc}\t\n\r]/gu, ' ');

/** Text of any number of lines, otherwise kept as written. */
export function prose(max: number) {
  return z
    .string()
    .overwrite(mended)
    .max(max)
    .refine((text) => text.trim() !== '', { error: 'must not be empty' })
    .meta({ minLength: 1 });
}

export const id = lazy(() =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, {
    error: 'must be 1 to 64 letters, digits, - or _, beginning with a letter or digit',
  }),
);

const emailForm =
  /^(?!\.)(?!.*\.\.)[^\s@<>"(),:;\\[\]\p{Cc}]{1,64}@[^\s@.<>,\p{Cc}]+(\.[^\s@.<>,\p{Cc}]+)+$/u;

export const email = lazy(() =>
  z
    .string()
    .overwrite((text) => text.trim())
    .max(254)
    .refine((text) => emailForm.test(text) && text.isWellFormed(), {
      error: 'is not an e-mail address',
      abort: true,
    })
    .meta({ format: 'email', example: 'kim@acme.example' }),
);

export const timezone = lazy(() =>
  z
    .string()
    .max(64)
    .refine(isTimezone, { error: 'is not an IANA time zone such as America/New_York' })
    .meta({ example: 'America/New_York' }),
);

function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** A telephone number as written: what cannot be parsed is kept, never refused. */
export const phoneAsWritten = lazy(() => line(500).meta({ example: '+1 202 555 0147' }));

/** An instant in answers. */
export const instant = lazy(() =>
  z.string().meta({ id: 'Instant', format: 'date-time', example: '2026-01-05T14:00:00.000Z' }),
);

const instantForm = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** An instant in requests: any offset, made UTC. The years are bounded so that calendars can answer for them. */
export const instantIn = lazy(() =>
  z
    .string()
    .meta({ format: 'date-time', example: '2026-01-05T14:00:00Z' })
    .transform((text, context) => {
      const [, year, month, day] = instantForm.exec(text) ?? [];
      const millis = year ? Date.parse(text) : Number.NaN;
      if (Number.isNaN(millis) || new Date(`${year}-${month}-${day}T00:00Z`).getUTCDate() !== Number(day)) {
        context.issues.push({
          code: 'custom',
          message: 'is not an instant: write it like 2026-01-05T14:00:00Z',
          input: text,
        });
        return z.NEVER;
      }
      if (millis < Date.UTC(2000) || millis >= Date.UTC(2100)) {
        context.issues.push({
          code: 'custom',
          message: 'must lie between the years 2000 and 2100',
          input: text,
        });
        return z.NEVER;
      }
      return new Date(millis).toISOString();
    }),
);

/** Somebody, as others see them. */
export const person = lazy(() => z.object({ id: z.string(), name: z.string() }).meta({ id: 'Person' }));

export const httpUrl = lazy(() =>
  z
    .string()
    .overwrite((text) => text.toWellFormed())
    .max(2048)
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
      error: 'is not an http or https URL',
    })
    .meta({ format: 'uri' }),
);

/** The query of every list. */
export const pageQuery = {
  limit: (usual = 25) => z.coerce.number().int().min(1).max(100).default(usual),
  cursor: () => z.string().min(1).max(2048).exactOptional().meta({ description: 'From `nextCursor`.' }),
};

export const listQuery = lazy(() => z.strictObject({ limit: pageQuery.limit(), cursor: pageQuery.cursor() }));

/** Of a list that is short as a rule: all of it comes at once, up to a hundred. */
export const shortListQuery = lazy(() =>
  z.strictObject({ limit: pageQuery.limit(100), cursor: pageQuery.cursor() }),
);

export const idParams = lazy(() => z.object({ id: id() }));

/** `{data, nextCursor}`. */
export function listOf<T extends z.ZodType>(item: () => T) {
  return lazy(() => z.object({ data: z.array(item()), nextCursor: z.string().nullable() }));
}

/** For PATCH: a change that changes nothing is a mistake. */
export function someField<T extends z.ZodType>(schema: T): T {
  return schema.refine((body) => Object.keys(body as object).length > 0, {
    error: 'must have at least one field to change',
  });
}
