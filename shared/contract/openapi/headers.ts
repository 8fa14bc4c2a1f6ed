import type { Operation, ResponseSpec } from '../operation.ts';
import { type ProblemCode, problems } from '../problems.ts';

/** The headers of answers, each described once. */
export const headers = {
  'X-Request-Id': text('Names this request: tell us when something went wrong.', 'JKJaXmPLvHcESHA='),
  ETag: text('The version of what is shown: send it in `If-Match` with a change.', '"4"'),
  Location: text('Where to read what was made.', '/v1/tickets/ND-6PC7-PS91'),
  'Idempotent-Replayed': text(
    '`true`: this is the first answer to this `Idempotency-Key` again.',
    'true',
    false,
  ),
  RateLimit: text(
    'What is left of the requests that this key may send, and in how many seconds all of them are there again. Missing where requests are not counted.',
    '"requests";r=599;t=1',
    false,
  ),
  'RateLimit-Policy': text(
    'How many requests (`q`) this key may send in so many seconds (`w`). Missing where requests are not counted.',
    '"requests";q=600;w=60',
    false,
  ),
  'Retry-After': {
    ...text('Seconds to wait before it is sent again.', 1, false),
    schema: { type: 'integer' as const, minimum: 1 },
  },
  'WWW-Authenticate': text(
    'How to send a key, and what is wrong with this one.',
    'Bearer realm="nightdesk", error="invalid_token"',
  ),
};
type Header = keyof typeof headers;

function text(description: string, example: string | number, required = true) {
  return { description, required, schema: { type: 'string' as const }, example };
}

const refTo = (name: Header) => ({ $ref: `#/components/headers/${name}` });
const refs = (names: readonly Header[]) => Object.fromEntries(names.map((name) => [name, refTo(name)]));

const limits: readonly Header[] = ['RateLimit', 'RateLimit-Policy'];

export function headersOfAnswer(
  { rateLimit, idempotent }: Pick<Operation, 'rateLimit' | 'idempotent'>,
  { headers: own = [] }: ResponseSpec,
) {
  return refs([
    ...own,
    ...(idempotent ? (['Idempotent-Replayed'] as const) : []),
    ...(rateLimit ? limits : []),
    'X-Request-Id',
  ]);
}

/** Who is not known is not counted. */
export function headersOfRefusal(codes: readonly ProblemCode[]) {
  const unknown = codes.includes('unauthenticated');
  const waits = codes.some((code) => 'retryAfter' in problems[code]);
  return refs([
    ...(unknown ? (['WWW-Authenticate'] as const) : limits),
    ...(waits ? (['Retry-After'] as const) : []),
    'X-Request-Id',
  ]);
}
