import { allForYear } from '@18f/us-federal-holidays';
import { DAY_MS } from './wall.ts';

const byYear = new Map<number, ReadonlyMap<number, string>>();

/**
 * The name of the US federal holiday observed on a day (days since 1970), if there is one: a holiday on a
 * Saturday is observed on the Friday before, one on a Sunday on the Monday after (5 U.S.C. 6103, E.O. 11582).
 */
export function federalHoliday(day: number): string | undefined {
  return observedIn(new Date(day * DAY_MS).getUTCFullYear()).get(day);
}

function observedIn(year: number): ReadonlyMap<number, string> {
  const known = byYear.get(year);
  if (known) return known;
  // New Year's Day of a year that begins on a Saturday is observed in the year before. Only `dateString` is
  // used: `date` is midnight of the host's zone.
  const days = new Map(
    [...allForYear(year), ...allForYear(year + 1).slice(0, 1)].map((holiday) => [
      Date.parse(holiday.dateString) / DAY_MS,
      holiday.name,
    ]),
  );
  byYear.set(year, days);
  return days;
}
