import { Agent, buildConnector, type Dispatcher, errors, request } from 'undici';
import { millisOf } from '../domain/time.ts';
import type { AttemptResult } from '../domain/webhook/delivery.ts';
import type { Clock } from '../runtime/clock.ts';
import {
  AddressRefused,
  checkWebhookUrl,
  guardConnector,
  guardedLookup,
  isLocalHook,
  type Resolve,
} from './address-guard.ts';
import { signatureHeaders } from './webhook-signature.ts';

const timeOutMs = 15_000;
/** What of an answer's body is read before the connection is cut: nothing of it is kept. */
const bodyCapBytes = 64 * 1024;

export interface WebhookMessage {
  url: string;
  secret: string;
  /** The same on every attempt: receivers deduplicate on it. */
  id: string;
  body: string;
}

export interface WebhookSender {
  /** One attempt. What went wrong is an answer, never an exception. */
  send(message: WebhookMessage): Promise<AttemptResult>;
}

/** Sends over HTTPS through the address guard. Redirects are not followed: a 3xx is a failed attempt. */
export function createWebhookSender(options: {
  clock: Clock;
  localOrigin: string | null;
  resolve?: Resolve;
}): WebhookSender {
  const { clock, localOrigin, resolve } = options;
  const connect = buildConnector({ timeout: timeOutMs, lookup: guardedLookup(resolve) });
  // One connection an attempt: a reused one may have been closed while the function slept, and each new one is checked.
  const openInternet = new Agent({ pipelining: 0, connect: guardConnector(connect) });
  const local = new Agent({ pipelining: 0 });

  return {
    async send(message) {
      const startedAt = clock.now();
      const timeOut = AbortSignal.timeout(timeOutMs);
      const answer = await attempt(message, startedAt, timeOut).catch((error: unknown) => ({
        statusCode: null,
        errorCode: codeOf(error, timeOut),
        retryAfterSeconds: null,
      }));
      return { ...answer, totalMs: millisOf(clock.now()) - millisOf(startedAt) };
    },
  };

  async function attempt(message: WebhookMessage, startedAt: string, timeOut: AbortSignal) {
    const checked = await checkWebhookUrl(message.url, { localOrigin, ...(resolve && { resolve }) });
    if (!checked.ok) throw new AddressRefused(checked.because);
    const response = await request(message.url, {
      method: 'POST',
      dispatcher: isLocalHook(new URL(message.url), localOrigin) ? local : openInternet,
      signal: timeOut,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Nightdesk-Webhooks/1',
        ...signatureHeaders(message.secret, {
          id: message.id,
          seconds: Math.floor(millisOf(startedAt) / 1000),
          body: message.body,
        }),
      },
      body: message.body,
    });
    await response.body.dump({ limit: bodyCapBytes, signal: timeOut });
    return {
      statusCode: response.statusCode,
      errorCode: isSuccess(response) ? null : `status_${response.statusCode}`,
      retryAfterSeconds: retryAfter(response.headers['retry-after'], millisOf(startedAt)),
    };
  }
}

function isSuccess({ statusCode }: Dispatcher.ResponseData): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function codeOf(error: unknown, timeOut: AbortSignal): NonNullable<AttemptResult['errorCode']> {
  if (error instanceof AddressRefused) return 'address_refused';
  if (timeOut.aborted || error instanceof errors.ConnectTimeoutError) return 'time_out';
  return 'connection_failed';
}

/** RFC 9110: seconds, or the date of a day. What is neither says nothing. */
function retryAfter(header: string | string[] | undefined, nowMs: number): number | null {
  const value = String(header ?? '').trim();
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - nowMs) / 1000));
}
