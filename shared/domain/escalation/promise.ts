import type { Roster } from '../directory.ts';
import { system } from '../event.ts';
import { heldAt } from '../outage/outage.ts';
import { wasWithin } from '../time.ts';
import type { Draft } from './draft.ts';
import type { Escalation } from './escalation.ts';
import { tellManagers } from './notices.ts';

/**
 * The promise breaks at its due time when nobody holds it then, whenever that is noticed: a late timer or an
 * acknowledgement a second after changes nothing. Requester, manager and integrators are told.
 * A follower's is kept when its lead was held at that time.
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
  tellBroken(draft, roster, lead ?? null);
}

/** Between two such words to managers about followers of one outage. */
const againSeconds = 600;

/**
 * The event of a broken promise, and the managers' word of it. For its followers the lead's promise speaks; if that
 * one was kept, whoever breaks first does, for all that break in the next ten minutes.
 */
export function tellBroken(draft: Draft, roster: Roster, lead: Escalation | null): void {
  draft.event('escalation.promise_broken', system, { phone: roster.provider.phone });
  draft.timer('promise', null);
  if (lead) {
    const toldAt = draft.before.outage?.group.toldAt ?? null;
    if (lead.promise.brokenAt !== null || wasWithin(againSeconds, toldAt, draft.now)) return;
    draft.group({ toldAt: draft.now });
  }
  tellManagers(draft, roster);
}
