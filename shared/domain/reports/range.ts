import { DateTime } from 'luxon';
import { fromInstant, type Instant, toInstant } from '../time.ts';

/** How long a report's range may be. */
const mostMonths = 13;

export interface Range {
  from: Instant;
  /** Excluded. */
  to: Instant;
}

/**
 * A report's range in a zone: a day such as `2026-11-01` is its first moment there, so a month is from its first day
 * to the next month's. Answers what is wrong with it instead, as the field and a message.
 */
export function rangeOf(
  asked: { from: string; to: string },
  timezone: string,
): { range: Range } | { problem: { field: string; message: string } } {
  const [from, to] = [startOf(asked.from, timezone), startOf(asked.to, timezone)];
  if (from >= to) return { problem: { field: 'to', message: 'must be after from (it is itself left out)' } };
  if (to > toInstant(fromInstant(from).setZone(timezone).plus({ months: mostMonths })))
    return { problem: { field: 'to', message: `must be at most ${mostMonths} months after from` } };
  return { range: { from, to } };
}

function startOf(text: string, timezone: string): Instant {
  return text.includes('T') ? text : toInstant(DateTime.fromISO(text, { zone: timezone }).startOf('day'));
}
