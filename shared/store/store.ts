import type { EscalationState, Severity, TicketStatus } from '../contract/words.ts';
import type { Calendar } from '../domain/calendar/types.ts';
import type { Case, Decided } from '../domain/decision.ts';
import type { ApiKey, Partner, Plan, Policy, Provider, Roster, Service, Staff } from '../domain/directory.ts';
import type { Escalation, Page } from '../domain/escalation/escalation.ts';
import type { AcknowledgeLink } from '../domain/escalation/link.ts';
import type { NewEvent, TicketEvent } from '../domain/event.ts';
import type { Group, Member, OutageView } from '../domain/outage/outage.ts';
import type { PressView } from '../domain/outage/place.ts';
import type { Phone, Shown, ShownNow } from '../domain/phone/phone.ts';
import type { Reach, ReachFact } from '../domain/reach/reach.ts';
import type { Verification } from '../domain/reach/verification.ts';
import type { Schedule } from '../domain/schedule/types.ts';
import type { Ticket } from '../domain/ticket/ticket.ts';
import type { Instant } from '../domain/time.ts';
import type { Timer, TimerChange, TimerKey } from '../domain/timer.ts';
import type { Webhooks } from './webhooks/types.ts';

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
  /** The id in the foreign system, exactly. */
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

/** The answer as it will be given again: its bytes, not what they were made of. */
type Answer = IdempotencyRecord['answer'];

/**
 * The record of a POST whose effect is a case's commit. The answer is built from the case as it will be
 * committed (its version, seq and head included), so that record and effect are one transaction.
 */
