import { completeness } from '../../../shared/domain/ticket/completeness.ts';
import { type DeskNow, nextStep } from '../../../shared/domain/ticket/next-step.ts';
import type { SlaClock, Ticket } from '../../../shared/domain/ticket/ticket.ts';

export function ticketPath(number: string): string {
  return `/v1/tickets/${number}`;
}

export function presentTicket(ticket: Ticket, desk: DeskNow) {
  const { action, because } = nextStep(ticket, desk);
  return {
    number: ticket.number,
    subject: ticket.subject,
    description: ticket.description,
    form: ticket.form,
    service: ticket.service,
    client: ticket.client,
    partner: { id: ticket.partner, name: ticket.partnerName },
    severity: ticket.severity,
    status: ticket.status,
    requester: ticket.requester,
    channel: ticket.channel,
    answers: ticket.answers,
    externalRef: ticket.externalRef,
    support: desk.hours,
    sla: { firstResponse: presentClock(ticket.sla.firstResponse) },
    completeness: completeness(ticket),
    escalation: ticket.escalation,
    incident: ticket.incident && presentIncidentOf(ticket.incident),
    nextStep: {
      action,
      href: action === 'escalate' ? `${ticketPath(ticket.number)}/escalation` : null,
      because,
    },
    createdAt: ticket.createdAt,
    updatedAt: ticket.updatedAt,
  };
}

function presentIncidentOf({ version: _internal, ...incident }: NonNullable<Ticket['incident']>) {
  return incident;
}

function presentClock({ warnAt: _warnAt, leftSeconds: _left, resumedAt: _resumedAt, ...clock }: SlaClock) {
  return clock;
}
