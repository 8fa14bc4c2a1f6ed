import type { Operation } from '../../shared/contract/operation.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { type Answer, type HttpEvent, Refusal, readJson } from '../../shared/runtime/http.ts';
import { accept, invalid } from '../../shared/runtime/http-words.ts';
import type { IdempotencyRecord } from '../../shared/store/types/idempotency.ts';
import { authenticate, authorize, type Caller } from './caller.ts';
import type { Desk } from './desk.ts';
import { tellingGaps } from './gaps.ts';
import { type IdempotencyKey, once, readIdempotencyKey } from './once.ts';

/** A request that is known, allowed and well-formed. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  params: P;
  query: Q;
  body: B;
  caller: Caller;
  desk: Desk;
  now: Instant;
  idempotency: IdempotencyKey | null;
  /** The tags of `If-Match`, or `*`; null when there are none: see `mustMatch`. */
  ifMatch: readonly string[] | null;
}

/**
 * An effect to run once: returned by operations whose idempotency is a claim, so that refusals come before it. What is
 * one transaction keeps its answer in that: a crash after it then loses nothing.
 */
export type Effect = (keep: Keep) => Promise<Answer>;
/** The record of an answer; undefined where no Idempotency-Key was sent. */
export type Keep = (answer: Answer) => IdempotencyRecord | undefined;

/** What the request is about, for the one line that is logged of it. */
export interface About {
  operation: string | null;
  key: string | null;
  partner: string | null;
  ticket: string | null;
  /** Sent with the answer, whatever it is. */
  headers: Record<string, string>;
}

export interface Route {
  operation: Operation;
  answer(event: HttpEvent, desk: Desk, about: About): Promise<Answer>;
}

/** An operation and what does it: parse → store reads → domain decision → commit → present. */
export function route<P, Q, B>(
  operation: Operation<P, Q, B>,
  run: (call: Call<P, Q, B>) => Promise<Answer | Effect>,
): Route {
  return {
    operation: operation as Operation,
    async answer(event, desk, about) {
      const now = desk.clock.now();
      const caller = await authenticate(event.headers.authorization, { store: desk.store, now });
      about.key = caller.key;
      about.partner = caller.partner?.id ?? null;
      await admit(operation, caller, desk, about, now);
      if (operation.access !== 'open') authorize(caller, operation.access);
      const params = accept(operation.params(), event.pathParameters ?? {}, 'path');
      about.ticket = (params as { number?: string }).number ?? null;
      const query = accept(operation.query(), event.queryStringParameters ?? {}, 'query');
      const raw = operation.body && readJson(event, { optional: operation.bodyOptional });
      const idempotency = readIdempotencyKey(operation, event, caller, now);
      const body = operation.body ? accept(operation.body(), raw, 'body') : (undefined as B);
      if (operation.method === 'PUT') mustNameItself(params as Named, body as Named);
      const ifMatch = operation.ifMatch ? readIfMatch(event.headers['if-match']) : null;
      const call: Call<P, Q, B> = { params, query, body, caller, desk, now, idempotency, ifMatch };
      const answer = await once(call, operation.idempotent, () =>
        operation.tellsGaps ? tellingGaps(call, () => run(call)) : run(call),
      );
      about.ticket ??= /^\/v1\/tickets\/([^/]+)/.exec(answer.headers.location ?? '')?.[1] ?? null;
      return answer;
    },
  };
}

/** An operation that needs no key. */
export function openRoute(operation: Operation, run: (desk: Desk) => Promise<Answer>): Route {
  return { operation, answer: (_event, desk) => run(desk) };
}

/** Counts the request. @throws Refusal `rate_limited`, with the number to call where a ticket cannot be opened */
async function admit(
  { rateLimit }: Operation,
  { key }: Caller,
  { limits, store }: Desk,
  about: About,
  now: Instant,
): Promise<void> {
  if (rateLimit === null) return;
  const { admitted, headers, retryAfterSeconds } = limits.take(key, rateLimit, now);
  about.headers = headers;
  if (admitted) return;
  const phone = rateLimit === 'tickets' ? (await store.directory.provider())?.phone : undefined;
  const call =
    phone === undefined ? '' : ` If it cannot wait, escalate a ticket that is open, or call ${phone}.`;
  throw new Refusal('rate_limited', `This key has sent too many ${rateLimit} within a minute.${call}`, {
    headers: { 'retry-after': String(retryAfterSeconds) },
    ...(phone === undefined ? {} : { extra: { phone } }),
  });
}

interface Named {
  id?: string;
}

/** What is put may have the id of where it is put, and no other. */
function mustNameItself(params: Named, body: Named): void {
  if (body.id === undefined || body.id === params.id) return;
  const message = `is not ${params.id}, that of the path: leave it out, or put this where its own id is`;
  throw invalid([{ field: 'id', message }]);
}

function readIfMatch(header: string | undefined): string[] | null {
  if (header === undefined) return null;
  if (header.trim() === '*') return ['*'];
  const tags = header.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => /^(W\/)?"[\x21\x23-\x7e]*"$/.test(tag))) {
    throw invalid([{ field: 'If-Match', message: 'must be an ETag such as "3"' }]);
  }
  return tags;
}
