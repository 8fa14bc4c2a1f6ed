import type { Roster } from '../directory.ts';
import { system } from '../event.ts';
import { heldAt } from '../outage/outage.ts';
import type { Draft } from './draft.ts';
import { tellManagers } from './notices.ts';

/**
 * The promise breaks at its due time when nobody holds it then, whenever that is noticed: a late timer or an
 * acknowledgement a second after changes nothing. Requester, manager and integrators are told.
 * A follower's is kept when its lead was held at that time, and the lead's tells the manager for all.
 */
export function breakPromise(draft: Draft, roster: Roster): void {
  const { state, promise } = draft.escalation;
  if (promise.brokenAt !== null || draft.escalation.promiseKept || draft.now < promise.dueAt) return;
  if (state !== 'paging' && state !== 'exhausted') return;
  const lead = draft.silent ? draft.before.outage?.lead : null;
  if (lead && heldAt(lead, promise.dueAt)) {
    draft.set({ promiseKept: true });
    return;
  }
  draft.set({ promise: { ...promise, brokenAt: promise.dueAt } });
  draft.event('escalation.promise_broken', system, { phone: roster.provider.phone });
  draft.timer('promise', null);
  if (!lead) tellManagers(draft, roster);
}
