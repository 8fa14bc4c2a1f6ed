import { utcTime } from '../escalation/text.ts';
import type { NewEvent } from '../event.ts';
import { system } from '../event.ts';
import { addSeconds, type Instant, isAhead, millisOf } from '../time.ts';
import type { TimerChange, TimerKey } from '../timer.ts';
import type { AttemptResult } from './delivery.ts';
import type { WebhookEndpoint } from './webhook.ts';

/** What becomes of an endpoint: its new state, what its owner is told, and its timer. */
export interface EndpointChange {
  endpoint: WebhookEndpoint;
  events: NewEvent[];
  timers: TimerChange[];
}

const hour = 3600;
/** Four attempts of the schedule lie within it: no hiccup, and early enough to mend. */
export const warnAfterSeconds = hour;
export const disableAfterSeconds = 5 * 24 * hour;
/** An endpoint that answers within this delays nobody. */
const quickMs = 1000;

export const isQuick = ({ totalMs }: Pick<AttemptResult, 'totalMs'>): boolean => totalMs <= quickMs;

/** One that keeps an attempt so long hangs, or nearly. */
const hangingMs = 10_000;
const besideEachOther = 10;
/** Enough to see that it is back; what ends together at the time-out is work at once, beside everybody else's. */
const besideEachOtherWhileHanging = 2;

export const isHanging = ({ totalMs }: Pick<AttemptResult, 'totalMs'>): boolean => totalMs >= hangingMs;

/** How many of an endpoint's line are attempted side by side, by whether all of the round before were kept hanging. */
export const roundOfLine = (hanging: boolean): number =>
  hanging ? besideEachOtherWhileHanging : besideEachOther;

/** What an attempt tells of its endpoint; null when it tells nothing new. */
export function afterAttempt(
  endpoint: WebhookEndpoint,
  result: Pick<AttemptResult, 'errorCode' | 'disableBecause'>,
  now: Instant,
): EndpointChange | null {
  if (endpoint.status === 'disabled') return null;
  if (result.disableBecause !== null) return disabled(endpoint, result.disableBecause);
  if (result.errorCode === null && endpoint.failingSince !== null)
    return { endpoint: well(endpoint), events: [], timers: [{ clear: timerKey(endpoint) }] };
  const { failingSince } = endpoint;
  // Since a time to come: its timer would wait for that, and its owner would not be warned.
  if (result.errorCode !== null && (failingSince === null || isAhead(failingSince, now)))
    return {
      endpoint: { ...endpoint, failingSince: now, warnedAt: null },
      events: [],
      timers: [timer(endpoint, addSeconds(now, warnAfterSeconds))],
    };
  return null;
}

/** An endpoint has failed for long enough to be warned of, or to be disabled. null when it has not. */
export function failingDue(endpoint: WebhookEndpoint, now: Instant): EndpointChange | null {
  const { failingSince, status, warnedAt } = endpoint;
  if (status === 'disabled' || failingSince === null) return null;
  const disableAt = addSeconds(failingSince, disableAfterSeconds);
  if (now >= disableAt)
    return disabled(endpoint, `Nothing could be delivered for 5 days, since ${utcTime(failingSince)}.`);
  if (warnedAt !== null || now < addSeconds(failingSince, warnAfterSeconds)) return null;
  const warned = { ...endpoint, warnedAt: now };
  return {
    endpoint: warned,
    events: [event('webhook.failing', warned)],
    timers: [timer(endpoint, disableAt)],
  };
}

/** By its owner's wish, its receiver's, or because it failed for too long. */
export function disabled(endpoint: WebhookEndpoint, because: string): EndpointChange {
  const off: WebhookEndpoint = { ...endpoint, status: 'disabled', disabledBecause: because };
  return {
    endpoint: off,
    events: [event('webhook.disabled', off)],
    timers: [{ clear: timerKey(endpoint) }],
  };
}

/** In use again, as if it had never failed; it stands in line until it has answered quickly. */
export function enabled(endpoint: WebhookEndpoint): EndpointChange {
  return {
    endpoint: { ...well(endpoint), status: 'enabled', disabledBecause: null, slow: true },
    events: [],
    timers: [{ clear: timerKey(endpoint) }],
  };
}

const well = (endpoint: WebhookEndpoint): WebhookEndpoint => ({
  ...endpoint,
  failingSince: null,
  warnedAt: null,
});

/** Of the address the host alone: there are addresses that are secrets, and other endpoints are told, too. */
function event(type: 'webhook.failing' | 'webhook.disabled', endpoint: WebhookEndpoint): NewEvent {
  const { id, url, description, status, failingSince, disabledBecause } = endpoint;
  const { host } = new URL(url);
  return {
    type,
    actor: system,
    data: { webhook: { id, host, description, status, failingSince, disabledBecause } },
  };
}

function timer(endpoint: WebhookEndpoint, dueAt: Instant): TimerChange {
  return { set: { ...timerKey(endpoint), dueAt, generation: millisOf(dueAt) } };
}

function timerKey({ id, partner }: WebhookEndpoint): TimerKey {
  return { home: { endpoint: id, partner }, subject: id, kind: 'failing' };
}
