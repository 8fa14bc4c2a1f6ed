import { type Case, type Decision, nothingToDo } from '../decision.ts';
import type { Roster, Staff } from '../directory.ts';
import { asShown } from '../outage/step.ts';
import { addSeconds, type Instant } from '../time.ts';
import { acknowledge, type ByStaff } from './answer.ts';
import type { Page, Person } from './escalation.ts';

/**
 * What the link in a page leads to. It is for the one person whom that page was sent to, to take that one
 * escalation, and for nothing else. Its token is known to nobody but that phone.
 */
export interface AcknowledgeLink {
  partner: string;
  ticket: string;
  escalation: string;
  page: string;
  staff: string;
  until: Instant;
}

/** A night and the opening after it. What ends the escalation ends its links as well. */
const linkHours = 24;

/**
 * The link of a page that is about to be sent; null for notices, which ask nobody to take anything, and for one
 * that goes out for several (it has no code of its own).
 */
export function linkFor(page: Page, now: Instant): AcknowledgeLink | null {
  const { notice, home, text, code } = page;
  if (notice !== null || home === null || text !== null || code === null) return null;
  const until = addSeconds(now, linkHours * 3_600);
  return { ...home, page: page.id, staff: page.to.id, until };
}

/** What somebody who opens a link is told. */
export type LinkView =
  | { kind: 'open' }
  | { kind: 'yours' }
  | { kind: 'held'; by: Person; since: Instant }
  | { kind: 'over'; as: 'resolved' | 'cancelled' | 'escalated anew' }
  | { kind: 'expired' }
  /** The person has left, or was suspended. */
  | { kind: 'not_staff' };

export interface LinkFacts {
  link: AcknowledgeLink;
  /** The person of the link as they are now; null when there is no such person any more. */
  staff: Staff | null;
  now: Instant;
}

export function seeLink(state: Case, { link, staff, now }: LinkFacts): LinkView {
  const escalation = asShown(state, now);
  if (!staff || staff.suspended) return { kind: 'not_staff' };
  if (link.until <= now) return { kind: 'expired' };
  if (escalation?.id !== link.escalation) return { kind: 'over', as: 'escalated anew' };
  switch (escalation.state) {
    case 'resolved':
    case 'cancelled':
      return { kind: 'over', as: escalation.state };
    case 'paging':
    case 'exhausted':
      return { kind: 'open' };
    case 'acknowledged': {
      const { acknowledgedBy: by, acknowledgedAt: since } = escalation;
      if (!by || !since || by.id === staff.id) return { kind: 'yours' };
      return { kind: 'held', by, since };
    }
  }
}

/**
 * Takes what the link is for: the case itself, or the lead that it follows in an outage. Where there is nothing
 * to take, nothing changes, and `seeLink` says why.
 */
export function takeByLink(
  { own, acting }: { own: Case; acting: Case },
  { link, roster, now }: { link: AcknowledgeLink; roster: Roster; now: Instant },
): Decision {
  const staff = roster.staff.find(({ id }) => id === link.staff) ?? null;
  if (!staff || seeLink(own, { link, staff, now }).kind !== 'open') return nothingToDo(acting);
  const person = { id: staff.id, name: staff.name };
  const by: ByStaff = { person, role: staff.role, via: 'link', paged: acting !== own };
  return acknowledge(acting, by, { roster, now });
}
