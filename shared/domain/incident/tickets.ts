import { type Case, type Decision, decided, nothingToDo } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { Draft } from '../escalation/draft.ts';
import { voidQueued } from '../escalation/notices.ts';
import { type Actor, system } from '../event.ts';
import { startFollowing } from '../outage/follow.ts';
import { isActive, isLeading, type OutageChange, roleOf, rowOf } from '../outage/outage.ts';
import { type PressView, takePlace } from '../outage/place.ts';
import { addSeconds, type Instant } from '../time.ts';
import { eventOnTicket, type Incident, viewOf } from './incident.ts';

/** The holder hears how many follow so long after the link. */
const countSeconds = 60;

/**
 * A ticket belongs to an incident: one at a time. An emergency that runs on it takes its place among those of the
 * incident: it follows what pages for them already, unless somebody holds it, or pages for those that come after it.
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
  if (!escalation || !isActive(escalation) || !view || incident.state !== 'open') {
    return decided(state, { ticket, outage: rows, events: [event] });
  }
  const draft = new Draft(state, escalation, now);
  draft.ticket = ticket;
  join(draft, roster, view);
  const done = draft.done();
  return { ...done, events: [event, ...done.events], outage: [...rows, ...done.outage] };
}

function join(draft: Draft, roster: Roster, view: PressView): void {
  const { escalation, now, before } = draft;
  const role = roleOf(before);
  const led = view.lead !== null && isLeading(view.lead);
  if (role === 'lead' && escalation.outage && !led) {
    // It goes on leading its outage, and leads the incident's as well.
    const { group, key, newId } = view;
    const from = group?.version ?? null;
    const version = (from ?? 0) + 1;
    const former = group?.id && group.lead ? { id: group.id, lead: group.lead } : null;
    const next = { key, version, id: newId, lead: rowOf(escalation), recent: [], former, toldAt: null };
    draft.set({ group: key });
    draft.outage({ group: next, from });
    return;
  }
  if (role !== 'alone' || escalation.outage?.leftAt || (led && escalation.state !== 'paging')) return;
  const place = takePlace(draft, view);
  if (place.as === 'follower') {
    voidQueued(draft);
    draft.set({ ladder: { ...draft.escalation.ladder, waiting: [] } });
    draft.timer('desk', null);
    startFollowing(draft, roster, place.lead);
    return;
  }
  if (place.as === 'lead' && place.heir) draft.event('escalation.promoted', system);
  if (escalation.state === 'acknowledged') draft.timer('outage', addSeconds(now, countSeconds));
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