export interface IdempotencyRequest extends Omit<IdempotencyRecord, 'answer'> {
  answer(committed: Case, what: Decided): Answer;
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
  /** The ticket's chain, oldest first, read consistently. @throws BadCursor */
  events(address: TicketAddress, page: { limit: number; cursor?: string }): Promise<Listing<TicketEvent>>;
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

/** The escalations that are one outage. All reads are consistent; rows change with a case's commit. */
export interface Outages {
  group(key: string): Promise<Group | null>;
  /** The outage that a case may share, with the escalation that leads it; null when there is none. */
  of(state: Case): Promise<OutageView | null>;
  /** One escalation with its outage; null when it never shared one. */
  about(
    member: Pick<Member, 'partner' | 'ticket' | 'escalation'>,
  ): Promise<Pick<Case, 'escalation' | 'outage'> | null>;
  /** What a press falls into. */
  atPress(key: string): Promise<Pick<PressView, 'group' | 'lead' | 'recent'>>;
  /** The escalation that leads a group, as it is now. */
  lead(group: Group): Promise<Escalation | null>;
  /** Who follows, oldest first, request by request. */
  members(outage: string): AsyncIterable<Member[]>;
}

/** A page on its way out. Nothing here touches the ticket's lock. */
export interface Pages {
  read(home: Page['home'], id: string): Promise<Page | null>;
  /**
   * One transaction: the page (new when `from` is null, else from the state that it was read in), its timers,
   * its phone if that changed, the link that it will carry, and (once it has one) the pointer from the SNS message id.
   * @throws Conflict when the page or the phone moved meanwhile, or the page is there already.
   */
  commit(
    change: {
      page: Page;
      from: Pick<Page, 'state' | 'attempt' | 'claim'> | null;
      timers: TimerChange[];
      phone?: PhoneChange;
      link?: { token: string; to: AcknowledgeLink } | null;
    },
    at: Instant,
  ): Promise<void>;
  /** What the link with this token leads to; null for a token that never was. Expired ones are kept a month more. */
  link(token: string): Promise<AcknowledgeLink | null>;
  /** The page that SNS knows by this message id. */
  byMessageId(messageId: string): Promise<Page | null>;
}

/** What one page or reply changes on a phone. */
export interface PhoneChange {
  phone: string;
  before: Phone;
  /** `version` is raised here. */
  after: Phone;
  shown: Shown | null;
}

export interface Phones {
  /** The phone, and what it was shown of this escalation, in one consistent read. */
  read(phone: string, escalation?: string): Promise<{ phone: Phone; shown: Shown | null }>;
  /**
   * Every escalation that this phone was shown in the last 30 days, newest first, with how each stands now: one query and
   * a BatchGetItem for each hundred.
   */
  shown(phone: string): Promise<ShownNow[]>;
  /** On its version. @throws Conflict */
  put(change: PhoneChange, at: Instant): Promise<void>;
  /** What an inbound message was found to mean; null when it is new. Kept 7 days. */
  inbound(inboundMessageId: string): Promise<Inbound | null>;
  /**
   * Notes what a message means before that is done, so that it means the same when it comes again; and then
   * that it is done.
   * @returns what is noted: another's reading of the same message, if that was first.
   */
  noteInbound(inboundMessageId: string, noted: Inbound, at: Instant): Promise<Inbound>;
}

/** The escalations that a message is about, or what it is answered with; neither: silence. */
export interface Inbound {
  means: string[];
  say: string | null;
  /** It made no sense: such answers are counted. */
  error: boolean;
  done: boolean;
}

/** What is known of phones by writing to them, and the proof that they answer. Read consistently, never cached. */
export interface Reaches {
  /** Of every phone of which something is known. */
  all(): Promise<Reach[]>;
  of(phone: string): Promise<Reach | null>;
  /** Takes in a fact of `at`; written only when it is news. */
  learn(phone: string, fact: ReachFact, at: Instant): Promise<void>;
  /** The latest asking of this phone; it may have run out. */
  verification(phone: string): Promise<Verification | null>;
  /** One transaction: the asking, in the place of the one that was read, and its SMS. @throws Conflict */
  ask(verification: Verification, page: Page, before: Verification | null): Promise<void>;
  /**
   * One transaction: the person's phone is verified, the asking is over, and what spoke against the phone is
   * forgotten. false when the person has another phone by now.
   */
  verify(verification: Verification, at: Instant): Promise<boolean>;
}

/** The end of the desk's own log, and the day (`2026-11-23`) whose coverage was checked last. */
export interface DeskHead {
  seq: number;
  head: string;
  checked: string | null;
  /** Raised by each commit; 0 before the first. */
  version: number;
}

/** What happened to the desk itself and to no ticket: a chain of its own, with the outbox as for tickets. */
export interface DeskLog {
  head(): Promise<DeskHead>;
  /** One transaction: events in the chain, SMS, and what was checked. @throws Conflict when the log moved meanwhile */
  commit(
    before: DeskHead,
    what: { events: NewEvent[]; pages: Page[]; checked: string | null },
    at: Instant,
  ): Promise<void>;
  /** Oldest first, from the one after `after` on. */
  events(after: number, limit: number): Promise<TicketEvent[]>;
}

export interface Timers {
  /** Consistent read of the base row. */
  read(key: TimerKey): Promise<Timer | null>;
  /** Drops a timer that has nothing left to guard, if it still has this generation. */
  drop(timer: Timer): Promise<void>;
  /**
   * For the sweep: timers of one shard with `from < dueAt <= to`, through the index, all of them; none when
   * `from` is not before `to`. A row that cannot be read is reported after the last good one (see `onBadRow`).
   */
  due(shard: number, from: Instant | null, to: Instant): AsyncIterable<Timer>;
  shards: number;
  highWater(shard: number): Promise<Instant | null>;
  /** Moves the mark forwards only. */
  moveHighWater(shard: number, to: Instant): Promise<void>;
}

/** For what may come from the 60-s cache: `fresh` reads the row, for whoever is about to change it. */
interface ReadOptions {
  fresh: boolean;
}

/**
 * What administrators configure. `provider`, `partner`, `plan`, `service` and `calendar` by id come from a
 * cache of 60 s unless read `fresh`; a put shows at once in its own process. All else is read consistently.
 */
export interface Directory {
  /** One consistent query, never cached. null until provider, its calendar and its policy are there. */
  roster(): Promise<Roster | null>;
  provider(read?: ReadOptions): Promise<Provider | null>;
  putProvider(provider: Provider): Promise<void>;
  partner(id: string, read?: ReadOptions): Promise<Partner | null>;
  /** @throws Conflict when it is to be created and is there already. */
  putPartner(partner: Partner, options?: { create: boolean }): Promise<void>;
  /** By id. @throws BadCursor */
  partners(page: { limit: number; cursor?: string }): Promise<Listing<Partner>>;
  plan(id: string, read?: ReadOptions): Promise<Plan | null>;
  plans(): Promise<Plan[]>;
  putPlan(plan: Plan): Promise<void>;
  service(id: string, read?: ReadOptions): Promise<Service | null>;
  services(): Promise<Service[]>;
  putService(service: Service): Promise<void>;
  calendar(id: string, read?: ReadOptions): Promise<(Calendar & { id: string }) | null>;
  calendars(): Promise<(Calendar & { id: string })[]>;
  putCalendar(id: string, calendar: Calendar): Promise<void>;
  policy(id: string): Promise<Policy | null>;
  policies(): Promise<Policy[]>;
  putPolicy(policy: Policy): Promise<void>;
  schedule(id: string): Promise<Schedule | null>;
  schedules(): Promise<Schedule[]>;
  /** The same, right for every instant from `from` on: with their history where that is needed. */
  withHistory(schedules: readonly Schedule[], from: Instant): Promise<Schedule[]>;
  /**
   * Decides on the schedule as read (null when there is none) and writes it on its version, again on a
   * conflict. What ended long ago moves to its history in the same transaction.
   */
  changeSchedule(id: string, change: (now: Schedule | null) => Schedule): Promise<Schedule>;
  staffMember(id: string): Promise<Staff | null>;
  staff(): Promise<Staff[]>;
  /** Keeps the phone's pointer in the same transaction. @throws Conflict when another person has that phone. */
  putStaff(staff: Staff, options?: { create: boolean }): Promise<void>;
  /** Decides on the person as read, again when they moved meanwhile; null when there is none. @throws Conflict as putStaff */
  changeStaff(id: string, change: (now: Staff) => Staff): Promise<Staff | null>;
  staffByPhone(phone: string): Promise<Staff | null>;
}

export interface ApiKeys {
  /** Cached for 60 s: revocation is effective within that time. An unknown key is asked for each time. */
  byId(id: string): Promise<ApiKey | null>;
  put(key: ApiKey): Promise<void>;
  /** The first admin key with its admin, once in the life of a table; false when it was made before. */
  setUp(admin: Staff, key: ApiKey): Promise<boolean>;
  revoke(id: string, at: Instant): Promise<ApiKey | null>;
  /** Newest first; without a partner everybody's. @throws BadCursor */
  list(filter: { partner?: string; limit: number; cursor?: string }): Promise<Listing<ApiKey>>;
}

/** What happened to a partner's tickets, across them all. */
export interface EventLog {
  /**
   * Oldest first, from the cursor or `since` on, through an index that lags: what is younger than 5 s is held
   * back, so that no cursor skips a late one. `resume` is where it ends now. @throws BadCursor
   */
  ofPartner(filter: {
    partner: string;
    since?: Instant;
    type?: string;
    /** Whether events that are for staff alone are among them. */
    internal: boolean;
    limit: number;
    cursor?: string;
  }): Promise<Listing<TicketEvent> & { resumeCursor: string | null }>;
}

export interface Idempotency {
  /** null when unknown or expired (checked on read: DynamoDB's TTL is late). */
  read(owner: string, key: string): Promise<IdempotencyRecord | null>;
  /** For POSTs whose effect is not a case's commit. @throws IdempotencyTaken when the key was taken meanwhile. */
  put(record: IdempotencyRecord): Promise<void>;
}

export interface Store {
  cases: Cases;
  outages: Outages;
  pages: Pages;
  phones: Phones;
  reach: Reaches;
  log: DeskLog;
  timers: Timers;
  directory: Directory;
  keys: ApiKeys;
  webhooks: Webhooks;
  events: EventLog;
  idempotency: Idempotency;
}
