import { type Case, type Decision, decided, nothingToDo } from '../decision.ts';
import { ticketData } from '../escalation/event-data.ts';
import { system } from '../event.ts';
import type { Instant } from '../time.ts';
import type { TimerChange } from '../timer.ts';
import type { Ticket } from './ticket.ts';

const slaTimer = (ticket: Ticket) => ({
  home: { partner: ticket.partner, ticket: ticket.number },
  subject: ticket.number,
  kind: 'sla' as const,
});

/** The first response was given: its clock stops for good. */
export function answered(ticket: Ticket, now: Instant): { ticket: Ticket; timers: TimerChange[] } {
  const clock = ticket.sla.firstResponse;
  if (clock.metAt) return { ticket, timers: [] };
  return {
    ticket: { ...ticket, sla: { firstResponse: { ...clock, metAt: now } } },
    timers: [{ clear: slaTimer(ticket) }],
  };
}

/** The first response is at 75 % of its time, or past it. */
export function slaDue(state: Case, { now }: { now: Instant }): Decision {
  const { ticket } = state;
  const clock = ticket.sla.firstResponse;
  const over = ticket.status === 'resolved' || ticket.status === 'closed';
  if (clock.metAt || clock.breachedAt || over || !clock.dueAt || !clock.warnAt) return nothingToDo(state);
  const timer = { ...slaTimer(ticket), generation: ticket.version + 1 };
  if (now >= clock.dueAt) {
    const breached = {
      ...ticket,
      updatedAt: now,
      sla: { firstResponse: { ...clock, breachedAt: clock.dueAt } },
    };
    return decided(state, {
      ticket: breached,
      events: [{ type: 'sla.breached', actor: system, data: slaData(breached) }],
      timers: [{ clear: slaTimer(ticket) }],
    });
  }
  if (clock.warnedAt || now < clock.warnAt) {
    const dueAt = clock.warnedAt ? clock.dueAt : clock.warnAt;
    return decided(state, { timers: [{ set: { ...timer, dueAt } }] });
  }
  const warned = { ...ticket, updatedAt: now, sla: { firstResponse: { ...clock, warnedAt: now } } };
  return decided(state, {
    ticket: warned,
    events: [{ type: 'sla.warning', actor: system, data: slaData(warned) }],
    timers: [{ set: { ...timer, dueAt: clock.dueAt } }],
  });
}

function slaData(ticket: Ticket): Record<string, unknown> {
  const { dueAt, basis } = ticket.sla.firstResponse;
  return { ticket: ticketData(ticket), sla: { kind: 'first_response', dueAt, basis } };
}
