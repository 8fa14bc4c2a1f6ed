import type { EscalationSummary, Ticket } from '../ticket/ticket.ts';
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
    escalation: summaryOf(escalation),
  };
}

/** What a ticket and each event show of an escalation. */
export function summaryOf(escalation: Escalation): EscalationSummary {
  const { id, state, route, reason, startedAt, promise, level, acknowledgedBy, acknowledgedAt } = escalation;
  const { unreachableSince } = escalation;
  return {
    ...{ id, state, route, reason, startedAt, promise, level, acknowledgedBy, acknowledgedAt },
    ...{ follows: followsOf(escalation), unreachableSince },
  };
}

/** The outage that an escalation follows: an opaque name, for partners never see each other. */
export function followsOf({ outage }: Escalation): string | null {
  return outage?.follows ? outage.id : null;
}
