import type { EscalationState, Severity, TicketStatus } from '../../contract/words.ts';
import type { Case, Decided } from '../../domain/decision.ts';
import type { Escalation, Page } from '../../domain/escalation/escalation.ts';
import type { TicketEvent } from '../../domain/event.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { Instant } from '../../domain/time.ts';
import type { IdempotencyRequest } from './idempotency.ts';
import type { Listing } from './listing.ts';

/** Where a ticket lives: the tenant is part of every key. */
export interface TicketAddress {
  partner: string;
  number: string;
}

export interface TicketFilter {
  /** null: every partner's (staff only). */
  partner: string | null;
  status?: TicketStatus;
  severity?: Severity;
  service?: string;
  /** The id in the foreign system, exactly. */
  externalRef?: string;
  /** Words that subject, description or number must hold. */
  q?: string;
  limit: number;
  cursor?: string;
}

export interface CommitExtras {
  idempotency?: IdempotencyRequest;
  /** The API key that the command came with: kept with the events that are its doing. */
  key?: string;
}

/** Tickets, escalations, pages and their event chain: one aggregate, one lock, one transaction. */
export interface Cases {
  /** The address of a ticket by its number alone, for staff and SMS; null when unknown. */
  find(number: string): Promise<TicketAddress | null>;
  /** The ticket as the partner sees it: one GetItem. */
  ticket(address: TicketAddress): Promise<Ticket | null>;
  /** Ticket, latest escalation and its pages, read consistently. */
  read(address: TicketAddress): Promise<Case | null>;
  /** One escalation that need not be the ticket's latest. */
  escalation(address: TicketAddress, id: string): Promise<{ escalation: Escalation; pages: Page[] } | null>;
  /**
   * Writes what was decided as ONE TransactWriteItems: ticket (on its version; creation on absence),
   * escalation, pages (each on its `from`), events in their chain, timers, outage rows, night count, idempotency record.
   * What is `unchanged` writes the idempotency record alone. A page to add that `before` has already (the
   * same answer to the same message) is left out; of two changes of one timer the later counts.
   * `version`, `seq` and `head` of the ticket are set here, whatever the decision says.
   * @throws Conflict when anything moved meanwhile: read again and decide again (see decide-and-commit.ts).
   * @throws IdempotencyTaken with the stored record when the key was used before.
   * @returns the case as committed.
   */
  commit(before: Case | null, what: Decided, at: Instant, extras?: CommitExtras): Promise<Case>;
  /**
   * The ticket's chain, oldest first, read consistently. A cursor is its `reader`'s alone: a partner, or null for the
   * desk. @throws BadCursor
   */
  events(
    address: TicketAddress,
    page: { limit: number; cursor?: string; reader?: string | null },
  ): Promise<Listing<TicketEvent>>;
  /**
   * Newest first, through an index (eventually consistent). Filters look at a bounded number of rows a call,
   * so a page may hold fewer than `limit` and still have a `nextCursor`. @throws BadCursor
   */
  list(filter: TicketFilter): Promise<Listing<Ticket>>;
  /** Newest first; staff only; bounded as `list` is. @throws BadCursor */
  escalations(filter: {
    state?: EscalationState;
    limit: number;
    cursor?: string;
  }): Promise<Listing<Escalation>>;
  /**
   * Oldest first, by their start from `from` up to and without `to`; null: every partner's (staff only).
   * @throws BadCursor
   */
  started(filter: {
    partner: string | null;
    from: Instant;
    to: Instant;
    limit: number;
    cursor?: string;
  }): Promise<Listing<Escalation>>;
  /** Escalations that this partner has started in the night that ends at `night` (the desk's next opening). */
  nightCount(partner: string, night: Instant): Promise<number>;
}
