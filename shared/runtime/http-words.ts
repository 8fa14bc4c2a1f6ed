import type * as z from 'zod';
import type { FieldError } from '../contract/problems.ts';
import { Refusal } from './http.ts';

/** What a schema found wrong, in words: the same for bodies, queries and paths. */

const mostErrors = 30;

/** @throws Refusal `invalid_request` with every field that is wrong */
export function accept<T>(schema: z.ZodType<T>, value: unknown, whole: 'body' | 'query' | 'path'): T {
  const parsed = schema.safeParse(value, { error: inWords });
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.flatMap((issue) => fieldErrors(issue, whole)));
}

export function invalid(errors: readonly FieldError[]): Refusal {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const detail = first ? `${first.field} ${first.message}${more}` : 'Something in it is not valid.';
  return new Refusal('invalid_request', detail, { errors: errors.slice(0, mostErrors) });
}

function fieldErrors(issue: z.core.$ZodIssue, whole: string): FieldError[] {
  const field = issue.path.map(short).join('.') || whole;
  if (issue.code !== 'unrecognized_keys') return [{ field, message: issue.message }];
  return issue.keys.map((key) => ({
    field: [...issue.path, key].map(short).join('.'),
    message: 'is not a known field',
  }));
}

function short(key: PropertyKey): string {
  return String(key).slice(0, 64);
}

const kinds: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
};

/** Words for what the schemas have none of their own for. */
function inWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'is required';
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return limit(issue.origin, 'at least', Number(issue.minimum));
    case 'too_big':
      return limit(issue.origin, 'at most', Number(issue.maximum));
    case 'invalid_key':
      return 'has a key that is empty or too long';
    default:
      return issue.input === undefined ? 'is required' : 'is not valid';
  }
}

function limit(origin: string, bound: string, n: number): string {
  if (origin === 'string')
    return n === 1 && bound === 'at least' ? 'must not be empty' : `must have ${bound} ${n} characters`;
  if (origin === 'array') return `must have ${bound} ${n} ${n === 1 ? 'entry' : 'entries'}`;
  return `must be ${bound} ${n}`;
}
