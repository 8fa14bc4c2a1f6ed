import { DateTime, IANAZone } from 'luxon';

/**
 * A moment: ISO 8601 in UTC with milliseconds and `Z`, such as `2026-01-05T14:00:00.000Z`.
 * Always this one spelling, so that instants compare and sort as text.
 */
export type Instant = string;

/** The instant of a luxon time, whatever its zone. Throws `RangeError` for an invalid time. */
export function toInstant(dt: DateTime): Instant {
  return instantOf(dt.toMillis());
}

/** The instant as a luxon time in UTC. Throws `RangeError` for text that is no instant. */
export function fromInstant(i: Instant): DateTime {
  return DateTime.fromMillis(millisOf(i), { zone: 'utc' });
}

/** Milliseconds since 1970 of an instant. Throws `RangeError` for text that is no instant. */
export function millisOf(i: Instant): number {
  const millis = i.endsWith('Z') ? Date.parse(i) : Number.NaN;
  if (Number.isNaN(millis)) throw new RangeError(`not an instant: ${i}`);
  return millis;
}

/** The instant at a number of milliseconds since 1970. Throws `RangeError` for what is no date. */
export function instantOf(millis: number): Instant {
  return new Date(millis).toISOString();
}

/** The instant `seconds` of real time later; earlier when negative. Fractions count to the millisecond. */
export function addSeconds(i: Instant, seconds: number): Instant {
  return instantOf(millisOf(i) + Math.round(seconds * 1000));
}

/** Real seconds from `from` to `to`; negative when `to` is before `from`. */
export function secondsBetween(from: Instant, to: Instant): number {
  return (millisOf(to) - millisOf(from)) / 1000;
}

/** By so much may the clocks of two machines differ. */
const skewSeconds = 5;

/** Whether what was written of this instant was written before the clock was put back: nothing that is owed may wait for it. */
export function isAhead(at: Instant, now: Instant): boolean {
  return at > addSeconds(now, skewSeconds);
}

/** Whether something was less than `seconds` ago. What lies ahead was not. */
export function wasWithin(seconds: number, at: Instant | null, now: Instant): boolean {
  return at !== null && !isAhead(at, now) && now < addSeconds(at, seconds);
}

/** The earlier of two instants. */
export function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

/** The later of two instants. */
export function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

/** Whether `name` is a zone of the IANA database, such as `America/New_York`. Fixed offsets are not. */
export function isZone(name: string): boolean {
  return !/^[+-]/.test(name) && IANAZone.isValidZone(name);
}
