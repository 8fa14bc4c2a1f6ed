import { ticketData } from '../escalation/event-data.ts';
import type { Actor, NewEvent } from '../event.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { Instant } from '../time.ts';

/** What every partner may read of an incident: never who else has it. */
export interface IncidentView {
  number: string;
  title: string;
  service: string | null;
  state: 'open' | 'resolved';
  since: Instant;
  /** The latest public words, and when they were said. */
  text: string | null;
  updatedAt: Instant;
}

/** A known outage that many tickets share. Its tickets are rows of their own. */
export interface Incident extends Omit<IncidentView, 'text'> {
  /** Public words, oldest first; the latest ones. */
  updates: { at: Instant; text: string }[];
  resolvedAt: Instant | null;
  /** Who changed it last. */
  by: Actor;
  createdAt: Instant;
  /** Rises with each change: the optimistic lock, the ETag, and what a ticket was told last. */
  version: number;
}

export interface OpenIncident {
  /** Made from random bytes by the caller: `incidentNumber(random)`. */
  number: string;
  title: string;
  service: string | null;
  since: Instant | null;
  text: string | null;
  by: Actor;
}

/** What a PATCH may change; only what is given changes. `text` is said beside what was said before. */
export interface IncidentChange {
  title?: string;
  service?: string | null;
  state?: Incident['state'];
  text?: string;
  by: Actor;
}

/** What became of an incident, and the event for the desk's own log; none when nothing changed. */
export interface IncidentDecision {
  incident: Incident;
  events: NewEvent[];
}

/** Older words stay in the log. */
const updatesKept = 50;

export function openIncident({ text, since, ...command }: OpenIncident, now: Instant): IncidentDecision {
  const incident: Incident = {
    ...command,
    state: 'open',
    since: since ?? now,
    resolvedAt: null,
    updates: text === null ? [] : [{ at: now, text }],
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return { incident, events: [eventOf('incident.opened', incident)] };
}

/** Resolving ends no escalation: whoever holds one, or is being paged, says when that emergency is over. */
export function changeIncident(before: Incident, change: IncidentChange, now: Instant): IncidentDecision {
  const { text, by, ...fields } = change;
  const after: Incident = {
    ...before,
    ...fields,
    updates: text === undefined ? before.updates : [...before.updates, { at: now, text }].slice(-updatesKept),
  };
  if (JSON.stringify(after) === JSON.stringify(before)) return { incident: before, events: [] };
  const resolved = before.state === 'open' && after.state === 'resolved';
  const resolvedAt = after.state === 'open' ? null : resolved ? now : before.resolvedAt;
  const incident = { ...after, resolvedAt, by, updatedAt: now, version: before.version + 1 };
  return {
    incident,
    events: [eventOf(resolved ? 'incident.resolved' : 'incident.updated', incident)],
  };
}

export function viewOf({ number, title, service, state, since, updates, updatedAt }: Incident): IncidentView {
  return { number, title, service, state, since, text: updates.at(-1)?.text ?? null, updatedAt };
}

/** In the desk's own log; partners have it in the logs of their tickets. */
function eventOf(type: NewEvent['type'], incident: Incident): NewEvent {
  return { type, actor: incident.by, data: { incident: viewOf(incident) }, internal: true };
}

/** In the log of a ticket. */
export function eventOnTicket(type: NewEvent['type'], ticket: Ticket, incident: Incident): NewEvent {
  return {
    type,
    actor: incident.by,
    data: { ticket: ticketData(ticket), incident: viewOf(incident) },
  };
}
