import { closedIntervals } from '../calendar/openings.ts';
import type { Roster } from '../directory.ts';
import type { Page } from '../escalation/escalation.ts';
import { dayAndTime, noticeText } from '../escalation/text.ts';
import { isPageable, type Pageable } from '../escalation/whom.ts';
import { notice } from '../notice.ts';
import { asOf, learned, type Reach } from '../reach/reach.ts';
import { shifts } from '../schedule/on-call.ts';
import { addSeconds, fromInstant, type Instant, toInstant } from '../time.ts';
import { gapNews, type News } from './check.ts';
import { type CoverageFacts, gapsAhead, nightSchedules } from './coverage.ts';

/** A drill goes out at this hour of the person's own zone, and counts as missed two hours later. */
const drillHour = 18;
const answerSeconds = 7_200;
/** Later in the evening than this a missed drill is let be: it asks nobody in the night. */
const lateSeconds = 7_200;
const daySeconds = 86_400;
/** A shift that began longer ago has had its first evening. */
const backDays = 8;
const aheadDays = 3;

export interface Drill {
  page: Page;
  phone: string;
  dueAt: Instant;
}

/** The last 18:00 in somebody's zone before a night, or at its very beginning. */
export function eveningBefore(night: Instant, timezone: string): Instant {
  const there = fromInstant(night).setZone(timezone);
  const evening = there.set({ hour: drillHour, minute: 0, second: 0, millisecond: 0 });
  return toInstant(evening <= there ? evening : evening.minus({ days: 1 }));
}

/**
 * The drills to send now: on the evening before the first closed time of each shift of a schedule that the
 * policy names, where the provider wants drills. Nobody who answered anything since, or whose drill is out, is asked again.
 */
export function drillsDue({ roster, reach }: CoverageFacts, now: Instant): Drill[] {
  if (!roster.provider.drills) return [];
  const drills = new Map<string, Drill>();
  for (const { person, night } of firstNights(roster, now)) {
    const at = eveningBefore(night, person.timezone);
    if (now < at || now >= addSeconds(at, lateSeconds)) continue;
    if (
      isSettled(
        reach.find(({ phone }) => phone === person.phone),
        at,
        now,
      )
    )
      continue;
    // Made of person and evening: the same drill made twice is one.
    const id = `drl_${person.id}_${at.slice(0, 13)}`;
    const text = noticeText(
      `Drill: reply ok. It shows that pages reach you. Your on-call nights begin ${dayAndTime(night, person.timezone)}. No emergency.`,
    );
    const page = notice({ id, kind: 'drill', to: person, text, now });
    drills.set(id, { page, phone: person.phone, dueAt: addSeconds(now, answerSeconds) });
  }
  return [...drills.values()];
}

function isSettled(known: Reach | undefined, since: Instant, now: Instant): boolean {
  if (!known) return false;
  const { drill, answeredAt, failingAt, optedOutAt } = asOf(known, now);
  const after = (at: Instant | null) => at !== null && at >= since;
  return drill !== null || optedOutAt !== null || after(answeredAt) || after(failingAt);
}

function* firstNights(roster: Roster, now: Instant): Generator<{ person: Pageable; night: Instant }> {
  const from = addSeconds(now, -backDays * daySeconds);
  const to = addSeconds(now, aheadDays * daySeconds);
  for (const schedule of nightSchedules(roster)) {
    // Windows cut one shift into many: who follows themselves is still on the same one.
    const lastOf = new Map<string, string>();
    for (const shift of shifts(schedule, from, to)) {
      const goesOn = shift.from === from || lastOf.get(shift.source) === shift.staff;
      lastOf.set(shift.source, shift.staff);
      if (goesOn) continue;
      const [night] = closedIntervals(roster.calendar, shift.from, shift.to);
      const person = roster.staff.find(({ id }) => id === shift.staff);
      if (night && isPageable(person)) yield { person, night: night.from };
    }
  }
}

/** Whose drill has stayed unanswered. */
export function drillsMissed({ roster, reach }: CoverageFacts, now: Instant): Pageable[] {
  const missed = reach.filter(({ drill }) => drill !== null && drill.dueAt <= now).map(({ phone }) => phone);
  return roster.staff.filter(isPageable).filter(({ phone }) => missed.includes(phone));
}

/**
 * What managers and webhooks hear of unanswered drills: who, and every gap that has to do with them, also those
 * that were there before, since their phone was known to be failing. Nobody else is paged.
 */
export function missedNews(
  { roster, reach }: CoverageFacts,
  missed: readonly Pageable[],
  now: Instant,
  newId: () => string,
): News {
  const after = reach.map((known) =>
    missed.some(({ phone }) => phone === known.phone)
      ? (learned(known.phone, known, { kind: 'drill_missed' }, { at: now, now }) ?? known)
      : known,
  );
  const gaps = gapsAhead({ roster, reach: after }, now).filter(({ people }) =>
    people.some(({ id }) => missed.some((person) => person.id === id)),
  );
  const names = missed.map(({ name }) => name).join(', ');
  return gapNews(roster, gaps, now, newId, `${names} did not answer the drill.`);
}

export const drillAnswer = 'Thank you: pages reach this phone. That was all of the drill.';
