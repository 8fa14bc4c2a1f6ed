import type { Severity, TicketStatus } from '../../contract/words.ts';
import { businessTimeBetween } from '../calendar/business-time.ts';
import type { Calendar } from '../calendar/types.ts';
import { type Instant, later, secondsBetween } from '../time.ts';
import type { TimerChange } from '../timer.ts';
import { firstResponseClock, goOn, inWords, startClockAtPress, type Terms } from './sla.ts';
import type { SlaClock, Ticket } from './ticket.ts';

const slaTimer = (ticket: Ticket) => ({
  home: { partner: ticket.partner, ticket: ticket.number },
  subject: ticket.number,
  kind: 'sla' as const,
});

/** The ticket's timer as its clock says: at the warning, then at the due time; none while nothing is due. */
export function timerOf(ticket: Ticket): TimerChange {
  const dueAt = nextDue(ticket);
  const key = slaTimer(ticket);
  return dueAt ? { set: { ...key, dueAt, generation: ticket.version + 1 } } : { clear: key };
}

export function nextDue(ticket: Ticket): Instant | null {
  const { metAt, breachedAt, warnedAt, warnAt, dueAt } = ticket.sla.firstResponse;
  return metAt || breachedAt ? null : warnedAt ? dueAt : warnAt;
}

/** The requester's turn, or over: no first response is due. */
export const isStopped = (status: TicketStatus): boolean =>
  status === 'waiting' || status === 'resolved' || status === 'closed';

const severityOf = ({ severity }: Ticket): Severity => severity.agreed ?? severity.requested;

/**
 * The clock of the first response after a change: it stops while the ticket waits, is resolved or closed, and goes on
 * with what it had left; another severity has another time. What was met or breached stays so. Returns the
 * ticket with its clock, and the timer where that changed.
 */
export function keepClock(
  before: Ticket,
  after: Ticket,
  terms: Terms,
  now: Instant,
): { ticket: Ticket; timers: TimerChange[] } {
  const { metAt, breachedAt } = after.sla.firstResponse;
  const severity = severityOf(after);
  const another = severityOf(before) !== severity;
  const moved = before.status !== after.status && (isStopped(before.status) || isStopped(after.status));
  if (metAt || breachedAt || (!another && !moved)) return { ticket: after, timers: [] };
  let ticket = after;
  const put = (firstResponse: SlaClock) => {
    ticket = { ...ticket, sla: { firstResponse } };
  };
  if (isStopped(before.status)) put(goOn(ticket.sla.firstResponse, severityOf(before), terms, now));
  if (another) put(ofSeverity(severity, ticket, terms, now));
  const { escalation } = ticket;
  if (escalation?.state === 'paging' || escalation?.state === 'acknowledged') {
    ticket = startClockAtPress(ticket, now);
  }
  if (isStopped(after.status)) put(stop(ticket.sla.firstResponse, after.status, terms.calendar, now));
  return { ticket, timers: [timerOf(ticket)] };
}

function stop(clock: SlaClock, status: TicketStatus, calendar: Calendar, now: Instant): SlaClock {
  const { dueAt, time, resumedAt, startsAt, leftSeconds = clock.seconds } = clock;
  // Its timer is late, and says so yet.
  if (dueAt && dueAt <= now) return clock;
  const from = later(resumedAt ?? startsAt ?? now, now);
  const between = (to: Instant) =>
    time === 'elapsed' ? secondsBetween(from, to) : businessTimeBetween(calendar, from, to).seconds;
  const left = dueAt ? between(dueAt) : leftSeconds;
  const basis = `stopped while the ticket is ${status}, with ${inWords(left)} left`;
  return { ...clock, dueAt: null, warnAt: null, leftSeconds: left, resumedAt: null, basis };
}

/**
 * A severity with more time counts from the beginning, as if it had been so; one with less from now on, for nobody knew
 * before, yet never beyond what was promised already.
 */
function ofSeverity(severity: Severity, ticket: Ticket, terms: Terms, now: Instant): SlaClock {
  const clock = ticket.sla.firstResponse;
  const { plan, calendar } = terms;
  const whole = clock.resumedAt
    ? goOn(
        {
          ...clock,
          ...plan.firstResponse[severity],
          leftSeconds: leftOf(clock, plan.firstResponse[severity]),
        },
        severity,
        terms,
        clock.resumedAt,
      )
    : firstResponseClock(severity, plan, calendar, ticket.createdAt);
  if (dueOf(whole) >= dueOf(clock)) {
    return { ...whole, warnedAt: whole.warnAt && whole.warnAt <= now ? clock.warnedAt : null };
  }
  const fresh = firstResponseClock(severity, plan, calendar, now, `it became ${severity}`);
  return dueOf(fresh) < dueOf(clock) ? fresh : clock;
}

/** What a rule leaves of its time where so much of another was used. */
const leftOf = ({ seconds, leftSeconds = seconds }: SlaClock, rule: { seconds: number }): number =>
  Math.max(0, rule.seconds - (seconds - leftSeconds));

/** Never comes last. */
const dueOf = ({ dueAt }: SlaClock): Instant => dueAt ?? '~';
