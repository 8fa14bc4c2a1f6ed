import type { Instant } from './time.ts';

/**
 * One timer per subject and kind. `subject` names the row that the timer guards:
 * a ticket number (`sla`), an escalation id (`level`, `promise`, `desk`, `tell`, `outage`, `contact`, `shift`), a page
 * id (`send_by`), a delivery id (`retry`), a webhook endpoint's id (`failing`, `line`) or `desk` (`opening`).
 */
export const timerKinds = [
  'sla',
  'level',
  'promise',
  'desk',
  'tell',
  'outage',
  'contact',
  'shift',
  'send_by',
  'retry',
  'failing',
  'line',
  'opening',
] as const;
export type TimerKind = (typeof timerKinds)[number];

export interface TimerKey {
  /** Where the guarded row lives: the ticket's partner and number, the webhook delivery, the webhook endpoint with its owner, or the desk's own log. */
  home:
    | { partner: string; ticket: string }
    | { delivery: string }
    | { endpoint: string; partner: string | null }
    | { desk: true };
  subject: string;
  kind: TimerKind;
}

export interface Timer extends TimerKey {
  dueAt: Instant;
  /** Another with every setting; a message that carries an older one does nothing. */
  generation: number;
}

export type TimerChange = { set: Timer } | { clear: TimerKey };

/** Fires when the desk opens next, and at once when its hours have changed. */
export const openingKey: TimerKey = { home: { desk: true }, subject: 'desk', kind: 'opening' };
