import type { Roster } from '../directory.ts';
import type { Page } from '../escalation/escalation.ts';
import { dayAndTime, noticeText } from '../escalation/text.ts';
import { type Pageable, whom } from '../escalation/whom.ts';
import { type NewEvent, system } from '../event.ts';
import { gapWords } from '../event-text.ts';
import { notice } from '../notice.ts';
import { fromInstant, type Instant } from '../time.ts';
import { type CoverageFacts, type CoverageGap, daysAhead, gapsAhead } from './coverage.ts';

/** When managers are at work and a night can still be covered. */
const checkHour = 10;
/** What one message of ours may carry, with room to spare. */
const mostGapsTold = 100;
const mostManagers = 25;

/** What a check has to say: an event in the desk's log, and SMS. */
export interface News {
  events: NewEvent[];
  pages: Page[];
}

/** The day whose check is due, as `2026-11-23` in the provider's zone; null before 10:00 and when it was made. */
export function checkDue(roster: Roster, checked: string | null, now: Instant): string | null {
  const here = fromInstant(now).setZone(roster.provider.timezone);
  const day = here.toISODate();
  return here.hour < checkHour || day === checked ? null : day;
}

/** The gaps of the next two weeks as they stand, told to the desk's webhooks and to the managers; nothing without any. */
export function dailyNews(facts: CoverageFacts, now: Instant, newId: () => string): News {
  return gapNews(facts.roster, gapsAhead(facts, now), now, newId);
}

/** @param because what opened them, for the managers; null for a daily check */
export function gapNews(
  roster: Roster,
  gaps: readonly CoverageGap[],
  now: Instant,
  newId: () => string,
  because: string | null = null,
): News {
  const [first] = gaps;
  const events = first
    ? [
        {
          type: 'coverage.gap' as const,
          actor: system,
          data: {
            ...{ days: daysAhead, count: gaps.length, gaps: gaps.slice(0, mostGapsTold) },
            timezone: roster.provider.timezone,
          },
          internal: true,
        },
      ]
    : [];
  if (!first && because === null) return { events, pages: [] };
  const pages = managersOf(roster, now)
    .slice(0, mostManagers)
    .map((person) => {
      const found = first ? gapText(first, gaps.length, person.timezone) : 'Others cover the nights.';
      const text = noticeText(`${because === null ? '' : `${because} `}${found}`);
      return notice({ id: newId(), kind: 'coverage', to: person, text, now });
    });
  return { events, pages };
}

/** The duty manager, else all managers; where there is none, the admins. */
function managersOf(roster: Roster, now: Instant): Pageable[] {
  const managers = whom([{ role: 'manager' }], roster, roster.policy, now);
  return managers.length > 0 ? managers : whom([{ role: 'admin' }], roster, roster.policy, now);
}

function gapText(gap: CoverageGap, count: number, timezone: string): string {
  const [person] = gap.people;
  const why = person ? `${person.name}'s ${gapWords[person.why]}` : gapWords[gap.why];
  const gaps = count === 1 ? 'a gap' : `${count} gaps`;
  return `On-call coverage has ${gaps}. First: level ${gap.level}, ${dayAndTime(gap.from, timezone)} to ${dayAndTime(gap.to, timezone)}: ${why}.`;
}
