import type { EscalationReason, EventType } from '../../contract/words.ts';
import type { Case } from '../decision.ts';
import type { Escalation, Person } from '../escalation/escalation.ts';
import { givesUpAt } from '../escalation/ladder.ts';
import type { Actor } from '../event.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { addSeconds, type Instant } from '../time.ts';

/** One outage pages once: of the escalations that share it one leads and pages, the others follow it. */

/** An escalation in a group's eyes: where it lives, and since when it is there. */
export interface Member {
  partner: string;
  ticket: string;
  escalation: string;
  at: Instant;
}

/** The escalations on one service and reason, or of one incident. Followers are rows of their own under `id`. */
export interface Group {
  key: string;
  version: number;
  /** Names the outage; null before three made one. */
  id: string | null;
  lead: Member | null;
  /** Who pressed in the last minutes, while there is no outage. */
  recent: Member[];
  /** The outage before this one, for those that have not heard yet that it is over. */
  former: { id: string; lead: Member } | null;
  /** When managers last heard that nobody held the outage when the promise of one that follows fell due. */
  toldAt: Instant | null;
}

/** What an escalation keeps of its outage. */
export interface Membership {
  id: string;
  /** Of its group. */
  key: string;
  follows: boolean;
  /** Since when it goes its own way; null while it belongs. */
  leftAt: Instant | null;
  /** As a lead: how many followers its holder was told of. */
  told: number;
}

/** A time in which somebody held an escalation. */
export interface Hold {
  by: Person;
  from: Instant;
  until: Instant;
  /** Why nobody held it then, and by whom; null where it was split, was held from before, or nobody noted it. */
  ended: { as: Lapse; by: Actor } | null;
}

/** How an emergency is held no more and is paged for again: the event that says so. */
export const lapses = [
  'escalation.passed',
  'escalation.contact_lost',
  'escalation.not_contacted',
] as const satisfies EventType[];
export type Lapse = (typeof lapses)[number];

/** The group of a case, with the escalation that leads it when that is another one. */
export interface OutageView {
  group: Group;
  lead: Escalation | null;
  /** Read for a lead that somebody holds. */
  followers: number | null;
}

/** A row of a group, or of an incident, to write. `from` is the version that was read, null when there was none. */
export type OutageChange =
  | { group: Group; from: number | null }
  | { link: Pick<Member, 'partner' | 'ticket'>; incident: string }
  | { unlink: Pick<Member, 'partner' | 'ticket'>; incident: string }
  | { join: Member; outage: string }
  | { leave: Member; outage: string };

const ofIncident = 'incident/';
export const incidentGroup = (number: string): string => `${ofIncident}${number}`;
export const isOfIncident = (key: string): boolean => key.startsWith(ofIncident);

/** So many make an outage: an incident is one already. */
export const enoughOf = (key: string): number => (isOfIncident(key) ? 1 : 3);

/**
 * What escalations share that become one outage: the open incident of their tickets, or else service and reason.
 * null for what is never grouped.
 */
export function groupKey(ticket: Ticket, reason: EscalationReason): string | null {
  if (ticket.incident?.state === 'open') return incidentGroup(ticket.incident.number);
  if (ticket.service === null || reason === 'other') return null;
  return `service/${ticket.service}/${reason}`;
}

export const isActive = ({ state }: Pick<Escalation, 'state'>): boolean =>
  state === 'paging' || state === 'acknowledged';

/** The group that matters to a case as it stands; null when none can. */
export function groupOf({ escalation }: Pick<Case, 'escalation'>): string | null {
  if (!escalation) return null;
  if (escalation.outage) return escalation.outage.leftAt ? null : escalation.outage.key;
  return isActive(escalation) ? escalation.group : null;
}

/** The groups that an escalation may lead, whether it knows that already or not. */
export function keysOf({ outage, group }: Pick<Escalation, 'outage' | 'group'>): string[] {
  return [...new Set([outage?.key ?? null, group])].filter((key) => key !== null);
}

/** The outage of a group that this escalation leads, or led until another outage took its place. */
export function ledBy({ id }: Pick<Escalation, 'id'>, { id: outage, lead, former }: Group): string | null {
  if (outage && lead?.escalation === id) return outage;
  return former?.lead.escalation === id ? former.id : null;
}

/**
 * What an escalation is to its outage. `joining`: one of the three, and does not know yet. `lost`: it follows
 * what is not there any more, so it must see to itself.
 */
export type Role = 'alone' | 'lead' | 'follower' | 'joining' | 'lost';

export function roleOf({ escalation, outage }: Pick<Case, 'escalation' | 'outage'>): Role {
  if (!escalation) return 'alone';
  const mine = escalation.outage;
  if (mine?.leftAt) return 'alone';
  if (outage?.group.id && outage.group.lead?.escalation === escalation.id) return 'lead';
  if (mine) {
    if (!mine.follows) return 'alone';
    return outage?.lead && leadRefOf(outage.group, mine) ? 'follower' : 'lost';
  }
  const listed = outage?.group.recent.some((each) => each.escalation === escalation.id);
  return outage?.group.id && outage.lead && listed && escalation.state === 'paging' ? 'joining' : 'alone';
}

/** Who leads the outage that an escalation belongs to; without one, the outage that goes on. */
export function leadRefOf({ id, lead, former }: Group, mine: Membership | null): Member | null {
  if (!mine || mine.id === id) return lead;
  return mine.id === former?.id ? former.lead : null;
}

/** Whether it still pages or is held for the others. */
export function isLeading(lead: Escalation): boolean {
  return isActive(lead) && !lead.outage?.leftAt;
}

/** So long the oldest follower has to take a lead's place before any other does. */
export const graceSeconds = 20;

/** When it ceased to lead. */
export function goneAt(lead: Escalation): Instant {
  return lead.outage?.leftAt ?? lead.endedAt ?? givesUpAt(lead);
}

/** Who holds the outage, and since when; who held it when its lead ended or left holds it still. */
export function takenOf(lead: Escalation): { by: Person; at: Instant } | null {
  const left = lead.outage?.leftAt;
  if (left) {
    const hold = lead.holds.find(({ until }) => until === left);
    return hold ? { by: hold.by, at: hold.from } : null;
  }
  const { acknowledgedBy: by, acknowledgedAt: at } = lead;
  return by && at ? { by, at } : null;
}

/** Whether somebody held the outage at that instant. */
export function heldAt(lead: Escalation, at: Instant): boolean {
  const taken = takenOf(lead);
  if (taken && taken.at <= at) return true;
  return lead.holds.some(({ from, until }) => from <= at && at < until);
}

export const memberOf = ({ partner, ticket, id }: Escalation, at: Instant): Member => ({
  partner,
  ticket,
  escalation: id,
  at,
});

/** Where a member's row is: by its start, so that the oldest is first. */
export const rowOf = (escalation: Escalation): Member => memberOf(escalation, escalation.startedAt);

/** The first look at the lead comes soon: a press may have read a lead that ended before it was committed. */
export const firstLookSeconds = 20;
export const firstLook = (now: Instant): Instant => addSeconds(now, firstLookSeconds);
