import type { Page } from '../domain/escalation/escalation.ts';
import type { Member } from '../domain/outage/outage.ts';
import type { Instant } from '../domain/time.ts';
import type { TimerKey } from '../domain/timer.ts';
import { sha256 } from '../runtime/random.ts';
import type { TicketAddress } from './types/cases.ts';

/**
 * Every key of the table is made here.
 *
 * | partition                  | sort keys                                                        |
 * |----------------------------|------------------------------------------------------------------|
 * | `P#<partner>#T#<number>`   | `CHAIN#<seq>`, `ESC#<nnnn>`, `ESC#<nnnn>#PAGE#<nnnn>`, `TICKET`, `TIMER#…` |
 * | `N#<number>`               | `TICKET`: leads from a number to its partner, and keeps it unique |
 * | `P#<partner>`              | `NIGHT#<instant>`, `HOOK#<id>`                                   |
 * | `DESK`                     | `PROVIDER`, `CALENDAR#…`, `POLICY#…`, `SCHEDULE#…`, `STAFF#…`, `REACH#<hash>`, `HOOK#…`, `SETUP` |
 * | `SCHEDULE#<id>`            | `ROTATIONS#<until>`, `OVERRIDE#<to>#<id>`: its history           |
 * | `LOG`                      | `HEAD`, `CHAIN#<seq>`, `TIMER#…`: the desk's own events          |
 * | `CATALOG`, `PARTNERS`      | `PLAN#…`, `SERVICE#…`; `<partner>`                               |
 * | `PHONE#<hash>`             | `STAFF`, `PHONE`, `VERIFY`, `SENT#<page>`, `SHOWN#<escalation>`  |
 * | `OUTAGES#<group>`, `OUTAGE#<id>` | `GROUP`; `<since>#<escalation>`: its followers, oldest first     |
 * | `INCIDENT#<number>`        | `INCIDENT`, `TICKET#<number>`                                    |
 * | `LINE#<endpoint>`          | `PLACE#<1 or 2>#<instant>#<delivery>`, `RUN`, `TIMER#…`            |
 * | `HOOK#<endpoint>`          | `CHAIN#<seq>`: its own events                                     |
 * | `HOOKS`, `HOOKS#<partner>` | `COUNT`: how many endpoints the desk, a partner has |
 * | `KEY#…`, `LINK#<hash>`, `WHD#…`, `RECOVERY#…`, `ANS#…`, `MSG#…`, `INBOUND#…`, `IDEM#…`, `SWEEP`, `MONTHS` | one thing each     |
 *
 * The sort keys of a ticket are chosen so that `ESC#` to `TICKET`, read backwards, is the ticket, then the
 * pages of its latest escalation, then that escalation: one query, whatever the log's length.
 *
 * Indexes: `lists` (listPk, listSk) for a partner, `desk` (deskPk, deskSk) for staff, `due` (duePk, dueAt).
 * TTL: `expiresAt`, a number of epoch seconds (a domain type's own `expiresAt` is text, which TTL ignores).
 */
export interface Key {
  pk: string;
  sk: string;
}

/**
 * What somebody else named, as a part of a key: it can neither reach another row nor be longer than
 * DynamoDB allows a key to be.
 */
