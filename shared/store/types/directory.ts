import type { Audit } from '../../domain/audit.ts';
import type { Calendar } from '../../domain/calendar/types.ts';
import type { Partner, Plan, Policy, Provider, Roster, Service, Staff } from '../../domain/directory.ts';
import type { Schedule } from '../../domain/schedule/types.ts';
import type { Instant } from '../../domain/time.ts';
import type { Recorded } from './idempotency.ts';
import type { Listing } from './listing.ts';

/** For what may come from the 60-s cache: `fresh` reads the row, for whoever is about to change it. */
export interface ReadOptions {
  fresh: boolean;
}

/** What is one row each. The provider's id is `provider`. */
export interface Entries {
  provider: Provider;
  partner: Partner;
  plan: Plan;
  service: Service;
  calendar: Calendar & { id: string };
  policy: Policy;
}
export type EntryKind = keyof Entries;

/**
 * What administrators configure. `provider`, `partner`, `plan`, `service` and `calendar` by id come from a
 * cache of 60 s unless read `fresh`; a change shows at once in its own process. All else is read consistently.
 */
export interface Directory {
  /**
   * Decides on an entry as read (null when there is none) and writes it on its revision, again when it moved meanwhile;
   * with `audit` the desk's log, and the Idempotency-Key, have the change in the same transaction.
   */
  change<K extends EntryKind>(
    kind: K,
    id: string,
    decide: (before: Entries[K] | null) => Entries[K],
    audit?: Recorded<Entries[K]>,
  ): Promise<Entries[K]>;
  /** One consistent query, never cached. null until provider, its calendar and its policy are there. */
  roster(): Promise<Roster | null>;
  provider(read?: ReadOptions): Promise<Provider | null>;
  partner(id: string, read?: ReadOptions): Promise<Partner | null>;
  /** By id. @throws BadCursor */
  partners(page: { limit: number; cursor?: string }): Promise<Listing<Partner>>;
  plan(id: string, read?: ReadOptions): Promise<Plan | null>;
  plans(): Promise<Plan[]>;
  service(id: string, read?: ReadOptions): Promise<Service | null>;
  services(): Promise<Service[]>;
  calendar(id: string, read?: ReadOptions): Promise<(Calendar & { id: string }) | null>;
  calendars(): Promise<(Calendar & { id: string })[]>;
  policy(id: string): Promise<Policy | null>;
  policies(): Promise<Policy[]>;
  schedule(id: string): Promise<Schedule | null>;
  schedules(): Promise<Schedule[]>;
  /** The same, right for every instant from `from` on: with their history where that is needed. */
  withHistory(schedules: readonly Schedule[], from: Instant): Promise<Schedule[]>;
  /**
   * Decides on the schedule as read (null when there is none) and writes it on its version, again on a
   * conflict. What ended long ago moves to its history in the same transaction.
   */
  changeSchedule(
    id: string,
    change: (now: Schedule | null) => Schedule,
    audit?: Recorded<Schedule>,
  ): Promise<Schedule>;
  staffMember(id: string): Promise<Staff | null>;
  staff(): Promise<Staff[]>;
  /** Keeps the phone's pointer in the same transaction. @throws Conflict when another person has that phone. */
  putStaff(staff: Staff, options?: { create: boolean; audit?: Recorded<Staff> }): Promise<void>;
  /** Decides on the person as read, again when they moved meanwhile; null when there is none. @throws Conflict as putStaff */
  changeStaff(id: string, change: (now: Staff) => Staff, audit?: Audit): Promise<Staff | null>;
  staffByPhone(phone: string): Promise<Staff | null>;
}
