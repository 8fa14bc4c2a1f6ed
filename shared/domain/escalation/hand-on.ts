import { openState } from '../calendar/state.ts';
import type { Roster } from '../directory.ts';
import type { Instant } from '../time.ts';
import type { Draft } from './draft.ts';
import type { Escalation } from './escalation.ts';
import { begin, levelsOf, stepAt } from './ladder.ts';
import { whom } from './whom.ts';

/**
 * Nobody holds it any more, whoever did: it is paging again. Before the promise's due time the promise is open
 * again; after it, a promise that was kept stays kept.
 */
export function reopen(draft: Draft): void {
  const { state, promise, promiseKept, outage } = draft.escalation;
  const kept = state === 'acknowledged' && promise.brokenAt === null && draft.now >= promise.dueAt;
  draft.set({
    state: 'paging',
    acknowledgedBy: null,
    acknowledgedAt: null,
    contactedAt: null,
    contact: null,
    promiseKept: promiseKept || kept,
    // Who holds it next has not heard how many follow.
    outage: outage && { ...outage, told: 0 },
  });
  draft.timer('contact', null);
}

/** Watches the promise again as long as it is open. */
export function watchPromise(draft: Draft): void {
  const { promise, promiseKept } = draft.escalation;
  const open = promise.brokenAt === null && !promiseKept && draft.now < promise.dueAt;
  draft.timer('promise', open ? promise.dueAt : null);
}

/** A ladder from its beginning: the desk's while it is open, the on-call staff's while it is closed. */
export function freshLadder(
  roster: Roster,
  now: Instant,
): Pick<Escalation, 'route' | 'ladder' | 'level' | 'unreachableSince' | 'unreachableToldAt'> {
  const route = openState(roster.calendar, now).open ? 'desk' : 'on_call';
  return {
    route,
    ladder: begin(route, now),
    level: 0,
    unreachableSince: null,
    unreachableToldAt: null,
  };
}

/** What was on its way to the desk goes to the on-call staff once the desk has closed. */
export function leaveClosedDesk(draft: Draft, roster: Roster): void {
  if (draft.escalation.route === 'desk' && !openState(roster.calendar, draft.now).open) {
    draft.set({ route: 'on_call', ladder: begin('on_call', draft.now) });
  }
}

/** The next level, from where the ladder stands and then from its beginning, that pages somebody else. */
export function nextForAnother(
  escalation: Escalation,
  holder: string,
  roster: Roster,
  now: Instant,
): { index: number; passedOver: number[] } | null {
  const count = levelsOf(escalation).length;
  const from = escalation.ladder.next < count ? escalation.ladder.next : 0;
  const order = [...Array(count).keys()].map((offset) => (from + offset) % count);
  const pagesAnother = (index: number) =>
    whom(stepAt(escalation, index)?.page ?? [], roster, escalation.policy, now).some(
      (person) => person.id !== holder,
    );
  const at = order.findIndex(pagesAnother);
  const index = order[at];
  return index === undefined ? null : { index, passedOver: order.slice(0, at) };
}
