import type { EventType, TypeWithNews } from '../../contract/words.ts';
import type { Actor, TicketEvent } from '../event.ts';
import type { Instant } from '../time.ts';
import type { EscalationAddress } from './lead.ts';

/** A ticket. */
type Address = Pick<EscalationAddress, 'partner' | 'number'>;

/** What an event is to others than its own ticket: to the followers of an outage, to the lead of one, to an incident's tickets. */
export type News =
  | { to: 'followers'; address: Address; escalation: string }
  | { to: 'lead'; address: Address; by: Actor; saidAt: Instant }
  | { to: 'tickets'; incident: string };

/** By the type of an event: those that the contract lists, which is what reaches us. */
const newsTo: Partial<Record<EventType, News['to']>> = {
  'escalation.acknowledged': 'followers',
  'escalation.page_failed': 'followers',
  'escalation.passed': 'followers',
  'escalation.not_contacted': 'followers',
  'escalation.contact_lost': 'followers',
  'escalation.promoted': 'followers',
  'escalation.split': 'followers',
  'escalation.exhausted': 'followers',
  'escalation.resolved': 'followers',
  'escalation.cancelled': 'followers',
  'ticket.commented': 'lead',
  'incident.updated': 'tickets',
  'incident.resolved': 'tickets',
} satisfies Record<TypeWithNews, News['to']>;

type Told = Pick<TicketEvent, 'type' | 'partner' | 'ticket' | 'actor' | 'at' | 'data'>;

/**
 * null: it matters to nobody else. `followers`: something happened to an escalation that may lead. `lead`: somebody of the
 * staff wrote on a ticket that may follow. `tickets`: what the desk's own log says of an incident, and not what
 * each of its tickets repeats.
 */
export function newsOf(event: Told): News | null {
  const { type, partner, ticket, actor, at, data } = event;
  const to = newsTo[type];
  if (to === 'tickets') {
    const incident = textIn(data.incident, 'number');
    return ticket === null && incident !== null ? { to, incident } : null;
  }
  if (to === undefined || partner === null || ticket === null) return null;
  const address = { partner, number: ticket };
  if (to === 'lead') return actor.kind === 'staff' ? { to, address, by: actor, saidAt: at } : null;
  const escalation = textIn(data.escalation, 'id');
  // What follows leads nobody.
  if (escalation === null || textIn(data.escalation, 'follows') !== null) return null;
  // One page that failed brings the next level, and is nothing to those that follow.
  if (type === 'escalation.page_failed' && data.page !== null) return null;
  return { to, address, escalation };
}

function textIn(of: unknown, name: string): string | null {
  const value: unknown = typeof of === 'object' && of !== null ? Reflect.get(of, name) : null;
  return typeof value === 'string' ? value : null;
}
