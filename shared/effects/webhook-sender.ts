import { Client, type Dispatcher } from 'undici';
import { mended } from '../contract/schemas/common.ts';
import { millisOf } from '../domain/time.ts';
import { answerBytes, cutShort } from '../domain/webhook/attempt-log.ts';
import type { AttemptResult } from '../domain/webhook/delivery.ts';
import type { Exchange } from '../domain/webhook/webhook.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Resolve } from './address-guard.ts';
import { AddressRefused, checkWebhookForm, isLocalHook } from './address-guard.ts';
import { connectorTo } from './webhook-connector.ts';
import { errorCodeOf, statusCodeError } from './webhook-errors.ts';
import { signatureHeaders } from './webhook-signature.ts';

/** The status has said whether it was taken: a body may take a little longer, but not for ever. */
const bodyMs = 1000;

export interface WebhookMessage {
  url: string;
  /** Each of them signs: the newest, and those that it replaced a short while ago. */
  secrets: readonly string[];
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
  /** For tests; 15 s when left out. */
  timeOutMs?: number;
}): WebhookSender {
  const { clock, localOrigin, resolve, timeOutMs = 15_000 } = options;
  const connect = connectorTo({ timeOutMs, resolve });

  return {
    async send(message) {
      const startedAt = clock.now();
      const began = performance.now();
      const timeOut = AbortSignal.timeout(timeOutMs);
      const requestHeaders = {
        'content-type': 'application/json',
        'user-agent': 'Nightdesk-Webhooks/1',
        ...signatureHeaders(message.secrets, {
          id: message.id,
          seconds: Math.floor(millisOf(startedAt) / 1000),
          body: message.body,
        }),
      };
      const exchange: Exchange = { url: message.url, remoteAddress: null, requestHeaders, response: null };
      let met: Omit<AttemptResult, 'totalMs' | 'exchange'>;
      try {
        met = await attempt(message, exchange, timeOut, millisOf(startedAt));
      } catch (error) {
        const errorCode = timeOut.aborted ? 'time_out' : errorCodeOf(error);
        met = { statusCode: null, errorCode, retryAfterSeconds: null, disableBecause: null };
      }
      const totalMs = Math.round(performance.now() - began);
      return { ...met, totalMs, exchange: cutShort(exchange, answerBytes) };
    },
  };

  /** One connection an attempt: one kept open may have died while the function slept, and each new one is checked. */
  async function attempt(message: WebhookMessage, exchange: Exchange, timeOut: AbortSignal, nowMs: number) {
    const url = new URL(message.url);
    const checked = checkWebhookForm(message.url, localOrigin);
    if (!checked.ok) throw new AddressRefused(checked.because);
    const through = connect[isLocalHook(url, localOrigin) ? 'local' : 'open'];
    const client = new Client(url.origin, {
      pipelining: 0,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (connection, callback) =>
        through(connection, callback, (address) => {
          exchange.remoteAddress = address;
        }),
    });
    try {
      const response = await client.request({
        method: 'POST',
        path: `${url.pathname}${url.search}`,
        headers: exchange.requestHeaders,
        body: message.body,
        signal: timeOut,
      });
      const headers = plain(response.headers);
      exchange.response = { headers, ...(await read(response.body)) };
      const { statusCode } = response;
      return {
        statusCode,
        errorCode: statusCodeError(statusCode),
        retryAfterSeconds: retryAfter(headers['retry-after'], nowMs),
        disableBecause: askedToStop(statusCode, headers),
      };
    } finally {
      await client.destroy();
    }
  }
}

/** No more of it is read than is kept, as text, or what came of it before the connection broke or the body's time was up. */
async function read(body: Dispatcher.ResponseData['body']): Promise<{ body: string; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let whole = false;
  const late = setTimeout(() => body.destroy(), bodyMs);
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > answerBytes.body) break;
    }
    whole = bytes <= answerBytes.body;
  } catch {
    // The status has been read and counts; of the body, what came is what there is.
  } finally {
    clearTimeout(late);
  }
  const text = Buffer.concat(chunks).subarray(0, answerBytes.body).toString('utf8');
  return { body: mended(text), truncated: !whole };
}

/** Without one named `__proto__`, which no row can hold. */
function plain(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => name !== '__proto__');
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

function askedToStop(statusCode: number, headers: Record<string, string>): string | null {
  if (statusCode === 410) return 'The receiver answered 410 Gone.';
  if (headers['webhook-delivery']?.trim().toLowerCase() === 'disable')
    return 'The receiver answered with webhook-delivery: disable.';
  return null;
}

/** RFC 9110: seconds, or the date of a day. What is neither says nothing. */
function retryAfter(header: string | undefined, nowMs: number): number | null {
  const value = (header ?? '').trim();
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - nowMs) / 1000));
}
