import type { DeliveryAttempt, Exchange } from './webhook.ts';

/**
 * A delivery is one row of at most 400 KB (DynamoDB), of which its body may take 64 KiB. So its log keeps how
 * its last 100 attempts ended, what was exchanged in the last 10 (a whole run through the schedule), and long
 * answers of the last 4.
 */
const attemptsKept = 100;
const exchangesKept = 10;
const longAnswersKept = 4;
/** In UTF-8, as all that follows: what a sender keeps of one answer. */
export const answerBytes = { body: 16 * 1024, headers: 8 * 1024 } as const;
const cutBytes = { body: 1024, headers: 1024 } as const;

/** What of a delivery's attempts, oldest first, its log goes on keeping. */
export function keptAttempts(attempts: readonly DeliveryAttempt[]): DeliveryAttempt[] {
  return attempts.slice(-attemptsKept).map((attempt, index, { length }) => {
    const { exchange } = attempt;
    const back = length - index;
    if (exchange === null || back <= longAnswersKept) return attempt;
    return { ...attempt, exchange: back <= exchangesKept ? cutShort(exchange, cutBytes) : null };
  });
}

/** For an answer that is kept with its Idempotency-Key, in a row of the same size: of what receivers said the beginnings. */
export const shortened = (attempts: readonly DeliveryAttempt[]): DeliveryAttempt[] =>
  attempts.map((attempt) => ({
    ...attempt,
    exchange: attempt.exchange && cutShort(attempt.exchange, cutBytes),
  }));

/** With no more of the answer than that; headers that do not fit are left out whole. */
export function cutShort(exchange: Exchange, bytes: Record<keyof typeof answerBytes, number>): Exchange {
  const { response } = exchange;
  if (response === null) return exchange;
  const body = firstBytes(response.body, bytes.body);
  const truncated = response.truncated || body.length < response.body.length;
  return { ...exchange, response: { headers: fitting(response.headers, bytes.headers), body, truncated } };
}

function fitting(headers: Record<string, string>, bytes: number): Record<string, string> {
  let left = bytes;
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => {
      const fits = bytesOf(name) + bytesOf(value) <= left;
      if (fits) left -= bytesOf(name) + bytesOf(value);
      return fits;
    }),
  );
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** As much of a text as fits, no symbol cut in two. */
function firstBytes(text: string, bytes: number): string {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(bytes)).read);
}
