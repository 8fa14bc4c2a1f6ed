import type { Draft } from '../escalation/draft.ts';
import type { Escalation } from '../escalation/escalation.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { addSeconds, type Instant, isAhead, wasWithin } from '../time.ts';
import {
  enoughOf,
  type Group,
  goneAt,
  graceSeconds,
  groupKey,
  isActive,
  isLeading,
  type Member,
  memberOf,
  rowOf,
  takenOf,
} from './outage.ts';
import { isOverForAll } from './step.ts';

/** The group that a press falls into, as it was read. */
export interface PressView {
  key: string;
  group: Group | null;
  /** The escalation that leads the outage, if there is one. */
  lead: Escalation | null;
  /** Without a lead: the escalations of the latest presses, with their tickets. */
  recent: { ticket: Ticket; escalation: Escalation }[];
  /** Names the outage that this press may make. */
  newId: string;
}

/** `heir`: it leads an outage that others led before it, and that others may follow. */
export type Place = { as: 'alone' } | { as: 'lead'; heir: boolean } | { as: 'follower'; lead: Escalation };

const windowSeconds = 900;
/**
 * Where a press stands. Somebody leads: it follows, and writes nothing but its own row, so that a thousand
 * presses do not wait for each other. Nobody does: it leads, and pages, in a new outage when somebody
 * held the last one; only while a held one waits for its next lead it follows still. Without an outage the first of an incident makes one, and the third on a service and reason within 15
 * minutes makes one, led by the oldest that is active; the others hear of it at once by a timer of their own. Who
 * says something else by now is none of them. What leads, or was pressed, in the future did so before the clock was put back:
 * nobody follows it.
 */
export function takePlace(draft: Draft, view: PressView | null): Place {
  if (!view) return { as: 'alone' };
  const { now } = draft;
  const { group, lead, key } = view;
  const me = memberOf(draft.escalation, now);
  const from = group?.version ?? null;
  const version = (from ?? 0) + 1;
  if (group?.id && lead && isLeading(lead) && !isAhead(lead.startedAt, now) && lead.id !== me.escalation) {
    return follow(draft, { id: group.id, key, lead });
  }
  if (group?.id && group.lead && lead && wasWithin(windowSeconds, goneAt(lead), now)) {
    const taken = takenOf(lead) !== null;
    if (isBetweenLeads(view, now)) return follow(draft, { id: group.id, key, lead });
    const id = taken ? view.newId : group.id;
    const former = taken ? { id: group.id, lead: group.lead } : group.former;
    const toldAt = taken ? null : group.toldAt;
    draft.outage({ group: { ...group, id, version, lead: me, former, toldAt }, from });
    // Whoever follows reads in its lead when somebody held the outage, before this one began as well.
    if (!taken) draft.set({ holds: lead.holds });
    return belong(draft, { id, key, heir: !taken });
  }
  const alike = view.recent.filter(({ ticket, escalation }) => groupKey(ticket, escalation.reason) === key);
  const recent = (group?.recent ?? []).filter(
    (each) =>
      each.ticket !== me.ticket &&
      !isAhead(each.at, now) &&
      addSeconds(each.at, windowSeconds) >= now &&
      alike.some(({ escalation }) => escalation.id === each.escalation),
  );
  const former = group?.id && group.lead ? { id: group.id, lead: group.lead } : (group?.former ?? null);
  const next: Group = { key, version, id: null, lead: null, recent: [...recent, me], former, toldAt: null };
  if (next.recent.length < enoughOf(key)) {
    draft.outage({ group: next, from });
    return { as: 'alone' };
  }
  const active = alike
    .map(({ escalation }) => escalation)
    .filter((each) => isActive(each) && !each.outage?.leftAt && listed(recent, each))
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const [oldest, ...others] = active;
  const id = view.newId;
  draft.outage({ group: { ...next, id, lead: oldest ? rowOf(oldest) : me }, from });
  if (!oldest) return belong(draft, { id, key, heir: false });
  draft.prompt(rowOf(oldest));
  for (const other of others) {
    if (other.state !== 'paging') continue;
    draft.outage({ join: rowOf(other), outage: id });
    draft.prompt(rowOf(other));
  }
  return follow(draft, { id, key, lead: oldest });
}

/** Somebody held the last lead, which is gone, and who of its followers leads next is not known yet. */
export function isBetweenLeads({ group, lead }: PressView, now: Instant): boolean {
  if (!group?.id || !group.lead || !lead || isLeading(lead) || isOverForAll(lead)) return false;
  return takenOf(lead) !== null && wasWithin(graceSeconds, goneAt(lead), now);
}

const listed = (members: Member[], { id }: Escalation) => members.some((each) => each.escalation === id);

function belong(draft: Draft, { id, key, heir }: { id: string; key: string; heir: boolean }): Place {
  draft.set({ outage: { id, key, follows: false, leftAt: null, told: 0 } });
  return { as: 'lead', heir };
}

function follow(draft: Draft, { id, key, lead }: { id: string; key: string; lead: Escalation }): Place {
  draft.set({ outage: { id, key, follows: true, leftAt: null, told: 0 } });
  draft.outage({ join: rowOf(draft.escalation), outage: id });
  return { as: 'follower', lead };
}
