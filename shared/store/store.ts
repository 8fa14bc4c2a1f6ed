import type { EscalationState, Severity, TicketStatus } from '../contract/words.ts';
import type { Calendar } from '../domain/calendar/calendar.ts';
import type { Case, Decided } from '../domain/decision.ts';
import type { ApiKey, Partner, Plan, Policy, Provider, Roster, Service, Staff } from '../domain/directory.ts';
import type { Escalation, Page } from '../domain/escalation/escalation.ts';
import type { TicketEvent } from '../domain/event.ts';
import type { Schedule } from '../domain/schedule/schedule.ts';
import type { Ticket } from '../domain/ticket/ticket.ts';
import type { Instant } from '../domain/time.ts';
import type { Timer, TimerChange, TimerKey } from '../domain/timer.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../domain/webhook/webhook.ts';

/** Where a ticket lives: the tenant is part of every key. */
export interface TicketAddress {
  partner: string;
  number: string;
}

export interface Listing<T> {
  data: T[];
  nextCursor: string | null;
}

export interface TicketFilter {
  /** null: every partner's (staff only). */
  partner: string | null;
  status?: TicketStatus;
  severity?: Severity;
  service?: string;
  externalRef?: string;
  /** Words that subject, description or number must hold. */
  q?: string;
  limit: number;
  cursor?: string;
}

/** Kept with the effect of a POST, in the same transaction: the same key and body give the same answer for 24 h. */
export interface IdempotencyRecord {
  /** Who sent it: the API key's owner. */
  owner: string;
  key: string;
  /** SHA-256 of method, path and body, hex. */
  fingerprint: string;
  answer: { status: number; body: string; headers: Record<string, string> };
  expiresAt: Instant;
}

export interface CommitExtras {
  idempotency?: IdempotencyRecord;
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
   * escalation, pages (each on its `from`), events in their chain, timers, night count, idempotency record.
   * @throws Conflict when anything moved meanwhile: read again and decide again.
   * @returns the case as committed.
   */
  commit(before: Case | null, what: Decided, at: Instant, extras?: CommitExtras): Promise<Case>;
  events(address: TicketAddress, page: { limit: number; cursor?: string }): Promise<Listing<TicketEvent>>;
  list(filter: TicketFilter): Promise<Listing<Ticket>>;
  /** Newest first; staff only. */
  escalations(filter: {
    state?: EscalationState;
    limit: number;
    cursor?: string;
  }): Promise<Listing<Escalation>>;
  /** Escalations that this partner has started in the night that began at `night`. */
  nightCount(partner: string, night: Instant): Promise<number>;
}

/** A page on its way out. Nothing here touches the ticket's lock. */
export interface Pages {
  read(home: Page['home'], id: string): Promise<Page | null>;
  /** The reply code of this phone for this escalation: the one it has, or the next in turn (1–99). */
  codeFor(phone: string, escalation: { id: string; ticket: string; partner: string }): Promise<number>;
  /**
   * One transaction: the page from the state that it was read in to its new one, its code on the phone,
   * its timer, and (once sent) the pointer from the SNS message id.
   * @throws Conflict when the page moved meanwhile.
   */
  commit(
    change: { page: Page; from: Pick<Page, 'state' | 'attempt' | 'claim'> | null; timers: TimerChange[] },
    at: Instant,
  ): Promise<void>;
  /** The page that SNS knows by this message id. */
  byMessageId(messageId: string): Promise<Page | null>;
  /** Every escalation that this phone was given a code for, newest first. */
  codes(
    phone: string,
  ): Promise<{ code: number; escalation: string; ticket: string; partner: string; givenAt: Instant }[]>;
  /**
   * Takes an inbound message once: false when this id was taken before (kept 7 days).
   * Its effect's commit may run again after a crash; decisions are idempotent, so that is harmless.
   */
  inboundSeen(inboundMessageId: string): Promise<boolean>;
  markInbound(inboundMessageId: string, at: Instant): Promise<void>;
}

