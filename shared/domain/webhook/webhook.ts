import type { Instant } from '../time.ts';

/** A webhook endpoint belongs to a partner, or (partner null) to the provider's desk, which sees everything. */
export interface WebhookEndpoint {
  id: string;
  partner: string | null;
  url: string;
  /** `*`, `escalation.*` or a whole type. */
  eventTypes: string[];
  description: string | null;
  /** `whsec_…` (Standard Webhooks). */
  secret: string;
  status: 'enabled' | 'disabled';
  /** Why it was disabled, in words; null while enabled. */
  disabledBecause: string | null;
  createdAt: Instant;
}

export interface DeliveryAttempt {
  n: number;
  at: Instant;
  trigger: 'event' | 'schedule';
  statusCode: number | null;
  /** Why there was no answer that counts: `time_out`, `address_refused`, `connection_failed`, `status_503`…; null on success. */
  errorCode: string | null;
  totalMs: number;
}

/** One event on its way to one endpoint. `queued` is work for the outbox, `waiting` is a retry's timer. */
export interface WebhookDelivery {
  /** `whd_<hash of endpoint and event>`: the same event makes the same delivery, however often it arrives. */
  id: string;
  endpoint: string;
  partner: string | null;
  event: { id: string; type: string };
  /** The exact body bytes as text: signed anew for each attempt, never built again. */
  body: string;
  status: 'queued' | 'waiting' | 'delivered' | 'failed' | 'skipped';
  attempts: DeliveryAttempt[];
  nextAttemptAt: Instant | null;
  createdAt: Instant;
  /** Optimistic lock. */
  version: number;
}
