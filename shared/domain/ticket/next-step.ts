import type { OpenState } from '../calendar/state.ts';
import type { Ticket } from './ticket.ts';

export interface NextStep {
  action: 'escalate' | 'wait' | 'call_back_ready' | 'none';
  because: string;
}

/** What the requester should do now, in words: nobody has to wonder. */
export function nextStep(ticket: Ticket, desk: OpenState): NextStep {
  if (ticket.status === 'resolved' || ticket.status === 'closed') {
    return { action: 'none', because: `This ticket is ${ticket.status}; a comment reopens it.` };
  }
  const escalation = ticket.escalation;
  if (escalation?.state === 'acknowledged') {
    const who = escalation.acknowledgedBy?.name ?? 'Somebody';
    return {
      action: 'call_back_ready',
      because: `${who} has taken the emergency. Be ready to be called back.`,
    };
  }
  if (escalation?.state === 'paging') {
    return {
      action: 'wait',
      because: `On-call staff are being alerted; somebody takes it by ${escalation.promise.dueAt}.`,
    };
  }
  if (escalation?.state === 'exhausted') {
    return { action: 'escalate', because: 'Nobody has taken the emergency. Escalate again, or call us.' };
  }
  const severity = ticket.severity.agreed ?? ticket.severity.requested;
  if (severity === 'outage' && !desk.open) {
    return {
      action: 'escalate',
      because: `The desk is ${desk.reason}. For an emergency, escalate: on-call staff are paged at once and the clock starts.`,
    };
  }
  if (!desk.open) {
    return {
      action: 'wait',
      because: `The desk is ${desk.reason}. It answers when it opens; escalate if mail is down.`,
    };
  }
  return { action: 'wait', because: 'The desk is open and has your ticket.' };
}
