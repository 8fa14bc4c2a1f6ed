import type { EscalationReason, EscalationRoute, EscalationState } from '../../contract/words.ts';
import type { Escalation, Person } from '../escalation/escalation.ts';
import { fromInstant, type Instant, secondsBetween } from '../time.ts';

/** `open`: its due time has not come, and it is not over. */
export type PromiseOutcome = 'kept' | 'broken' | 'open';

/** What an auditor asks of one escalation: was its promise kept? */
export interface PromiseRow {
  escalation: string;
  ticket: string;
  partner: string;
  reason: EscalationReason;
  route: EscalationRoute;
  state: EscalationState;
  startedAt: Instant;
  dueAt: Instant;
  outcome: PromiseOutcome;
  brokenAt: Instant | null;
  /** Whoever took it first, and when: passing it on changes neither. */
  takenAt: Instant | null;
  takenBy: Person | null;
  secondsToTake: number | null;
}

/**
 * The row of an escalation by its own clock, also of one that follows another; null when nothing was owed: it was
 * cancelled before its promise fell due, or its own side closed it then and nobody had taken it.
 */
export function promiseRow(escalation: Escalation, now: Instant): PromiseRow | null {
  const outcome = outcomeOf(escalation, now);
  if (outcome === null) return null;
  const { id, ticket, partner, reason, route, state, startedAt, promise, taken } = escalation;
  return {
    escalation: id,
    ticket,
    partner,
    reason,
    route,
    state,
    startedAt,
    dueAt: promise.dueAt,
    outcome,
    brokenAt: outcome === 'broken' ? (promise.brokenAt ?? promise.dueAt) : null,
    takenAt: taken?.at ?? null,
    takenBy: taken?.by ?? null,
    secondsToTake: taken && secondsBetween(startedAt, taken.at),
  };
}

/** Kept: somebody held it at the due time, or it was over by then. A timer that is late changes nothing. */
export function outcomeOf(escalation: Escalation, now: Instant): PromiseOutcome | null {
  const { state, promise, promiseKept, endedAt, endedBy, taken } = escalation;
  if (promise.brokenAt !== null) return 'broken';
  const calledOff = state === 'cancelled' || (taken === null && endedBy?.kind !== 'staff');
  if (calledOff && endedAt !== null && endedAt < promise.dueAt) return null;
  if (promiseKept || state === 'resolved' || state === 'cancelled') return 'kept';
  if (now < promise.dueAt) return 'open';
  return state === 'acknowledged' ? 'kept' : 'broken';
}

const columns = [
  'escalation',
  'ticket',
  'partner',
  'reason',
  'route',
  'state',
  'started_at',
  'due_at',
  'outcome',
  'broken_at',
  'taken_at',
  'taken_by',
  'seconds_to_take',
];

/** The rows as a table, its times on the clock of a zone, with their offset: `2026-11-23T22:10:00-05:00`. */
export function promiseTable(rows: readonly PromiseRow[], timezone: string): (string | number | null)[][] {
  const local = (at: Instant | null) =>
    at && fromInstant(at).setZone(timezone).toISO({ suppressMilliseconds: true });
  return [
    columns,
    ...rows.map((row) => [
      ...[row.escalation, row.ticket, row.partner, row.reason, row.route, row.state],
      ...[local(row.startedAt), local(row.dueAt), row.outcome, local(row.brokenAt), local(row.takenAt)],
      ...[row.takenBy?.name ?? null, row.secondsToTake],
    ]),
  ];
}
