import type { ApiKey, Staff } from '../../domain/directory.ts';
import type { Instant } from '../../domain/time.ts';
import type { Listing } from './listing.ts';

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
