import { DAY_MS } from './wall.ts';

const [sunday, monday, thursday, saturday] = [0, 1, 4, 6];
const since: Readonly<Record<string, number>> = { 'Juneteenth National Independence Day': 2021 };

/** 5 U.S.C. 6103 (a). The names are those of the law. */
const holidays: Readonly<Record<string, (year: number) => number>> = {
  "New Year's Day": (year) => dayOf(year, 1, 1),
  'Birthday of Martin Luther King, Jr.': (year) => nth(3, monday, dayOf(year, 1, 1)),
  "Washington's Birthday": (year) => nth(3, monday, dayOf(year, 2, 1)),
  'Memorial Day': (year) => nth(1, monday, dayOf(year, 5, 25)),
  'Juneteenth National Independence Day': (year) => dayOf(year, 6, 19),
  'Independence Day': (year) => dayOf(year, 7, 4),
  'Labor Day': (year) => nth(1, monday, dayOf(year, 9, 1)),
  'Columbus Day': (year) => nth(2, monday, dayOf(year, 10, 1)),
  'Veterans Day': (year) => dayOf(year, 11, 11),
  'Thanksgiving Day': (year) => nth(4, thursday, dayOf(year, 11, 1)),
  'Christmas Day': (year) => dayOf(year, 12, 25),
};

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
  const days = new Map<number, string>();
  // New Year's Day of a year that begins on a Saturday is observed in the year before.
  for (const yearOf of [year, year + 1]) {
    for (const [name, dayIn] of Object.entries(holidays)) {
      if (yearOf >= (since[name] ?? yearOf)) days.set(observed(dayIn(yearOf)), name);
    }
  }
  byYear.set(year, days);
  return days;
}

function observed(day: number): number {
  if (weekdayOf(day) === saturday) return day - 1;
  return weekdayOf(day) === sunday ? day + 1 : day;
}

/** The nth such weekday from this day on, the day included. */
function nth(n: number, weekday: number, from: number): number {
  return from + ((weekday - weekdayOf(from) + 7) % 7) + 7 * (n - 1);
}

const dayOf = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / DAY_MS;
const weekdayOf = (day: number): number => new Date(day * DAY_MS).getUTCDay();
