import type { Escalation, Page } from '../../../shared/domain/escalation/escalation.ts';
import { followsOf } from '../../../shared/domain/escalation/event-data.ts';

/** So many pages are shown at most, the latest: a ladder may repeat for days. */
const mostPages = 500;
export const mostPagesInList = 50;

/** Notices (stand-downs, answers, alerts to the desk) are no pages and are not shown; phone numbers never are. */
export function presentEscalation(escalation: Escalation, pages: readonly Page[], most = mostPages) {
  const { name, phone, textUpdates } = escalation.callback;
  return {
    id: escalation.id,
    ticket: escalation.ticket,
    state: escalation.state,
    route: escalation.route,
    reason: escalation.reason,
    detail: escalation.detail,
    callback: { name, phone, textUpdates },
    startedAt: escalation.startedAt,
    promise: escalation.promise,
    level: escalation.level,
    pages: pages
      .filter((page) => page.notice === null)
      .slice(-most)
      .map(({ id, to, method, level, state, at, held }) => ({
        ...{ id, to, method, level, state, at },
        heldUntil: state === 'queued' ? (held?.until ?? null) : null,
      })),
    acknowledgedBy: escalation.acknowledgedBy,
    acknowledgedAt: escalation.acknowledgedAt,
    contactedAt: escalation.contactedAt,
    endedAt: escalation.endedAt,
    follows: followsOf(escalation),
    unreachableSince: escalation.unreachableSince,
  };
}
