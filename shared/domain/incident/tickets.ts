import { type Case, type Decision, decided, nothingToDo, refuse } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { Draft } from '../escalation/draft.ts';
import type { Actor } from '../event.ts';
import { isActive, type OutageChange } from '../outage/outage.ts';
import type { PressView } from '../outage/place.ts';
import type { Instant } from '../time.ts';
import { eventOnTicket, type Incident, viewOf } from './incident.ts';
import { join, leaveIncident, sharesWith } from './join.ts';

/**
 * A ticket belongs to an incident: one at a time. An emergency that runs on it takes its place among those of the
 * incident: it follows what pages for them already, unless somebody holds it, or pages for those that come after it.
 * What it shared with the incident that the ticket belonged to before, it leaves.
 * @param view the group of the incident, read for a ticket whose escalation is active
 */
export function linkTicket(
  state: Case,
  incident: Incident,
  { roster, view, by, now }: { roster: Roster; view: PressView | null; by: Actor; now: Instant },
): Decision {
  const { partner, number, incident: former } = state.ticket;
  if (former?.number === incident.number) return nothingToDo(state);
  const ticket = {
    ...state.ticket,
    incident: { ...viewOf(incident), version: incident.version },
    updatedAt: now,
  };
  const address = { partner, ticket: number };
  const rows: OutageChange[] = [
    { link: address, incident: incident.number },
    ...(former ? [{ unlink: address, incident: former.number }] : []),
  ];
  const type = incident.state === 'open' ? 'incident.opened' : 'incident.resolved';
  const event = { ...eventOnTicket(type, ticket, incident), actor: by };
  const { escalation } = state;
  const leaves = former !== null && sharesWith(state, former.number);
  const joins = view !== null && incident.state === 'open';
  if (!escalation || !isActive(escalation) || !(leaves || joins)) {
    return decided(state, { ticket, outage: rows, events: [event] });
  }
  const draft = new Draft(state, escalation, now);
  draft.ticket = ticket;
  if (joins) join(draft, { roster, view, by, former: former?.number ?? null });
  else leaveIncident(draft, roster, by);
  const done = draft.done();
  return { ...done, events: [event, ...done.events], outage: [...rows, ...done.outage] };
}

/**
 * A ticket does not belong to its incident after all. An emergency that follows the incident's is paged for on its
 * own, at once; one that led them stays with whoever holds it or is paged for it, and the oldest of the others leads.
 */
export function unlinkTicket(
  state: Case,
  incident: Incident,
  { roster, by, now }: { roster: Roster; by: Actor; now: Instant },
): Decision {
  const { partner, number, incident: former } = state.ticket;
  if (former?.number !== incident.number) return refuse('not_found', 'This ticket is not linked to it.');
  const ticket = { ...state.ticket, incident: null, updatedAt: now };
  const rows: OutageChange[] = [{ unlink: { partner, ticket: number }, incident: incident.number }];
  const event = { ...eventOnTicket('incident.unlinked', ticket, incident), actor: by };
  const { escalation } = state;
  if (!escalation || !sharesWith(state, incident.number)) {
    return decided(state, { ticket, outage: rows, events: [event] });
  }
  const draft = new Draft(state, escalation, now);
  draft.ticket = ticket;
  leaveIncident(draft, roster, by);
  const done = draft.done();
  return { ...done, events: [event, ...done.events], outage: [...rows, ...done.outage] };
}

/** The incident of a ticket changed: the ticket says so, once for each change that it had not heard of. */
export function informTicket(state: Case, incident: Incident, now: Instant): Decision {
  const { ticket } = state;
  const known = ticket.incident;
  if (known?.number !== incident.number || known.version >= incident.version) return nothingToDo(state);
  const next = { ...ticket, incident: { ...viewOf(incident), version: incident.version }, updatedAt: now };
  const resolved = known.state === 'open' && incident.state === 'resolved';
  const type = resolved ? 'incident.resolved' : 'incident.updated';
  return decided(state, { ticket: next, events: [eventOnTicket(type, next, incident)] });
}
