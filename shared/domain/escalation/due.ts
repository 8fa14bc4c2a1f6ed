import { type Case, type Decision, nothingToDo } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { follow } from '../outage/follow.ts';
import type { Instant } from '../time.ts';
import { askForWord, contactDueAt, startAfresh } from './contact.ts';
import { deskMoved } from './desk.ts';
import { Draft } from './draft.ts';
import { climb } from './paging.ts';
import { breakPromise } from './promise.ts';
import { pageNewShifts } from './shifts.ts';

/** A timer of an escalation has fallen due. `id` is the escalation that it guards. */
export interface EscalationDue {
  id: string;
  roster: Roster;
  now: Instant;
}

function still(state: Case, due: EscalationDue): Draft | null {
  return state.escalation?.id === due.id ? new Draft(state, state.escalation, due.now) : null;
}

/** The next level's time has come, or the next try while nobody can be paged. */
export function levelDue(state: Case, due: EscalationDue): Decision {
  const following = follow(state, due);
  if (following) return following;
  const draft = still(state, due);
  if (draft?.escalation.state !== 'paging') return nothingToDo(state);
  climb(draft, due.roster);
  return draft.done();
}

/** Nobody holds it at the promise's due time. */
export function promiseDue(state: Case, due: EscalationDue): Decision {
  const following = follow(state, due);
  if (following) return following;
  const draft = still(state, due);
  if (!draft || (draft.escalation.state !== 'paging' && draft.escalation.state !== 'exhausted')) {
    return nothingToDo(state);
  }
  const { promise, promiseKept } = draft.escalation;
  if (promise.brokenAt !== null || promiseKept) return nothingToDo(state);
  if (draft.now < promise.dueAt) draft.timer('promise', promise.dueAt);
  else breakPromise(draft, due.roster);
  return draft.done();
}

/** Notices that had no room in the transaction before. */
export function tellDue(state: Case, due: EscalationDue): Decision {
  const draft = still(state, due);
  if (!draft || draft.escalation.untold.length === 0) return nothingToDo(state);
  const { untold } = draft.escalation;
  draft.set({ untold: [] });
  draft.timer('tell', null);
  for (const { notice, to, text } of untold) draft.tell(notice, to, text);
  return draft.done();
}

/** There was no word from the holder for long, or none to the question for one. */
export function contactDue(state: Case, due: EscalationDue): Decision {
  const draft = still(state, due);
  if (draft?.escalation.state !== 'acknowledged') return nothingToDo(state);
  const dueAt = contactDueAt(draft.escalation);
  if (draft.now < dueAt) draft.timer('contact', dueAt);
  else if (draft.escalation.contact?.asked) startAfresh(draft, due.roster);
  else askForWord(draft, due.roster);
  return draft.done();
}

/** Somebody's shift may have begun while nobody takes it. */
export function shiftDue(state: Case, due: EscalationDue): Decision {
  const draft = still(state, due);
  if (draft?.escalation.state !== 'exhausted') return nothingToDo(state);
  pageNewShifts(draft, due.roster);
  return draft.done();
}

/** The desk opens or closes while nobody holds it. */
export function deskDue(state: Case, due: EscalationDue): Decision {
  const following = follow(state, due);
  if (following) return following;
  const draft = still(state, due);
  if (!draft || (draft.escalation.state !== 'paging' && draft.escalation.state !== 'exhausted')) {
    return nothingToDo(state);
  }
  deskMoved(draft, due.roster);
  return draft.done();
}
