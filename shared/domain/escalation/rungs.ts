import type { Case, Decided } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { type Instant, secondsBetween } from '../time.ts';
import { deskDue, levelDue } from './due.ts';
import type { Person } from './escalation.ts';
import { levelsOf } from './ladder.ts';

/** A level as it would be paged, counted from the press; nobody where the level is passed over. */
export interface Rung {
  level: number;
  afterSeconds: number;
  to: Person[];
}

/**
 * The ladder of a press, played forward by its own rules with nobody answering: a closing desk begins the night's. Ends
 * where everyone is paged again and again, or where nobody at all can be.
 */
export function playedOut(pressed: Decided, roster: Roster, pressedAt: Instant): Rung[] {
  const rungs: Rung[] = [];
  const timers = new Map<string, Instant>();
  let now = pressedAt;
  for (let step = pressed; ; ) {
    const { escalation } = step;
    if (!escalation) return rungs;
    const levels = levelsOf(escalation).length;
    const here = rungsOf(step, secondsBetween(pressedAt, now));
    rungs.push(...here.filter(({ level }) => level <= levels));
    if (here.some(({ level }) => level > levels) || escalation.unreachableSince) return rungs;
    for (const change of step.timers) {
      const { kind } = 'set' in change ? change.set : change.clear;
      if ('set' in change) timers.set(kind, change.set.dueAt);
      else timers.delete(kind);
    }
    const [level, desk] = [timers.get('level'), timers.get('desk')];
    const closing = desk !== undefined && (level === undefined || desk <= level);
    const next = closing ? desk : level;
    if (next === undefined) return rungs;
    timers.delete(closing ? 'desk' : 'level');
    now = next;
    // Each page is on its way by then.
    const state: Case = { ticket: step.ticket, escalation, pages: [] };
    const decision = (closing ? deskDue : levelDue)(state, { id: escalation.id, roster, now });
    if (decision.refused || decision.unchanged) return rungs;
    step = decision;
  }
}

function rungsOf({ events }: Decided, afterSeconds: number): Rung[] {
  return events
    .filter(({ type }) => type === 'escalation.paged' || type === 'escalation.page_failed')
    .flatMap(({ data }) => {
      const { level, pages, skipped } = data as {
        level: number;
        pages?: { to: Person }[];
        skipped: { level: number }[];
      };
      const passedOver = skipped.map((each) => ({ level: each.level, afterSeconds, to: [] }));
      return pages ? [...passedOver, { level, afterSeconds, to: pages.map(({ to }) => to) }] : passedOver;
    })
    .sort((a, b) => a.level - b.level);
}
