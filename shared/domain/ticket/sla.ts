import type { Severity } from '../../contract/words.ts';
import { addBusinessTime } from '../calendar/business-time.ts';
import { openState } from '../calendar/state.ts';
import type { Calendar } from '../calendar/types.ts';
import type { Plan, SlaRule } from '../directory.ts';
import { addSeconds, type Instant } from '../time.ts';
import type { SlaClock, Ticket } from './ticket.ts';

/** A warning is given when this share of the time has gone. */
const warnAt = 0.75;

/** What a partner was promised: its plan, with the calendar of the plan. */
export interface Terms {
  plan: Plan;
  calendar: Calendar;
}

/**
 * The clock of the first response. An outage reported while the plan's calendar is closed waits: its clock
 * starts at Escalate or at opening, whichever is first, and `basis` says so. `since`: what has happened now.
 */
export function firstResponseClock(
  severity: Severity,
  plan: Plan,
  calendar: Calendar,
  now: Instant,
  since = 'it was opened',
): SlaClock {
  const rule = plan.firstResponse[severity];
  const clock = { ...rule, startsAt: null, dueAt: null, basis: '', warnAt: null };
  const began = begin({ ...clock, warnedAt: null, breachedAt: null, metAt: null }, severity, calendar, now);
  const length = `${inWords(rule.seconds)} ${rule.time === 'business' ? 'of business hours' : `after ${since}`}`;
  return {
    ...began.clock,
    startsAt: began.from,
    basis: began.waits ?? `${length} (${severity}, plan ${plan.name})`,
  };
}

/** A clock that was stopped goes on with what it has left, an outage's as it would begin. */
export function goOn(clock: SlaClock, severity: Severity, { plan, calendar }: Terms, now: Instant): SlaClock {
  if (clock.leftSeconds === undefined) return clock;
  const began = begin(clock, severity, calendar, now);
  const left = `${inWords(clock.leftSeconds)} ${clock.time === 'business' ? 'of business hours ' : ''}left`;
  return {
    ...began.clock,
    resumedAt: began.from,
    basis: began.waits ?? `${left} when it went on (${severity}, plan ${plan.name})`,
  };
}

function begin(clock: SlaClock, severity: Severity, calendar: Calendar, now: Instant) {
  const hours = openState(calendar, now);
  const waits = severity === 'outage' && !hours.open;
  const from = waits ? hours.opensAt : now;
  const { left, untilWarning } = timesOf(clock);
  return {
    from,
    waits: waits
      ? `${inWords(left)} from Escalate or from opening, whichever is first (${hours.reason})`
      : null,
    clock: {
      ...clock,
      dueAt: from && after(clock, calendar, from, left),
      warnAt: from && after(clock, calendar, from, untilWarning),
    },
  };
}

function timesOf({ seconds, leftSeconds = seconds }: SlaClock): { left: number; untilWarning: number } {
  const untilWarning = Math.max(0, Math.round(leftSeconds - seconds * (1 - warnAt)));
  return { left: leftSeconds, untilWarning };
}

/** Escalate starts a clock that was waiting for opening, also for one that never comes. */
export function startClockAtPress(ticket: Ticket, now: Instant): Ticket {
  const clock = ticket.sla.firstResponse;
  const goesOn = clock.leftSeconds !== undefined;
  const from = goesOn ? clock.resumedAt : clock.startsAt;
  if (clock.metAt || (from && from <= now)) return ticket;
  const { left, untilWarning } = timesOf(clock);
  const firstResponse = {
    ...clock,
    ...(goesOn ? { resumedAt: now } : { startsAt: now }),
    dueAt: addSeconds(now, left),
    warnAt: addSeconds(now, untilWarning),
    basis: `${inWords(left)} from Escalate`,
  };
  return { ...ticket, sla: { firstResponse } };
}

function after(rule: SlaRule, calendar: Calendar, start: Instant, seconds: number): Instant | null {
  return rule.time === 'elapsed'
    ? addSeconds(start, seconds)
    : addBusinessTime(calendar, start, seconds).dueAt;
}

/** `4 h`, `133 min`. */
export function inWords(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${Math.round(seconds / 60)} min`;
}
