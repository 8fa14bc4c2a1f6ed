import type { EventType } from '../contract/words.ts';
import type { Instant } from './time.ts';

/** Who did it. `name` is what may be shown to a partner; never a phone number or an address. */
export interface Actor {
  kind: 'partner' | 'staff' | 'system';
  /** Partner id or staff id; `nightdesk` for the system. */
  id: string;
  name: string;
}

export const system: Actor = { kind: 'system', id: 'nightdesk', name: 'Nightdesk' };

/** What a decision says has happened. The commit gives it its place in the ticket's chain. */
export interface NewEvent {
  type: EventType;
  actor: Actor;
  /** Wire shape: see the event catalogue in shared/contract. */
  data: Record<string, unknown>;
  /** Only the provider's own people may see the data (internal comments); else what is of no partner is for all of them. */
  internal?: boolean;
}

/**
 * An event in a ticket's chain: timeline, audit trail and outbox in one.
 * `dataHash` = SHA-256(salt ‖ canonical JSON of data); `hash` covers everything but data and salt.
 */
export interface TicketEvent extends NewEvent {
  /** `evt_<ticket number without dashes>_<seq>`, or `evt_desk_<seq>`: the webhook id, the same on every redelivery. */
  id: string;
  /** Both null for an event of the desk itself, which has a chain of its own: `coverage.gap`, `desk.opened`. */
  ticket: string | null;
  partner: string | null;
  seq: number;
  at: Instant;
  internal: boolean;
  /** The API key that did it, or the first of those that it succeeded, for endpoints that want no echo; not part of the chain. */
  key?: string;
  /** 16 random bytes, hex; null once the person was erased (then data is null too). */
  salt: string | null;
  dataHash: string;
  prevHash: string;
  hash: string;
  /** One sentence for people: what a webhook body carries as `text`. */
  text: string;
}
