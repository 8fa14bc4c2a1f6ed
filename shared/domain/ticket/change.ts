import type { EventType, Severity, TicketStatus } from '../../contract/words.ts';
import { type Case, type Decided, type Decision, decided, nothingToDo, refuse } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { end } from '../escalation/answer.ts';
import { Draft } from '../escalation/draft.ts';
import { ticketData } from '../escalation/event-data.ts';
import type { Actor, NewEvent } from '../event.ts';
import type { Instant } from '../time.ts';
import { keepClock } from './clock.ts';
import type { Terms } from './sla.ts';
import type { Ticket } from './ticket.ts';

/** What a PATCH may change; only what is given changes. `severity` is requested by partners, agreed by staff. */
export interface TicketChange {
  subject?: string;
  description?: string;
  severity?: Severity;
  status?: TicketStatus;
  service?: string | null;
  answers?: Record<string, string>;
  client?: string | null;
  externalRef?: Ticket['externalRef'];
  by: Actor;
}

const partnerStatuses: readonly TicketStatus[] = ['open', 'resolved', 'closed'];

const statusEvents: Partial<Record<TicketStatus, EventType>> = {
  resolved: 'ticket.resolved',
  closed: 'ticket.closed',
};

/** What a ticket may hold in all: as much as one request may bring (`TicketIn`), so that its row always has room for more. */
const mostText = 60_000;
const mostAnswers = 60;

/**
 * Changes a ticket. Resolving or closing it ends its escalation as resolved, and everyone paged stands down.
 * `terms`: the partner's, where status or severity change and its clock with them.
 */
export function changeTicket(
  state: Case,
  change: TicketChange,
  facts: { roster: Roster; terms?: Terms | null; now: Instant },
): Decision {
  const before = state.ticket;
  const { by } = change;
  if (by.kind === 'partner' && change.status && !partnerStatuses.includes(change.status)) {
    return refuse('forbidden', `Only the desk sets a ticket to ${change.status}.`, {
      errors: [{ field: 'status', message: `may be one of ${partnerStatuses.join(', ')}` }],
    });
  }
  const next: Ticket = {
    ...before,
    subject: change.subject ?? before.subject,
    description: change.description ?? before.description,
    service: change.service === undefined ? before.service : change.service,
    status: change.status ?? before.status,
    severity: severityOf(before, change),
    answers: { ...before.answers, ...change.answers },
    client: change.client === undefined ? before.client : change.client,
    externalRef: change.externalRef === undefined ? before.externalRef : change.externalRef,
  };
  const tooMuch = outgrown(before, next);
  if (tooMuch) {
    const field = change.answers ? 'answers' : 'description';
    return refuse('invalid_request', `${field} ${tooMuch}`, { errors: [{ field, message: tooMuch }] });
  }
  const changed = changedFields(before, next);
  if (changed.length === 0) return nothingToDo(state);
  const { ticket, timers } = facts.terms
    ? keepClock(before, next, facts.terms, facts.now)
    : { ticket: next, timers: [] };
  const finished = ticket.status === 'resolved' || ticket.status === 'closed';
  const running = state.escalation && !['resolved', 'cancelled'].includes(state.escalation.state);
  const base = finished && running ? ended(state, ticket, by, facts) : decided(state, { ticket });
  return {
    ...base,
    ticket: { ...base.ticket, updatedAt: facts.now },
    events: [...eventsOf(before, ticket, changed, by), ...base.events],
    timers: [...timers, ...base.timers],
  };
}

/** Why this is more than a ticket may hold; null when it is not, or at least no more than it held before. */
function outgrown(before: Ticket, after: Ticket): string | null {
  const answersOf = (ticket: Ticket) => Object.keys(ticket.answers).length;
  const textOf = ({ description, answers }: Ticket) => JSON.stringify([description, answers]).length;
  if (answersOf(after) > Math.max(mostAnswers, answersOf(before)))
    return `must have at most ${mostAnswers} entries with those that there are`;
  if (textOf(after) > Math.max(mostText, textOf(before)))
    return `must leave description and answers together at most ${mostText} characters`;
  return null;
}

function ended(
  state: Case,
  ticket: Ticket,
  by: Actor,
  { roster, now }: { roster: Roster; now: Instant },
): Decided {
  const { escalation } = state;
  if (!escalation) return decided(state, { ticket });
  const draft = new Draft(state, escalation, now);
  draft.ticket = ticket;
  end(draft, roster, { as: 'resolved', by, except: by.kind === 'staff' ? by.id : null });
  return draft.done();
}

function severityOf(before: Ticket, { severity, by }: TicketChange): Ticket['severity'] {
  if (!severity) return before.severity;
  return by.kind === 'staff'
    ? { ...before.severity, agreed: severity }
    : { ...before.severity, requested: severity };
}

function changedFields(before: Ticket, after: Ticket): string[] {
  const fields = [
    'subject',
    'description',
    'service',
    'status',
    'severity',
    'answers',
    'client',
    'externalRef',
  ] as const;
  return fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
}

function eventsOf(before: Ticket, after: Ticket, changed: string[], by: Actor): NewEvent[] {
  const data = { ticket: ticketData(after), changed };
  const events: NewEvent[] = [{ type: 'ticket.updated', actor: by, data }];
  const wasOver = before.status === 'resolved' || before.status === 'closed';
  const isOver = after.status === 'resolved' || after.status === 'closed';
  const type = before.status === after.status ? undefined : statusEvents[after.status];
  if (type) events.push({ type, actor: by, data });
  if (wasOver && !isOver) events.push({ type: 'ticket.reopened', actor: by, data });
  return events;
}
