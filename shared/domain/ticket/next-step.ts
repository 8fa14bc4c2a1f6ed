import type { OpenState } from '../calendar/state.ts';
import { timesFor } from '../escalation/text.ts';
import type { Instant } from '../time.ts';
import { startClockAtPress } from './sla.ts';
import type { EscalationSummary, Ticket } from './ticket.ts';

export interface NextStep {
  action: 'escalate' | 'wait' | 'call_back_ready' | 'none';
  because: string;
}

/** The desk as a requester meets it at this moment. */
export interface DeskNow {
  hours: OpenState;
  /** Answered at night. */
  phone: string;
  timezone: string;
  now: Instant;
}

/** What the requester should do now, in words: nobody has to wonder. */
export function nextStep(ticket: Ticket, desk: DeskNow): NextStep {
  if (ticket.status === 'resolved' || ticket.status === 'closed') {
    return { action: 'none', because: `This ticket is ${ticket.status}; a comment reopens it.` };
  }
  const { hours, phone } = desk;
  const escalation = ticket.escalation;
  if (escalation?.state === 'acknowledged') {
    const who = escalation.acknowledgedBy?.name ?? 'Somebody';
    return {
      action: 'call_back_ready',
      because: `${who} has taken the emergency. Be ready to be called back.`,
    };
  }
  if (escalation?.state === 'paging')
    return { action: 'wait', because: whilePaging(escalation, ticket, desk) };
  if (escalation?.state === 'exhausted') {
    return {
      action: 'escalate',
      because: `Nobody holds the emergency. Escalate again, or call ${phone}.`,
    };
  }
  const severity = ticket.severity.agreed ?? ticket.severity.requested;
  if (severity === 'outage' && !hours.open) {
    const clock = startClockAtPress(ticket, desk.now) === ticket ? '' : ' and the clock starts';
    return {
      action: 'escalate',
      because: `The desk is ${hours.reason}. For an emergency, escalate: on-call staff are paged at once${clock}.`,
    };
  }
  if (!hours.open) {
    return {
      action: 'wait',
      because: `The desk is ${hours.reason}. It answers when it opens; escalate if mail is down.`,
    };
  }
  return { action: 'wait', because: 'The desk is open and has your ticket.' };
}

/** Who is asked to take it and by when; past that time, or with nobody to ask, the number to call. */
function whilePaging(
  escalation: EscalationSummary,
  { requester }: Ticket,
  { phone, timezone, now }: DeskNow,
): string {
  const { dueAt, brokenAt } = escalation.promise;
  const { who, reached } = asked(escalation);
  if (brokenAt === null && now < dueAt && reached) {
    return `${who}; somebody takes it by ${timesFor(requester, dueAt, timezone)}.`;
  }
  const so =
    now < dueAt ? '' : `Nobody ${brokenAt ? 'took the emergency in time' : 'holds the emergency now'}. `;
  return `${so}${who}. Please call ${phone}.`;
}

function asked({ follows, route, level, unreachableSince }: EscalationSummary): {
  who: string;
  reached: boolean;
} {
  if (unreachableSince) return { who: 'Nobody can be paged just now, and we keep trying', reached: false };
  if (follows)
    return { who: 'It belongs to a known outage, and staff are being alerted for that', reached: true };
  return route === 'desk' && level === 0
    ? { who: 'The desk is alerted', reached: true }
    : { who: 'On-call staff are being paged', reached: true };
}
