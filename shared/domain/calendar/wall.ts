import { IANAZone } from 'luxon';

/**
 * Wall time as a number: minutes since 1970-01-01 00:00 on the clock of a zone. Day `d` (days since 1970)
 * is the minutes from `d * DAY` up to `(d + 1) * DAY`.
 */
export type WallMinute = number;

export const DAY = 24 * 60;
export const DAY_MS = DAY * 60_000;

/** The zone of a name. Throws `RangeError` for a name that IANA does not know. */
export function zoneOf(name: string): IANAZone {
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new RangeError(`unknown time zone: ${name}`);
  return zone;
}

/**
 * When the clock of a zone shows a wall time, in milliseconds since 1970. A time that a clock change skips
 * moves forward by what was skipped; of a time that comes twice, the first counts.
 */
export function wallToMillis(zone: IANAZone, wall: WallMinute): number {
  // Not luxon's own conversion: among two readings it picks the one nearest to the offset of *today*.
  const day = dayOf(wall);
  const before = offsetAtMidnight(zone, day - 1);
  const after = offsetAtMidnight(zone, day + 2);
  const first = (wall - before) * 60_000;
  if (before === after || zone.offset(first) === before) return first;
  const second = (wall - after) * 60_000;
  return zone.offset(second) === after ? second : first;
}

/** What the clock of a zone shows at a moment, seconds dropped. */
export function millisToWall(zone: IANAZone, millis: number): WallMinute {
  const day = Math.floor(millis / DAY_MS);
  const before = offsetAtMidnight(zone, day);
  const offset = before === offsetAtMidnight(zone, day + 1) ? before : zone.offset(millis);
  return Math.floor(millis / 60_000 + offset);
}

const offsets = new WeakMap<IANAZone, Map<number, number>>();

/**
 * The offset of a zone in minutes at 00:00 UTC of a day. Kept, since asking costs 10 µs; where two of them are
 * equal there was no change between, as no zone changes its clock twice within three days.
 */
function offsetAtMidnight(zone: IANAZone, day: number): number {
  let known = offsets.get(zone);
  if (!known || known.size > 4000) {
    known = new Map();
    offsets.set(zone, known);
  }
  const offset = known.get(day) ?? zone.offset(day * DAY_MS);
  known.set(day, offset);
  return offset;
}

/** The day number of a wall minute. */
export function dayOf(wall: WallMinute): number {
  return Math.floor(wall / DAY);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The day number of a date such as `2026-12-24`, or null if there is no such date. */
export function parseDate(date: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const millis = Date.parse(`${date}T00:00:00.000Z`);
  // V8 takes 31 February for 3 March.
  return new Date(millis).getUTCDate() === Number(date.slice(8)) ? millis / DAY_MS : null;
}

/** Minutes since midnight of `HH:MM`, with `24:00` for the end of the day; null for anything else. */
export function parseClock(clock: string): number | null {
  if (clock === '24:00') return DAY;
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(clock);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** The wall minute of `2026-01-05T09:00`, or null if that is no wall time. */
export function parseWall(text: string): WallMinute | null {
  const [date = '', clock = '', more] = text.split('T');
  const day = parseDate(date);
  const minute = parseClock(clock);
  if (more !== undefined || day === null || minute === null || minute === DAY) return null;
  return day * DAY + minute;
}
