import type { FieldError, Problem, ProblemCode } from '../contract/problems.ts';
import { problems } from '../contract/problems.ts';

/** What every way in over HTTP shares: answers, refusals, and reading a request of API Gateway (payload 2.0). */

/** The part of an API Gateway event that we read. */
export interface HttpEvent {
  rawPath: string;
  headers: Record<string, string | undefined>;
  queryStringParameters?: Record<string, string | undefined> | undefined;
  pathParameters?: Record<string, string | undefined> | undefined;
  body?: string | undefined;
  isBase64Encoded: boolean;
  requestContext: { requestId: string; http: { method: string; path: string } };
}

/** An answer as its bytes. */
export interface Answer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/** Thrown wherever a request is refused; one place makes problem+json of it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: {
      errors?: readonly FieldError[];
      extra?: Record<string, unknown>;
      headers?: Record<string, string>;
    } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = more.errors ?? [];
    this.extra = more.extra ?? {};
    this.headers = more.headers ?? {};
  }
}

export function problemAnswer(
  { code, message, errors, extra, headers }: Refusal,
  about: { requestId: string; publicUrl: string },
): Answer {
  const { status, title, retryAfter: wait }: Problem = problems[code];
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(wait === undefined ? {} : { 'retry-after': String(wait) }),
      ...headers,
    },
    body: JSON.stringify({
      ...extra,
      type: `${about.publicUrl}/docs/problems/${code}`,
      title,
      status,
      code,
      detail: message,
      requestId: about.requestId,
      errors,
    }),
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
}

export function empty(status: number, headers: Record<string, string> = {}): Answer {
  return { status, body: '', headers };
}

const mostBytes = 1_048_576;

/** The JSON of a body. Whatever is wrong with it is refused before anything looks inside. */
export function readJson(event: HttpEvent, options: { optional: boolean }): unknown {
  const bytes = bodyBytes(event);
  if (bytes.length > mostBytes) {
    throw new Refusal('body_too_large', 'Send at most 1 MB.');
  }
  if (bytes.length === 0 && options.optional) return {};
  const type = event.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Refusal('unsupported_media_type', 'Send JSON, with the header Content-Type: application/json.');
  }
  if (bytes.length === 0) throw new Refusal('malformed_json', 'The body is empty; it must be a JSON object.');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal('malformed_json', 'The body cannot be read as JSON in UTF-8.');
  }
}

export function bodyBytes({ body = '', isBase64Encoded }: HttpEvent): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

/** Whether a path is one of a template such as `/v1/tickets/{number}`, whatever its method; a last slash does not count. */
export function pathFits(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.replace(/(?<=.)\/$/, '').split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, n) => (part.startsWith('{') ? given[n] !== '' : part === given[n]))
  );
}
