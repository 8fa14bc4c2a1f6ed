import { type Case, type Decided, type Decision, decided } from '../decision.ts';
import { hear, isWord } from '../escalation/contact.ts';
import { Draft } from '../escalation/draft.ts';
import { ticketData } from '../escalation/event-data.ts';
import type { Actor, NewEvent } from '../event.ts';
import type { Instant } from '../time.ts';
import { keepClock } from './clock.ts';
import { answered } from './due.ts';
import type { Terms } from './sla.ts';
import type { Ticket } from './ticket.ts';

export interface Comment {
  body: string;
  /** For the provider's own people only. */
  internal: boolean;
  by: Actor;
}

/**
 * Adds a comment. A partner's words reopen what was resolved or closed and end waiting; the desk's first
 * public words meet the first-response promise, and the holder's are the contact that an emergency waits for.
 * `terms`: where a clock that stands may go on with a partner's words.
 */
export function comment(state: Case, command: Comment, now: Instant, terms: Terms | null = null): Decision {
  const before = state.ticket;
  const fromDesk = command.by.kind === 'staff';
  const reopens = !fromDesk && (before.status === 'resolved' || before.status === 'closed');
  const opens = reopens || (!fromDesk && before.status === 'waiting');
  const answers = fromDesk && !command.internal;
  const status = opens || (answers && before.status === 'new') ? 'open' : before.status;
  const next = { ...before, status, updatedAt: now };
  const { ticket, timers } = answers
    ? answered(next, now)
    : terms
      ? keepClock(before, next, terms, now)
      : { ticket: next, timers: [] };
  const base = isWord(state, command.by) ? heard(state, ticket, command.by, now) : decided(state, { ticket });
  const data = { ticket: ticketData(ticket), comment: { body: command.body, internal: command.internal } };
  const events: NewEvent[] = [
    { type: 'ticket.commented', actor: command.by, data, internal: command.internal },
  ];
  if (reopens) {
    events.push({
      type: 'ticket.reopened',
      actor: command.by,
      data: { ticket: ticketData(ticket), because: 'the partner replied' },
    });
  }
  return { ...base, events: [...events, ...base.events], timers: [...timers, ...base.timers] };
}

/** Words of who holds the emergency. */
function heard(state: Case, ticket: Ticket, by: Actor, now: Instant): Decided {
  if (!state.escalation) return decided(state, { ticket });
  const draft = new Draft(state, state.escalation, now);
  draft.ticket = ticket;
  hear(draft, by);
  return draft.done();
}
