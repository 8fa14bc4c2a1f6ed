import type { Audit } from '../../domain/audit.ts';
import type { ApiKey, Staff } from '../../domain/directory.ts';
import type { Instant } from '../../domain/time.ts';
import type { Recorded } from './idempotency.ts';
import type { Listing } from './listing.ts';

export interface ApiKeys {
  /** Cached for 60 s: revocation is effective within that time. An unknown key is asked for each time. */
  byId(id: string): Promise<ApiKey | null>;
  /** Read consistently, for whoever is about to change it. */
  read(id: string): Promise<ApiKey | null>;
  /** Notes, at most once an hour, that a key of `byId` was used. Nobody waits for it, and a note that is lost is made an hour later. */
  used(key: ApiKey, now: Instant): void;
  /** A new key; with `audit` the desk's log and the Idempotency-Key have it in the same transaction. */
  put(key: ApiKey, audit?: Recorded<ApiKey>): Promise<void>;
  /** One transaction: a key and the one in its place. @throws Conflict when it was revoked or rotated meanwhile */
  rotate(rotated: { old: ApiKey; successor: ApiKey }, audit: Recorded<ApiKey>): Promise<void>;
  /** The first admin key with its admin, once in the life of a table; false when it was made before. */
  setUp(admin: Staff, key: ApiKey): Promise<boolean>;
  revoke(id: string, at: Instant, audit?: Audit): Promise<ApiKey | null>;
  /** Newest first; without a partner everybody's. @throws BadCursor */
  list(filter: { partner?: string; limit: number; cursor?: string }): Promise<Listing<ApiKey>>;
}
