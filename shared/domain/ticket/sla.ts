import type { Severity } from '../../contract/words.ts';
import { addBusinessTime } from '../calendar/business-time.ts';
import { openState } from '../calendar/state.ts';
import type { Calendar } from '../calendar/types.ts';
import type { Plan, SlaRule } from '../directory.ts';
import { addSeconds, type Instant } from '../time.ts';
import type { SlaClock, Ticket } from './ticket.ts';

/** A warning is given when this share of the time has gone. */
const warnAt = 0.75;

/** First response by severity, as the seeds' providers promise it (72 h) and the emergency promise (30 min). */
export const defaultFirstResponse: Record<Severity, SlaRule> = {
  question: { seconds: 72 * 3600, time: 'elapsed' },
  problem: { seconds: 72 * 3600, time: 'elapsed' },
  degraded: { seconds: 4 * 3600, time: 'business' },
  outage: { seconds: 30 * 60, time: 'elapsed' },
  order: { seconds: 72 * 3600, time: 'elapsed' },
};

/**
 * The clock of the first response. An outage reported while the plan's calendar is closed waits: its clock
 * starts at Escalate or at opening, whichever is first, and `basis` says so.
 */
export function firstResponseClock(
  severity: Severity,
  plan: Plan,
  calendar: Calendar,
  now: Instant,
): SlaClock {
  const rule = plan.firstResponse[severity];
  const hours = openState(calendar, now);
  const waits = severity === 'outage' && !hours.open;
  const startsAt = waits ? hours.opensAt : now;
  const dueAt = startsAt && after(rule, calendar, startsAt, 1);
  const length = `${inWords(rule.seconds)} ${rule.time === 'business' ? 'of business hours' : 'after it was opened'}`;
  return {
    ...rule,
    startsAt,
    dueAt,
    basis: waits
      ? `${inWords(rule.seconds)} from Escalate or from opening, whichever is first (${hours.reason})`
      : `${length} (${severity}, plan ${plan.name})`,
    warnAt: startsAt && after(rule, calendar, startsAt, warnAt),
    warnedAt: null,
    breachedAt: null,
    metAt: null,
  };
}

/** Escalate starts a clock that was waiting for opening. */
export function startClockAtPress(ticket: Ticket, now: Instant): Ticket {
  const clock = ticket.sla.firstResponse;
  if (clock.metAt || !clock.startsAt || clock.startsAt <= now) return ticket;
  const firstResponse = {
    ...clock,
    startsAt: now,
    dueAt: addSeconds(now, clock.seconds),
    warnAt: addSeconds(now, clock.seconds * warnAt),
    basis: `${inWords(clock.seconds)} from Escalate`,
  };
  return { ...ticket, sla: { firstResponse } };
}

function after(rule: SlaRule, calendar: Calendar, start: Instant, share: number): Instant | null {
  const seconds = Math.round(rule.seconds * share);
  return rule.time === 'elapsed'
    ? addSeconds(start, seconds)
    : addBusinessTime(calendar, start, seconds).dueAt;
}

function inWords(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${Math.round(seconds / 60)} min`;
}
