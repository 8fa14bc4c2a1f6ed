import type { EscalationReason, EscalationRoute } from '../../contract/words.ts';
import { openState } from '../calendar/state.ts';
import type { Case } from '../decision.ts';
import { system } from '../event.ts';
import { addSeconds, type Instant } from '../time.ts';
import type { Person } from './escalation.ts';
import { type PressFacts, press } from './press.ts';
import { levelsNow } from './whom.ts';

export interface Preview {
  route: EscalationRoute;
  reason: string;
  promiseDueAt: Instant;
  /** Another escalation pages for it, in an outage that both share. */
  wouldFollow: boolean;
  wouldPage: { level: number; afterSeconds: number; to: Person[] }[];
}

/** What pressing Escalate now would do: desk or on-call, who, by when. Pressed already: what is running. */
export function preview(
  state: Case,
  reason: EscalationReason,
  facts: Omit<PressFacts, 'nightCount'>,
): Preview {
  const { roster, now } = facts;
  const desk = openState(roster.calendar, now);
  const route = desk.open ? 'desk' : 'on_call';
  const first = roster.policy.businessHours.levels[0]?.afterMinutes;
  const running = state.escalation;
  if (running && (running.state === 'paging' || running.state === 'acknowledged')) {
    const who = running.acknowledgedBy ? `; ${running.acknowledgedBy.name} has taken it` : '';
    return {
      route: running.route,
      reason: `It was escalated already${who}. Pressing again returns the same escalation.`,
      promiseDueAt: running.promise.dueAt,
      wouldFollow: running.outage?.follows ?? false,
      wouldPage: [],
    };
  }
  const promiseDueAt = addSeconds(now, roster.policy.promiseMinutes * 60);
  if (wouldFollow(state, reason, facts)) {
    const known = 'It belongs to a known outage: on-call staff are being paged for it already.';
    return { route, reason: known, promiseDueAt, wouldFollow: true, wouldPage: [] };
  }
  const because = desk.open
    ? `The desk is ${desk.reason}: it is alerted first${first === undefined ? '' : `, on-call staff after ${first} minutes without an answer`}.`
    : `The desk is ${desk.reason}: on-call staff are paged at once.`;
  return {
    route,
    reason: because,
    promiseDueAt,
    wouldFollow: false,
    wouldPage: levelsNow(route, roster, now).map((level) => ({
      level: level.level,
      afterSeconds: level.afterSeconds,
      to: level.to.map(({ id, name }) => ({ id, name })),
    })),
  };
}

/** What the press itself would decide. */
function wouldFollow(state: Case, reason: EscalationReason, facts: Omit<PressFacts, 'nightCount'>): boolean {
  const callback = { name: null, phone: '', dialable: null, textUpdates: false };
  const pressed = press(state, { reason, detail: null, callback, by: system }, { ...facts, nightCount: 0 });
  return !pressed.refused && (pressed.escalation?.outage?.follows ?? false);
}
