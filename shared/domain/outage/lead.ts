import type { Case } from '../decision.ts';
import { isOver, type Person } from '../escalation/escalation.ts';
import { isPage } from '../escalation/notices.ts';
import { isActive, isLeading, roleOf } from './outage.ts';

/** An escalation, and the ticket where it lives. */
export interface EscalationAddress {
  partner: string;
  number: string;
  escalation: string;
}

/**
 * The escalation that acts for this one: what takes or passes a follower takes or passes its lead, and a code
 * outlives a lead that ended while others go on. null: it acts for itself.
 */
export function leadOf(state: Pick<Case, 'escalation' | 'outage'>, id: string): EscalationAddress | null {
  const { escalation, outage } = state;
  const lead = outage?.lead;
  if (escalation?.id !== id || !lead || !isLeading(lead)) return null;
  const role = roleOf(state);
  const former = role === 'alone' && isOver(escalation.state) && escalation.outage?.id === outage.group.id;
  const follows = (role === 'follower' || role === 'joining') && isActive(escalation);
  if (!follows && !former) return null;
  return { partner: lead.partner, number: lead.ticket, escalation: lead.id };
}

/** Whether this person was asked to take it. */
export function wasPaged({ pages }: Case, person: Person): boolean {
  return pages.some((page) => isPage(page) && page.to.id === person.id);
}

/** A follower as it is once its lead was changed. */
export function seenFrom(follower: Case, lead: Case): Case {
  const { outage } = follower;
  return { ...follower, outage: outage ? { ...outage, lead: lead.escalation } : null };
}
