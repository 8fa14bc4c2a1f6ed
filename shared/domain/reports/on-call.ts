import type { Escalation, Page, Person } from '../escalation/escalation.ts';
import { isPage } from '../escalation/notices.ts';
import { fromInstant, type Instant, secondsBetween } from '../time.ts';
import { asleep } from './measures.ts';
import { outcomeOf } from './promises.ts';

export interface Durations {
  count: number;
  medianSeconds: number | null;
  p95Seconds: number | null;
  longestSeconds: number | null;
}

interface PageCounts {
  pages: number;
  /** Of these, between 22:00 and 07:00 on the person's own clock. */
  sleepInterrupted: number;
}

export interface OnCallReport {
  escalations: number;
  timeToPage: Durations;
  timeToAcknowledge: Durations;
  promises: { kept: number; broken: number; open: number; cancelled: number };
  /** Whoever was paged or took one, the most paged first; weeks are ISO weeks on the person's own clock. */
  people: (Person & PageCounts & { taken: number; weeks: (PageCounts & { week: string })[] })[];
}

/** How on-call went for these escalations. `zones` are people's own, where a page does not say its own. */
export function onCallReport(
  cases: readonly { escalation: Escalation; pages: readonly Page[] }[],
  facts: { zones: ReadonlyMap<string, string>; timezone: string; now: Instant },
): OnCallReport {
  const outcomes = cases.map(({ escalation }) => outcomeOf(escalation, facts.now) ?? 'cancelled');
  const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
  return {
    escalations: cases.length,
    timeToPage: durations(cases.flatMap(({ escalation, pages }) => timeToPage(escalation, pages) ?? [])),
    timeToAcknowledge: durations(
      cases.flatMap(({ escalation: { startedAt, taken } }) =>
        taken ? [secondsBetween(startedAt, taken.at)] : [],
      ),
    ),
    promises: {
      kept: count('kept'),
      broken: count('broken'),
      open: count('open'),
      cancelled: count('cancelled'),
    },
    people: peopleOf(cases, facts),
  };
}

/**
 * From the press to the first page that went out; where the desk was alerted first, from when on-call was to be
 * paged. null when none went out.
 */
function timeToPage({ startedAt }: Escalation, pages: readonly Page[]): number | null {
  const real = pages.filter((page) => page.notice === null);
  const [first] = real.filter((page) => page.state === 'sent').sort((a, b) => (a.at < b.at ? -1 : 1));
  if (!first) return null;
  const deskFirst = pages.some((page) => page.notice === 'desk_alert' && page.queuedAt === startedAt);
  const due = real.map((page) => page.queuedAt).reduce((early, at) => (at < early ? at : early));
  return secondsBetween(deskFirst ? due : startedAt, first.at);
}

function peopleOf(
  cases: Parameters<typeof onCallReport>[0],
  { zones, timezone }: Parameters<typeof onCallReport>[1],
): OnCallReport['people'] {
  const found = new Map<string, { name: string; taken: number; weeks: Map<string, PageCounts> }>();
  const personOf = ({ id, name }: Person) => {
    const known = found.get(id) ?? { name, taken: 0, weeks: new Map<string, PageCounts>() };
    found.set(id, known);
    return known;
  };
  for (const { escalation, pages } of cases) {
    if (escalation.taken) personOf(escalation.taken.by).taken += 1;
    for (const page of pages) {
      // What went out with a bundle was no message of its own.
      if (!isPage(page) || page.state !== 'sent' || page.wentWith) continue;
      const zone = page.zone ?? zones.get(page.to.id) ?? timezone;
      const week = fromInstant(page.at).setZone(zone).toFormat("kkkk-'W'WW");
      const { weeks } = personOf(page.to);
      const { pages: before, sleepInterrupted } = weeks.get(week) ?? { pages: 0, sleepInterrupted: 0 };
      weeks.set(week, {
        pages: before + 1,
        sleepInterrupted: sleepInterrupted + (asleep(page.at, zone) ? 1 : 0),
      });
    }
  }
  return [...found]
    .map(([id, { name, taken, weeks }]) => {
      const list = [...weeks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([week, rung]) => ({ week, ...rung }));
      const sum = (key: keyof PageCounts) => list.reduce((total, rung) => total + rung[key], 0);
      return { id, name, pages: sum('pages'), sleepInterrupted: sum('sleepInterrupted'), taken, weeks: list };
    })
    .sort((a, b) => b.pages - a.pages || (a.id < b.id ? -1 : 1));
}

/** Nearest rank. */
function durations(seconds: readonly number[]): Durations {
  const sorted = [...seconds].sort((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return {
    count: sorted.length,
    medianSeconds: rank(0.5),
    p95Seconds: rank(0.95),
    longestSeconds: sorted.at(-1) ?? null,
  };
}
