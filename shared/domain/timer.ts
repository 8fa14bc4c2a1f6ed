import type { Instant } from './time.ts';

/**
 * One timer per subject and kind. `subject` names the row that the timer guards:
 * a ticket number (`sla`), an escalation id (`level`, `promise`, `desk`, `tell`, `outage`, `contact`, `shift`), a page
 * id (`send_by`), a delivery id (`retry`) or a webhook endpoint's id (`failing`, `line`).
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
] as const;
export type TimerKind = (typeof timerKinds)[number];

export interface TimerKey {
  /** Where the guarded row lives: the ticket's partner and number, the webhook delivery, or the webhook endpoint with its owner. */
  home:
    | { partner: string; ticket: string }
    | { delivery: string }
    | { endpoint: string; partner: string | null };
  subject: string;
  kind: TimerKind;
}

export interface Timer extends TimerKey {
  dueAt: Instant;
  /** Another with every setting; a message that carries an older one does nothing. */
  generation: number;
}

export type TimerChange = { set: Timer } | { clear: TimerKey };
