/** A window of the wall clock, `["09:00","20:00"]`; `["22:00","06:00"]` runs into the next day, `"24:00"` ends a day. */
export type WallWindow = readonly [from: string, to: string];

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The windows of each weekday; a day that is left out is closed. */
export type Week = { readonly [day in Weekday]?: readonly WallWindow[] | undefined };

/**
 * A date that differs from the week. `hours` replaces the week's windows; without hours the day is closed.
 * `active: false` keeps the entry and leaves the date an ordinary day, also where a preset would close it.
 */
export interface SpecialDay {
  /** `2026-12-24`, in the calendar's zone. */
  readonly date: string;
  readonly name: string;
  readonly active?: boolean | undefined;
  readonly hours?: readonly WallWindow[] | undefined;
}

/** Closing days that are computed: `us-federal` is the observed US federal holidays (5 U.S.C. 6103). */
export type Preset = 'us-federal';

/** Weekly hours in an IANA zone, with holidays and special days. The wire's shape. */
export interface Calendar {
  readonly timezone: string;
  readonly week: Week;
  readonly presets?: readonly Preset[] | undefined;
  readonly holidays?: readonly SpecialDay[] | undefined;
}
