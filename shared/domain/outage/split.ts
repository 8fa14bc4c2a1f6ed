import { type Case, type Decision, refuse } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { Draft } from '../escalation/draft.ts';
import { reopen, watchPromise } from '../escalation/hand-on.ts';
import { countedTonight } from '../escalation/press.ts';
import { breakPromise } from '../escalation/promise.ts';
import type { Actor } from '../event.ts';
import type { Instant } from '../time.ts';
import { keepStep, leave, startLadder } from './follow.ts';
import { isActive, roleOf } from './outage.ts';

/**
 * Requester or staff say that this is a different problem: it leaves its outage and pages at once, with its own
 * promise. Who holds the outage does not hold this one. A lead that is split leaves the others to the oldest.
 */
export function split(
  state: Case,
  by: Actor,
  facts: { roster: Roster; nightCount: number; now: Instant },
): Decision {
  const { roster, now } = facts;
  const { escalation } = state;
  const role = roleOf(state);
  if (!escalation || !isActive(escalation)) {
    return refuse('not_active', 'There is no active escalation on this ticket to split.');
  }
  if (role === 'alone') return refuse('not_shared', 'This escalation shares no outage: it pages on its own.');
  const counted =
    by.kind === 'partner' && role !== 'lead' ? countedTonight(state.ticket.partner, by, facts) : null;
  if (counted?.refused) return counted;
  const draft = new Draft(state, escalation, now);
  goItsOwnWay(draft, roster, by);
  return draft.done(counted?.night);
}

/** First it learns what became of its lead: what was over for all is over for this one too. */
export function goItsOwnWay(draft: Draft, roster: Roster, by: Actor): void {
  const { before } = draft;
  breakPromise(draft, roster);
  if (roleOf(before) !== 'lead' && before.outage?.lead) keepStep(draft, roster, before.outage.lead);
  if (!isActive(draft.escalation)) return;
  leave(draft);
  reopen(draft);
  draft.event('escalation.split', by);
  draft.timer('outage', null);
  startLadder(draft, roster, `${by.name} says that it is a different problem`);
  watchPromise(draft);
}

/** A lead leaves its outage to the oldest follower, and is what it was: paged for, or held. Who holds it holds both. */
export function leaveToOthers(draft: Draft, by: Actor): void {
  const { acknowledgedBy: holder, acknowledgedAt: from, holds } = draft.escalation;
  if (holder && from) draft.set({ holds: [...holds, { by: holder, from, until: draft.now, ended: null }] });
  leave(draft);
  draft.event('escalation.split', by);
  draft.timer('outage', null);
}
