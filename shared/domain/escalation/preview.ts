import type { EscalationRoute } from '../../contract/words.ts';
import { openState } from '../calendar/state.ts';
import type { Case } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { asShown } from '../outage/step.ts';
import { addSeconds, type Instant } from '../time.ts';
import { type Press, type PressFacts, press } from './press.ts';
import { playedOut, type Rung } from './rungs.ts';
import { clockTime } from './text.ts';

export interface Preview {
  route: EscalationRoute;
  reason: string;
  /** Past, when nobody took it the first time: its promise is over. */
  promiseDueAt: Instant;
  /** Another escalation pages for it, in an outage that both share. */
  wouldFollow: boolean;
  /** The press would be refused: the night's cap is reached. */
  wouldBeRefused: boolean;
  /** The number to call instead, answered at night. */
  phone: string;
  wouldPage: Rung[];
}

/** What pressing Escalate now would do: desk or on-call, who, by when, as the press itself decides it. Pressed already: what is running. */
export function preview(
  state: Case,
  { reason, by }: Pick<Press, 'reason' | 'by'>,
  facts: PressFacts,
): Preview {
  const { roster, now } = facts;
  const { phone } = roster.provider;
  const desk = openState(roster.calendar, now);
  const nothing = { wouldFollow: false, wouldBeRefused: false, phone, wouldPage: [] };
  const running = asShown(state, now);
  if (running && (running.state === 'paging' || running.state === 'acknowledged')) {
    const who = running.acknowledgedBy ? `; ${running.acknowledgedBy.name} has taken it` : '';
    return {
      ...nothing,
      route: running.route,
      reason: `It was escalated already${who}. Pressing again returns the same escalation.`,
      promiseDueAt: running.promise.dueAt,
      wouldFollow: running.outage?.follows ?? false,
    };
  }
  const route = desk.open ? 'desk' : 'on_call';
  const callback = { name: null, phone: '', dialable: null, textUpdates: false };
  const pressed = press(state, { reason, detail: null, callback, by }, facts);
  if (pressed.refused || !pressed.escalation) {
    const promiseDueAt = addSeconds(now, roster.policy.promiseMinutes * 60);
    const refused = pressed.refused ? pressed.detail : '';
    return { ...nothing, route, reason: refused, promiseDueAt, wouldBeRefused: true };
  }
  const { promise, outage } = pressed.escalation;
  const again = state.escalation?.state === 'exhausted';
  const late = again
    ? ` Nobody took it the first time, and no new time is promised: you can also call ${phone}.`
    : '';
  if (outage?.follows) {
    const asked = pressed.escalation.unreachableSince
      ? `nobody can be paged for it just now. Please call ${phone}`
      : 'on-call staff are being paged for it already';
    const known = `It belongs to a known outage: ${asked}.${late}`;
    return { ...nothing, route, reason: known, promiseDueAt: promise.dueAt, wouldFollow: true };
  }
  const wouldPage = playedOut(pressed, roster, now);
  const because = desk.open ? byDay(roster, now) : atNight(wouldPage, phone);
  return {
    ...nothing,
    route,
    reason: `The desk is ${desk.reason}: ${because}.${late}`,
    promiseDueAt: promise.dueAt,
    wouldPage,
  };
}

function atNight(rungs: Rung[], phone: string): string {
  if (rungs.some(({ to }) => to.length > 0)) return 'on-call staff are paged at once';
  return `nobody can be paged just now, and it is tried again each minute. Please call ${phone}`;
}

/** The desk, then on-call staff after their minutes, or at once when the desk closes before that. */
function byDay({ policy, calendar, provider }: Roster, now: Instant): string {
  const { closesAt } = openState(calendar, now);
  const closes = closesAt && closesAt < addSeconds(now, policy.promiseMinutes * 60) ? closesAt : null;
  const minutes = policy.businessHours.levels[0]?.afterMinutes;
  const unanswered =
    minutes === undefined ? '' : `, on-call staff after ${minutes} minutes without an answer`;
  if (!closes) return `it is alerted first${unanswered}`;
  const closing = `at once when it closes at ${clockTime(closes, provider.timezone)}`;
  if (minutes === undefined || closes <= addSeconds(now, minutes * 60)) {
    return `it is alerted first, on-call staff ${closing}`;
  }
  return `it is alerted first${unanswered}, and again ${closing}`;
}