const part = (text: string): string =>
  text.length > 200 ? `~${sha256(text)}` : text.replace(/[%#]/g, encodeURIComponent);
const padded = (n: number, width: number): string => String(n).padStart(width, '0');
const partnerPk = (partner: string): string => `P#${part(partner)}`;

export const sortKeys = {
  ticket: 'TICKET',
  firstEscalation: 'ESC#',
  chain: (seq: number): string => `CHAIN#${padded(seq, 8)}`,
  chainEnd: 'CHAIN#~',
} as const;

export const ticketPk = ({ partner, number }: TicketAddress): string =>
  `${partnerPk(partner)}#T#${part(number)}`;
export const ticketKey = (address: TicketAddress): Key => ({ pk: ticketPk(address), sk: sortKeys.ticket });
export const numberKey = (number: string): Key => ({ pk: `N#${part(number)}`, sk: 'TICKET' });
export const eventKey = (address: TicketAddress, seq: number): Key => ({
  pk: ticketPk(address),
  sk: sortKeys.chain(seq),
});

/** The symbols of a number: `6PC7PS9V` of `ND-6PC7-PS91`. */
export const symbolsOf = (number: string): string => number.replace(/^ND-|-/g, '');

/** The ordinal in an escalation's id; null when the id is not one of this ticket's. */
export function ordinalIn(number: string, escalation: string): number | null {
  const [, symbols, ordinal] = /^esc_([^_]+)_(\d{1,4})$/.exec(escalation) ?? [];
  return symbols === symbolsOf(number) ? Number(ordinal) : null;
}

export const escalationKey = (address: TicketAddress, ordinal: number): Key => ({
  pk: ticketPk(address),
  sk: `ESC#${padded(ordinal, 4)}`,
});

/** An answer to nobody's ticket has a partition of its own; all other pages live with their escalation. */
export function pageKey(home: Page['home'], id: string): Key {
  if (home === null) return { pk: `ANS#${part(id)}`, sk: 'PAGE' };
  const ordinal = ordinalIn(home.ticket, home.escalation);
  if (ordinal === null) throw new Error(`${home.escalation} is no escalation of ${home.ticket}`);
  const { pk, sk } = escalationKey({ partner: home.partner, number: home.ticket }, ordinal);
  const own = id.startsWith(`${home.escalation}_`) ? id.slice(home.escalation.length + 1) : '';
  return { pk, sk: `${sk}#PAGE#${/^\d+$/.test(own) ? own.padStart(4, '0') : part(id)}` };
}
export const isPageSk = (sk: string): boolean => sk.includes('#PAGE#');

export const lineKey = (endpoint: string, place: string): Key => ({
  pk: `LINE#${part(endpoint)}`,
  sk: `PLACE#${place}`,
});
export const lineRunKey = (endpoint: string): Key => ({ pk: `LINE#${part(endpoint)}`, sk: 'RUN' });
export const recoveryKey = (id: string): Key => ({ pk: `RECOVERY#${part(id)}`, sk: 'RECOVERY' });
/** The events that an endpoint has of its own. */
export const endpointEventKey = (endpoint: string, seq: number): Key => ({
  pk: `HOOK#${part(endpoint)}`,
  sk: sortKeys.chain(seq),
});

export const deliveryKey = (id: string): Key => ({ pk: `WHD#${part(id)}`, sk: 'DELIVERY' });

/** A timer lives with what it guards. */
export function timerKey({ home, subject, kind }: TimerKey): Key {
  return { pk: homeOf(home), sk: `TIMER#${kind}#${part(subject)}` };
}
function homeOf(home: TimerKey['home']): string {
  if ('delivery' in home) return deliveryKey(home.delivery).pk;
  if ('endpoint' in home) return lineRunKey(home.endpoint).pk;
  if ('desk' in home) return logHeadKey.pk;
  return ticketPk({ partner: home.partner, number: home.ticket });
}
export const shards = 8;
export const duePk = (shard: number): string => `DUE#${shard}`;
export const shardOf = (subject: string): number => Number.parseInt(sha256(subject).slice(0, 8), 16) % shards;
export const sweepKey: Key = { pk: 'SWEEP', sk: 'MARK' };

export const nightKey = (partner: string, night: Instant): Key => ({
  pk: partnerPk(partner),
  sk: `NIGHT#${night}`,
});

export const incidentKey = (number: string): Key => ({ pk: `INCIDENT#${part(number)}`, sk: 'INCIDENT' });
export const incidentTicketKey = (number: string, ticket: string): Key => ({
  pk: incidentKey(number).pk,
  sk: `TICKET#${part(ticket)}`,
});

export const groupKey = (group: string): Key => ({ pk: `OUTAGES#${part(group)}`, sk: 'GROUP' });
export const memberPk = (outage: string): string => `OUTAGE#${part(outage)}`;
export const memberKey = (outage: string, { at, escalation }: Member): Key => ({
  pk: memberPk(outage),
  sk: `${at}#${escalation}`,
});

export const deskPk = 'DESK';
/** The desk's own events: apart from what a decision about whom to page reads. */
export const logHeadKey: Key = { pk: 'LOG', sk: 'HEAD' };
export const logKey = (seq: number): Key => ({ pk: logHeadKey.pk, sk: sortKeys.chain(seq) });
const catalogPk = 'CATALOG';
export const partnersPk = 'PARTNERS';
export type DeskKind = 'CALENDAR' | 'POLICY' | 'SCHEDULE' | 'STAFF' | 'REACH';
export type CatalogKind = 'PLAN' | 'SERVICE';
export const providerKey: Key = { pk: deskPk, sk: 'PROVIDER' };
export const setupKey: Key = { pk: deskPk, sk: 'SETUP' };
export const deskKey = (kind: DeskKind, id: string): Key => ({ pk: deskPk, sk: `${kind}#${part(id)}` });
/** The history of a schedule, in the order in which it ended. */
export const pastRotationsKey = (schedule: string, until: Instant): Key => ({
  pk: `SCHEDULE#${part(schedule)}`,
  sk: `ROTATIONS#${until}`,
});
export const endedOverrideKey = (schedule: string, to: Instant, id: string): Key => ({
  pk: `SCHEDULE#${part(schedule)}`,
  sk: `OVERRIDE#${to}#${part(id)}`,
});
export const catalogKey = (kind: CatalogKind, id: string): Key => ({
  pk: catalogPk,
  sk: `${kind}#${part(id)}`,
});
export const partnerKey = (id: string): Key => ({ pk: partnersPk, sk: part(id) });

/** Hashed, so that no log or error that names a key names a phone number. */
export const phoneHash = (phone: string): string => sha256(phone).slice(0, 32);
const hashPk = (hash: string): string => `PHONE#${hash}`;
const phonePk = (phone: string): string => hashPk(phoneHash(phone));
const shownSk = (escalation: string): string => `SHOWN#${part(escalation)}`;
/** In the desk's partition, where coverage reads all of them at once. */
export const reachKey = (phone: string): Key => deskKey('REACH', phoneHash(phone));
export const verificationKey = (phone: string): Key => ({ pk: phonePk(phone), sk: 'VERIFY' });
export const phoneStaffKey = (phone: string): Key => ({ pk: phonePk(phone), sk: 'STAFF' });
export const phoneKey = (phone: string): Key => ({ pk: phonePk(phone), sk: 'PHONE' });
/** The phone, and what it was shown of this escalation, by the hash of its number. */
export const phoneKeys = (hash: string, escalation?: string): Key[] => {
  const pk = hashPk(hash);
  return [{ pk, sk: 'PHONE' }, ...(escalation ? [{ pk, sk: shownSk(escalation) }] : [])];
};
export const shownKey = (phone: string, escalation: string): Key => ({
  pk: phonePk(phone),
  sk: shownSk(escalation),
});

/** Beside what its phone was shown, and between the phone and that: one query reads them all. */
export const bundleKey = (phone: string, page: string): Key => ({
  pk: phonePk(phone),
  sk: `SENT#${part(page)}`,
});
/** The bundles that went to a phone, and all that it was shown. */
export const shownRange = (phone: string) => ({
  pk: phonePk(phone),
  range: { between: ['SENT#', 'SHOWN#~'] } as const,
});

/** Hashed: who can read the table, or a backup of it, can take nothing by its links. */
export const linkKey = (token: string): Key => ({ pk: `LINK#${sha256(token)}`, sk: 'LINK' });

export const messageKey = (id: string): Key => ({ pk: `MSG#${part(id)}`, sk: 'PAGE' });
export const inboundKey = (id: string): Key => ({ pk: `INBOUND#${part(id)}`, sk: 'SEEN' });
export const apiKeyKey = (id: string): Key => ({ pk: `KEY#${part(id)}`, sk: 'KEY' });
export const hookKey = (owner: string | null, id: string): Key => ({
  pk: owner === null ? deskPk : partnerPk(owner),
  sk: `HOOK#${part(id)}`,
});
/** How many endpoints an owner has; read for each event, so that those without any cost no query. */
export const hookCountKey = (owner: string | null): Key => ({
  pk: owner === null ? 'HOOKS' : `HOOKS#${part(owner)}`,
  sk: 'COUNT',
});
/** Hashed: the caller chooses it. */
export const idempotencyKey = (owner: string, key: string): Key => ({
  pk: `IDEM#${part(owner)}#${sha256(key)}`,
  sk: 'ANSWER',
});
export const monthKey = (month: string): Key => ({ pk: 'MONTHS', sk: month });

/** The month that an instant's row is listed under: `2026-01`. */
export const monthOf = (at: Instant): string => at.slice(0, 7);
const placed = (at: Instant, id: string): string => `${at}#${id}`;

/** Index attributes. A partner's lists are one partition each, the desk's a partition a month. */
export const lists = {
  tickets: (partner: string): string => `${partnerPk(partner)}#TICKETS`,
  reference: (partner: string, id: string): string => `${partnerPk(partner)}#REF#${sha256(id)}`,
  /** A month of what happened to a partner's tickets, in its order. */
  events: (partner: string, month: string): string => `${partnerPk(partner)}#EVENTS#${month}`,
  deliveries: (endpoint: string): string => `HOOK#${part(endpoint)}#DELIVERIES`,
  escalations: (partner: string): string => `${partnerPk(partner)}#ESCALATIONS`,
  openIncidents: 'INCIDENTS#OPEN',
  keys: (partner: string | null): string =>
    partner === null ? `${deskPk}#KEYS` : `${partnerPk(partner)}#KEYS`,
};
export const desk = {
  tickets: (month: string): string => `TICKETS#${month}`,
  escalations: (month: string): string => `ESCALATIONS#${month}`,
  reference: (id: string): string => `REF#${sha256(id)}`,
  incidents: 'INCIDENTS',
  keys: 'KEYS',
};
export const inLists = (pk: string, at: Instant, id: string) => ({ listPk: pk, listSk: placed(at, id) });
export const inDesk = (pk: string, at: Instant, id: string) => ({ deskPk: pk, deskSk: placed(at, id) });
