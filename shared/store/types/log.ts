import type { Page } from '../../domain/escalation/escalation.ts';
import type { NewEvent, TicketEvent } from '../../domain/event.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import type { Instant } from '../../domain/time.ts';
import type { TimerChange } from '../../domain/timer.ts';
import type { IdempotencyRecord } from './idempotency.ts';

/** The end of the desk's own log, and what was done for the desk as a whole. */
export interface DeskHead {
  seq: number;
  head: string;
  /** The day (`2026-11-23`) whose coverage was checked last. */
  checked: string | null;
  /** See `openingDue` in shared/domain/opening.ts. */
  openUntil: Instant | null;
  /** Raised by each commit; 0 before the first. */
  version: number;
}

/** What happened to the desk itself and to no ticket: a chain of its own, with the outbox as for tickets. */
export interface DeskLog {
  head(): Promise<DeskHead>;
  /**
   * One transaction: events in the chain, SMS, timers, what the head keeps (as it was, when left out), and the incident
   * that the events are about, in the place of the one that was read. @throws Conflict when the log, or the incident,
   * moved meanwhile
   */
  commit(
    before: DeskHead,
    what: {
      events: NewEvent[];
      pages?: Page[];
      timers?: TimerChange[];
      checked?: string | null;
      openUntil?: Instant;
      incident?: { before: Incident | null; after: Incident };
      /** The API key of who did it; what the desk does of itself has none. */
      key?: string;
      /** Of the Idempotency-Key that it came with. */
      record?: IdempotencyRecord;
    },
    at: Instant,
  ): Promise<void>;
  /** Oldest first, from the one after `after` on. */
  events(after: number, limit: number): Promise<TicketEvent[]>;
}
