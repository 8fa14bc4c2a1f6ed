import type { EventType } from '../../contract/words.ts';
import { type Case, type Decision, decided, nothingToDo } from '../decision.ts';
import { ticketData } from '../escalation/event-data.ts';
import { system } from '../event.ts';
import type { Instant } from '../time.ts';
import type { TimerChange } from '../timer.ts';
import { isStopped, timerOf } from './clock.ts';
import type { SlaClock, Ticket } from './ticket.ts';

/** The first response was given: its clock stops for good. */
export function answered(ticket: Ticket, now: Instant): { ticket: Ticket; timers: TimerChange[] } {
  const clock = ticket.sla.firstResponse;
  if (clock.metAt) return { ticket, timers: [] };
  const met = { ...ticket, sla: { firstResponse: { ...clock, metAt: now } } };
  return { ticket: met, timers: [timerOf(met)] };
}

/** The first response is at 75 % of its time, or past it. */
export function slaDue(state: Case, { now }: { now: Instant }): Decision {
  const { ticket } = state;
  const clock = ticket.sla.firstResponse;
  if (clock.metAt || clock.breachedAt || !clock.dueAt || !clock.warnAt) return nothingToDo(state);
  if (now >= clock.dueAt) {
    return turned(state, 'sla.breached', { ...clock, breachedAt: clock.dueAt }, now);
  }
  if (isStopped(ticket.status)) return nothingToDo(state);
  if (clock.warnedAt || now < clock.warnAt) return decided(state, { timers: [timerOf(ticket)] });
  return turned(state, 'sla.warning', { ...clock, warnedAt: now }, now);
}

function turned(state: Case, type: EventType, firstResponse: SlaClock, now: Instant): Decision {
  const ticket = { ...state.ticket, updatedAt: now, sla: { firstResponse } };
  const events = [{ type, actor: system, data: slaData(ticket) }];
  return decided(state, { ticket, events, timers: [timerOf(ticket)] });
}

function slaData(ticket: Ticket): Record<string, unknown> {
  const { dueAt, basis } = ticket.sla.firstResponse;
  return { ticket: ticketData(ticket), sla: { kind: 'first_response', dueAt, basis } };
}
