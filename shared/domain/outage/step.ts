import type { Case } from '../decision.ts';
import { type Escalation, isOver } from '../escalation/escalation.ts';
import { type Instant, later } from '../time.ts';
import { goneAt, heldAt, isActive, isLeading, roleOf, takenOf } from './outage.ts';

/**
 * What a follower is by what its lead is: taken with it, paging with it, over with it. Its promise is its
 * own: kept when somebody held the lead at its own due time. Staff who end a lead that somebody holds end the outage
 * for all; whoever else ends it ends only that one, and a holder stays a holder.
 */
export function inStep(follower: Escalation, lead: Escalation, now: Instant): Escalation {
  if (!isActive(follower)) return follower;
  const { promise, promiseKept, startedAt } = follower;
  const judged = now >= promise.dueAt && promise.brokenAt === null && !promiseKept;
  const kept = judged && heldAt(lead, promise.dueAt);
  // Who pressed after the lead was gone was never held with it.
  const taken = isLeading(lead) || startedAt <= goneAt(lead) ? takenOf(lead) : null;
  const next: Escalation = {
    ...follower,
    route: isLeading(lead) ? lead.route : follower.route,
    // It may lead those that came before it one day: they were held before it began.
    holds:
      taken && taken.at < startedAt
        ? [...lead.holds, { by: taken.by, from: taken.at, until: startedAt, ended: null }]
        : lead.holds,
    promise: judged && !kept ? { ...promise, brokenAt: promise.dueAt } : promise,
    promiseKept: promiseKept || kept,
    unreachableSince: unreachableOf(lead),
  };
  if (!taken) return { ...next, state: 'paging', acknowledgedBy: null, acknowledgedAt: null };
  const at = later(taken.at, startedAt);
  const first = follower.taken ?? { at, by: taken.by };
  const held = { ...next, acknowledgedBy: taken.by, acknowledgedAt: at, taken: first };
  if (isOverForAll(lead)) {
    return { ...held, state: 'resolved', endedAt: lead.endedAt, endedBy: lead.endedBy };
  }
  return { ...held, state: 'acknowledged' };
}

/** Since when nobody can be paged for the outage; null while somebody can, or holds it. */
export function unreachableOf(lead: Escalation): Instant | null {
  return isLeading(lead) && lead.state === 'paging' ? lead.unreachableSince : null;
}

/** Somebody of the provider took it and said that the emergency is over. */
export function isOverForAll(lead: Escalation): boolean {
  return lead.state === 'resolved' && takenOf(lead) !== null && lead.endedBy?.kind === 'staff';
}

/** An escalation as it is to be shown: a follower at once with all that its lead went through. */
export function asShown(state: Pick<Case, 'escalation' | 'outage'>, now: Instant): Escalation | null {
  const { escalation, outage } = state;
  const follows = roleOf(state) === 'follower';
  return escalation && follows && outage?.lead ? inStep(escalation, outage.lead, now) : escalation;
}

/** Whether its lead has ended it, and its own event of that is not written yet. */
export function isOverUnsaid(state: Pick<Case, 'escalation' | 'outage'>, now: Instant): boolean {
  const shown = asShown(state, now);
  return shown !== null && isOver(shown.state) && shown.state !== state.escalation?.state;
}
