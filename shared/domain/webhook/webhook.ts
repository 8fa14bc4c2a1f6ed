import type { DeliveryStatus, DeliveryTrigger } from '../../contract/words.ts';
import type { Instant } from '../time.ts';

/** A webhook endpoint belongs to a partner, or (partner null) to the provider's desk, which sees everything. */
export interface WebhookEndpoint {
  id: string;
  partner: string | null;
  url: string;
  /** `*`, `escalation.*` or a whole type. */
  eventTypes: string[];
  description: string | null;
  /** `thin`: the ticket's number in place of its data. */
  payload: 'full' | 'thin';
  /** The API key whose own changes, and those of its successors, are not sent back to it; null: everything is sent. */
  ignoredKey: string | null;
  /** `whsec_…` (Standard Webhooks). */
  secret: string;
  /** Secrets that were replaced, newest first: each signs along until its time. */
  formerSecrets: { secret: string; until: Instant }[];
  status: 'enabled' | 'disabled';
  /** Why it was disabled, in words; null while enabled. */
  disabledBecause: string | null;
  /** Its deliveries stand in a line of their own: it has never answered yet, or last took over a second. */
  slow: boolean;
  /** The first failed attempt since the last delivered one; null while all is well. */
  failingSince: Instant | null;
  /** When its owner was told of that. */
  warnedAt: Instant | null;
  /** The last place and hash of its own events, `webhook.failing` and `webhook.disabled`. */
  seq: number;
  head: string;
  createdAt: Instant;
  /** Optimistic lock. */
  version: number;
}

/** What was sent and what came back. */
export interface Exchange {
  url: string;
  remoteAddress: string | null;
  requestHeaders: Record<string, string>;
  /** null when no answer came. */
  response: { headers: Record<string, string>; body: string; truncated: boolean } | null;
}

export interface DeliveryAttempt {
  n: number;
  at: Instant;
  trigger: DeliveryTrigger;
  statusCode: number | null;
  /** Why it does not count as delivered: `time_out`, `address_refused`, `status_503`…; null on success. */
  errorCode: string | null;
  totalMs: number;
  /** null for attempts so far back that it was let go; a little further back long answers are cut short. */
  exchange: Exchange | null;
}

/** One event on its way to one endpoint. `queued` is work to do, `waiting` is a retry's timer. */
export interface WebhookDelivery {
  /** `whd_<hash of endpoint and event>`: the same event makes the same delivery, however often it arrives. */
  id: string;
  endpoint: string;
  partner: string | null;
  event: { id: string; type: string };
  /** The exact body bytes as text: signed anew for each attempt, never built again. */
  body: string;
  status: DeliveryStatus;
  /** What brings the next attempt about. */
  trigger: DeliveryTrigger;
  /** How it gets there: as a message of its own, or by standing in the endpoint's line. */
  way: 'direct' | 'line';
  attempts: DeliveryAttempt[];
  /** How many of them came before the present run through the schedule. */
  triedBefore: number;
  /** Since when it is, or when it last was, work to do: its place in a line. */
  queuedAt: Instant;
  nextAttemptAt: Instant | null;
  createdAt: Instant;
  /** Optimistic lock. */
  version: number;
}
