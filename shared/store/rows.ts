import type { Escalation, Page } from '../domain/escalation/escalation.ts';
import type { AcknowledgeLink } from '../domain/escalation/link.ts';
import type { TicketEvent } from '../domain/event.ts';
import type { Incident } from '../domain/incident/incident.ts';
import type { Ticket } from '../domain/ticket/ticket.ts';
import { addSeconds, type Instant, millisOf } from '../domain/time.ts';
import type { TimerChange } from '../domain/timer.ts';
import { placeInLine } from '../domain/webhook/delivery.ts';
import type { WebhookDelivery } from '../domain/webhook/webhook.ts';
import * as keys from './keys.ts';
import type { Piece } from './write.ts';

/**
 * How entities become rows: their own JSON, a key, their places in the indexes, and `outbox` on the rows
 * that the outbox function must see (the stream's filter asks for that attribute): events and timers
 * always, pages while they are queued and not held, deliveries while they are queued and do not stand in a line.
 */
export type OutboxKind = 'event' | 'page' | 'delivery' | 'test' | 'line' | 'recovery' | 'timer';
export const outbox = (kind: OutboxKind) => ({ outbox: kind });

const day = 86_400;

/** TTL's attribute. DynamoDB deletes late, so `until` is what readers go by. */
export const expires = (until: Instant) => ({ until, expiresAt: Math.ceil(millisOf(until) / 1000) });
export const expiresIn = (days: number, from: Instant) => expires(addSeconds(from, days * day));

/**
 * Tickets with all that belongs to them are kept for 25 months, so that two years can be audited in the month after.
 * What is counted from: see infra/decisions/0007.
 */
export const keptDays = 762;

/** `at`: of the commit; a ticket is kept as long as its latest event. */
export const ticketRow = (ticket: Ticket, at: Instant = ticket.updatedAt) => ({
  ...expiresIn(keptDays, at),
  ...ticket,
  ...keys.ticketKey(ticket),
  ...keys.inLists(keys.lists.tickets(ticket.partner), ticket.createdAt, ticket.number),
  ...keys.inDesk(keys.desk.tickets(keys.monthOf(ticket.createdAt)), ticket.createdAt, ticket.number),
});

/** Leads from the number to the partner, and from a foreign system's id to the number. */
export const numberRow = ({ number, partner, createdAt, externalRef }: Ticket) => ({
  ...keys.numberKey(number),
  partner,
  number,
  ...(externalRef && {
    ...keys.inLists(keys.lists.reference(partner, externalRef.id), createdAt, number),
    ...keys.inDesk(keys.desk.reference(externalRef.id), createdAt, number),
  }),
});

export const escalationRow = (escalation: Escalation) => ({
  ...expiresIn(keptDays, escalation.endedAt ?? escalation.startedAt),
  ...escalation,
  ...keys.escalationKey({ partner: escalation.partner, number: escalation.ticket }, escalation.ordinal),
  ...keys.inLists(keys.lists.escalations(escalation.partner), escalation.startedAt, escalation.id),
  ...keys.inDesk(
    keys.desk.escalations(keys.monthOf(escalation.startedAt)),
    escalation.startedAt,
    escalation.id,
  ),
});

export const incidentRow = (incident: Incident) => ({
  ...expiresIn(keptDays, incident.updatedAt),
  ...incident,
  ...keys.incidentKey(incident.number),
  ...keys.inDesk(keys.desk.incidents, incident.createdAt, incident.number),
  ...(incident.state === 'open' &&
    keys.inLists(keys.lists.openIncidents, incident.createdAt, incident.number)),
});

/** An answer that belongs to no ticket is kept for 30 days. */
export const pageRow = (page: Page) => ({
  ...page,
  ...keys.pageKey(page.home, page.id),
  ...expiresIn(page.home === null ? 30 : keptDays, page.queuedAt),
  ...(page.state === 'queued' && !page.held?.until && outbox('page')),
  // For its message: who claims it then reads its phone with it, and no queue knows the number.
  ...(page.phone !== null && page.home !== null && { phoneHash: keys.phoneHash(page.phone) }),
});

export const eventRow = (event: TicketEvent) => ({
  ...expiresIn(keptDays, event.at),
  ...event,
  ...(event.ticket === null || event.partner === null
    ? keys.logKey(event.seq)
    : keys.eventKey({ partner: event.partner, number: event.ticket }, event.seq)),
  ...listedEvent(event),
  ...outbox('event'),
});

/** An expired link is kept for another 30 days, so that who opens it is told that it has expired. */
export const linkRow = (token: string, to: AcknowledgeLink) => ({
  ...expiresIn(30, to.until),
  ...to,
  ...keys.linkKey(token),
});

/** Whose list has what is nobody's but the desk's. */
export const provider = 'provider';

/** Numbers sort as text only when they are as long as each other. */
export const listedEvent = ({ partner, at, ticket, seq }: TicketEvent) =>
  keys.inLists(
    keys.lists.events(partner ?? provider, keys.monthOf(at)),
    at,
    `${ticket ?? 'desk'}#${String(seq).padStart(8, '0')}`,
  );

export const deliveryRow = (delivery: WebhookDelivery) => ({
  ...delivery,
  ...keys.deliveryKey(delivery.id),
  ...keys.inLists(keys.lists.deliveries(delivery.endpoint), delivery.createdAt, delivery.id),
  ...expiresIn(30, delivery.createdAt),
  ...(delivery.status === 'queued' &&
    delivery.way === 'direct' &&
    outbox(delivery.trigger === 'test' ? 'test' : 'delivery')),
});

/** Its place in its endpoint's line. */
export const placeRow = (delivery: WebhookDelivery) => {
  const place = placeInLine(delivery);
  return { ...keys.lineKey(delivery.endpoint, place), delivery: delivery.id, place };
};

/** The changes as pieces; of two changes of one timer the later counts, for a transaction may name a row once. */
export function timerPieces(changes: readonly TimerChange[]): Piece[] {
  const last = new Map<string, Piece>();
  for (const change of changes) {
    const key = keys.timerKey('set' in change ? change.set : change.clear);
    last.set(`${key.pk} ${key.sk}`, {
      what: 'timer',
      ...('set' in change
        ? {
            put: {
              ...change.set,
              ...key,
              duePk: keys.duePk(keys.shardOf(change.set.subject)),
              ...outbox('timer'),
            },
          }
        : { delete: key }),
    });
  }
  return [...last.values()];
}