export interface Timers {
  /** Consistent read of the base row. */
  read(key: TimerKey): Promise<Timer | null>;
  /** Drops a timer that has nothing left to guard, if it still has this generation. */
  drop(timer: Timer): Promise<void>;
  /** For the sweep: timers of one shard with `from < dueAt <= to`, through the index, all of them. */
  due(shard: number, from: Instant | null, to: Instant): AsyncIterable<Timer>;
  shards: number;
  highWater(shard: number): Promise<Instant | null>;
  /** Moves the mark forwards only. */
  moveHighWater(shard: number, to: Instant): Promise<void>;
}

/** What administrators configure. `roster` is read consistently; the others may be cached for 60 s. */
export interface Directory {
  roster(): Promise<Roster | null>;
  provider(): Promise<Provider | null>;
  putProvider(provider: Provider): Promise<void>;
  partner(id: string): Promise<Partner | null>;
  putPartner(partner: Partner, options?: { create: boolean }): Promise<void>;
  partners(page: { limit: number; cursor?: string }): Promise<Listing<Partner>>;
  plan(id: string): Promise<Plan | null>;
  plans(): Promise<Plan[]>;
  putPlan(plan: Plan): Promise<void>;
  service(id: string): Promise<Service | null>;
  services(): Promise<Service[]>;
  putService(service: Service): Promise<void>;
  calendar(id: string): Promise<(Calendar & { id: string }) | null>;
  calendars(): Promise<(Calendar & { id: string })[]>;
  putCalendar(id: string, calendar: Calendar): Promise<void>;
  policy(id: string): Promise<Policy | null>;
  policies(): Promise<Policy[]>;
  putPolicy(policy: Policy): Promise<void>;
  schedule(id: string): Promise<Schedule | null>;
  schedules(): Promise<Schedule[]>;
  /** Decides on the schedule as read and writes it on its version, again on a conflict; null when there is none. */
  changeSchedule(id: string, change: (now: Schedule | null) => Schedule): Promise<Schedule>;
  staffMember(id: string): Promise<Staff | null>;
  staff(): Promise<Staff[]>;
  /** Keeps the phone's pointer in the same transaction. @throws Conflict when another person has that phone. */
  putStaff(staff: Staff, options?: { create: boolean }): Promise<void>;
  staffByPhone(phone: string): Promise<Staff | null>;
}

export interface ApiKeys {
  /** Cached for 60 s: revocation is effective within that time. */
  byId(id: string): Promise<ApiKey | null>;
  put(key: ApiKey): Promise<void>;
  /** The first admin key with its admin, once in the life of a table; false when it was made before. */
  setUp(admin: Staff, key: ApiKey): Promise<boolean>;
  revoke(id: string, at: Instant): Promise<ApiKey | null>;
  list(filter: { partner?: string; limit: number; cursor?: string }): Promise<Listing<ApiKey>>;
}

export interface Webhooks {
  create(endpoint: WebhookEndpoint): Promise<void>;
  read(owner: string | null, id: string): Promise<WebhookEndpoint | null>;
  list(owner: string | null): Promise<WebhookEndpoint[]>;
  remove(owner: string | null, id: string): Promise<boolean>;
  disable(owner: string | null, id: string, because: string): Promise<void>;
  /** Writes those that do not exist yet, as work for the outbox. */
  addDeliveries(deliveries: WebhookDelivery[]): Promise<void>;
  delivery(id: string): Promise<WebhookDelivery | null>;
  /** On its version. @throws Conflict */
  commitDelivery(delivery: WebhookDelivery, timers: TimerChange[]): Promise<void>;
}

export interface Idempotency {
  /** null when unknown or expired (checked on read: DynamoDB's TTL is late). */
  read(owner: string, key: string): Promise<IdempotencyRecord | null>;
  /** For POSTs whose effect is not a case's commit. @throws Conflict when the key was taken meanwhile. */
  put(record: IdempotencyRecord): Promise<void>;
}

export interface Store {
  cases: Cases;
  pages: Pages;
  timers: Timers;
  directory: Directory;
  keys: ApiKeys;
  webhooks: Webhooks;
  idempotency: Idempotency;
}
