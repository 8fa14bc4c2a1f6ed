import type { Channel, Severity } from '../../contract/words.ts';
import type { Calendar } from '../calendar/types.ts';
import { type Decided, decided } from '../decision.ts';
import type { Partner, Plan } from '../directory.ts';
import { ticketData } from '../escalation/event-data.ts';
import type { Actor } from '../event.ts';
import type { Instant } from '../time.ts';
import { timerOf } from './clock.ts';
import { firstResponseClock } from './sla.ts';
import type { Requester, Ticket } from './ticket.ts';

export interface OpenTicket {
  /** Made from random bytes by the caller: `ticketNumber(random)`. */
  number: string;
  subject: string;
  description: string;
  requester: Requester;
  form: string;
  service: string | null;
  client: string | null;
  severity: Severity;
  answers: Record<string, string>;
  externalRef: Ticket['externalRef'];
  channel: Channel;
  by: Actor;
}

/** Opens a ticket. `planCalendar` is the plan's: it runs the SLA clock, never a route. */
export function openTicket(
  command: OpenTicket,
  facts: { partner: Partner; plan: Plan; planCalendar: Calendar; now: Instant },
): Decided {
  const { partner, plan, planCalendar, now } = facts;
  const firstResponse = firstResponseClock(command.severity, plan, planCalendar, now);
  const ticket: Ticket = {
    number: command.number,
    partner: partner.id,
    partnerName: partner.name,
    subject: command.subject,
    description: command.description,
    form: command.form,
    service: command.service,
    client: command.client,
    severity: { requested: command.severity, agreed: null },
    status: 'new',
    requester: command.requester,
    channel: command.channel,
    answers: command.answers,
    externalRef: command.externalRef,
    incident: null,
    sla: { firstResponse },
    escalations: 0,
    escalation: null,
    createdAt: now,
    updatedAt: now,
    version: 0,
    seq: 0,
    head: '',
  };
  return decided(
    { ticket, escalation: null, pages: [] },
    {
      events: [{ type: 'ticket.created', actor: command.by, data: { ticket: ticketData(ticket) } }],
      timers: firstResponse.warnAt ? [timerOf(ticket)] : [],
    },
  );
}
