import type { Week } from '../calendar/types.ts';
import type { Instant } from '../time.ts';

/** Members taking turns. Nobody is on call from it before `start`, nor from `end` on. */
export interface Rotation {
  readonly name: string;
  /** The first handoff, on the clock of the schedule's zone: `2026-01-05T09:00`. */
  readonly start: string;
  /** On the same clock; it goes on for ever when left out. So a change can be planned ahead: one ends as another starts. */
  readonly end?: string | undefined;
  /** The length of a turn, one of the three. Weeks and days keep the time of day over clock changes, hours are real hours. */
  readonly every: {
    readonly weeks?: number | undefined;
    readonly days?: number | undefined;
    readonly hours?: number | undefined;
  };
  /** Staff ids, in the order of their turns; somebody may be listed twice. */
  readonly members: readonly string[];
  /** When in the week the rotation is on duty, as in a calendar; always when left out. */
  readonly during?: Week | undefined;
}

/**
 * Somebody on call from `from` up to `to`, in the place of `instead` or, without it, besides the others. With
 * `staff` null it takes `instead` off call and puts nobody in their place.
 */
export interface Override {
  readonly id?: string | undefined;
  readonly from: Instant;
  readonly to: Instant;
  readonly staff: string | null;
  readonly instead?: string | undefined;
  readonly createdAt?: Instant | undefined;
}

/** The rotations as they were before an edit: in force up to `until`, from the `until` of those before them. */
export interface PastRotations {
  readonly until: Instant;
  readonly timezone: string;
  readonly rotations: readonly Rotation[];
}

/** Who is on call when: what is planned, and what was before it was edited. */
export interface Schedule {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
  /** All of them are on call, each with its own member. */
  readonly rotations: readonly Rotation[];
  /** In the order in which they were made: a later one also relieves who came in by an earlier one. */
  readonly overrides: readonly Override[];
  /** Oldest first. */
  readonly past?: readonly PastRotations[] | undefined;
  /** What ended before this instant may have moved to the `History`: whoever asks about earlier times adds it. */
  readonly knownFrom?: Instant | undefined;
  /** Opens the calendar feed; there is no feed without it. */
  readonly calendarToken?: string | null | undefined;
}

/** What ended so long ago that the schedule no longer carries it. */
export interface History {
  readonly past: readonly PastRotations[];
  readonly overrides: readonly Override[];
}

/** Somebody on call, and why: `rotation:<name>` or `override:<id>` (`override` for one without an id). */
export interface OnCallPerson {
  readonly staff: string;
  readonly source: string;
}

/** Somebody's unbroken time on call, `to` excluded. */
export interface Shift extends OnCallPerson {
  readonly from: Instant;
  readonly to: Instant;
}

/** Who is on call at an instant, and until when exactly these are. */
export interface OnCall {
  /** Everybody once, in the order of the rotations, then of the overrides. Empty when nobody is. */
  readonly who: readonly OnCallPerson[];
  /** The next instant at which somebody comes or goes; null if it does not within 400 days. */
  readonly until: Instant | null;
}
