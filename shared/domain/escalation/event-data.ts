import type { Ticket } from '../ticket/ticket.ts';
import type { Escalation } from './escalation.ts';

/** What every event says of its ticket: enough for an integrator to file it without asking again. */
export function ticketData(ticket: Ticket): Record<string, unknown> {
  return {
    number: ticket.number,
    subject: ticket.subject,
    status: ticket.status,
    severity: ticket.severity,
    partner: { id: ticket.partner, name: ticket.partnerName },
    externalRef: ticket.externalRef,
  };
}

/** What every escalation event carries. Names, never phone numbers: partners read it too. */
export function escalationData(ticket: Ticket, escalation: Escalation): Record<string, unknown> {
  return {
    ticket: ticketData(ticket),
    escalation: {
      id: escalation.id,
      state: escalation.state,
      route: escalation.route,
      reason: escalation.reason,
      startedAt: escalation.startedAt,
      promise: escalation.promise,
      level: escalation.level,
      acknowledgedBy: escalation.acknowledgedBy,
      acknowledgedAt: escalation.acknowledgedAt,
    },
  };
}
