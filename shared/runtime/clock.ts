import { DateTime } from 'luxon';
import { type Instant, toInstant } from '../domain/time.ts';

/** The one place that reads the time. Everything else is told `now`. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => toInstant(DateTime.utc()) };
