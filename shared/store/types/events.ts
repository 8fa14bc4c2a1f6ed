import type { TicketEvent } from '../../domain/event.ts';
import type { Instant } from '../../domain/time.ts';
import type { Listing } from './listing.ts';

/** What happened to a partner's tickets and endpoints, across them all, with what is everybody's; or to the desk itself. */
export interface EventLog {
  /**
   * Oldest first, from the cursor or `since` on, through an index that lags: what is younger than 5 s is held
   * back, so that no cursor skips a late one. `resumeCursor` is where it ends now; with nothing in it, where it began.
   * @throws BadCursor
   */
  list(filter: {
    /** The partner; null: the desk's own. */
    of: string | null;
    since?: Instant;
    type?: string;
    /** Whether events that are for staff alone are among them. */
    internal: boolean;
    limit: number;
    cursor?: string;
  }): Promise<Listing<TicketEvent> & { resumeCursor: string }>;
}
