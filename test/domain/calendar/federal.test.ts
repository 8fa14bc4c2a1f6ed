import { allForYear } from '@18f/us-federal-holidays';
import { expect, it } from 'vitest';
import { federalHoliday } from '../../../shared/domain/calendar/federal.ts';
import { DAY_MS } from '../../../shared/domain/calendar/wall.ts';

/** The days that the Office of Personnel Management publishes as observed. */
const OBSERVED: Record<number, string> = {
  2021: '01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31',
  2022: '01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26',
  2023: '01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25',
  2026: '01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25',
  2027: '01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31',
  2028: '01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25',
};

function observedIn(year: number): string {
  const first = Date.UTC(year, 0) / DAY_MS;
  const count = Date.UTC(year + 1, 0) / DAY_MS - first;
  const days = Array.from({ length: count }, (_, n) => first + n).filter((day) => federalHoliday(day));
  return days.map((day) => new Date(day * DAY_MS).toISOString().slice(5, 10)).join(' ');
}

it.each(Object.entries(OBSERVED))('the federal holidays of %s are those observed', (year, days) => {
  expect(observedIn(Number(year))).toBe(days);
});

it('agrees with the library of the US government for sixty years, name for name', () => {
  for (let year = 1975; year < 2035; year++) {
    for (const { dateString, name } of allForYear(year)) {
      expect([dateString, federalHoliday(Date.parse(dateString) / DAY_MS)]).toEqual([dateString, name]);
    }
    const ofNextYear = allForYear(year + 1)[0]?.dateString.startsWith(String(year)) ? 1 : 0;
    const ofTheYearBefore = allForYear(year)[0]?.dateString.startsWith(String(year)) ? 0 : 1;
    expect(observedIn(year).split(' ')).toHaveLength(allForYear(year).length + ofNextYear - ofTheYearBefore);
  }
});

it.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/Santiago', 'Africa/Cairo'])(
  'a host in %s finds the same days',
  (zone) => {
    const before = process.env.TZ;
    try {
      process.env.TZ = zone;
      expect(Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
      // Years that no other test has asked for, so that they are computed on this host.
      const year = 2040 + zone.length;
      const there = observedIn(year);
      process.env.TZ = 'UTC';
      expect(observedIn(year + 28)).toBe(there);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  },
);
