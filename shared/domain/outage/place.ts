import type { Draft } from '../escalation/draft.ts';
import type { Escalation } from '../escalation/escalation.ts';
import { addSeconds } from '../time.ts';
import {
  type Group,
  goneAt,
  graceSeconds,
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
  /** Without a lead: the escalations of the latest presses. */
  recent: Escalation[];
  /** Names the outage that this press may make. */
  newId: string;
}

export type Place = { as: 'alone' } | { as: 'lead' } | { as: 'follower'; lead: Escalation };

const windowSeconds = 900;
/** So many on the same service and reason, within the window, are one outage. */
const enough = 3;

/**
 * Where a press stands. Somebody leads: it follows, and writes nothing but its own row, so that a thousand
 * presses do not wait for each other. Nobody does: it leads, and pages, in a new outage when somebody
 * held the last one; only while a held one waits for its next lead it follows still. Without an outage the third within 15
 * minutes makes one, led by the oldest that is active; the others hear of it at once by a timer of their own.
 */
export function takePlace(draft: Draft, view: PressView | null): Place {
  if (!view) return { as: 'alone' };
  const { now } = draft;
  const { group, lead, key } = view;
  const me = memberOf(draft.escalation, now);
  const from = group?.version ?? null;
  const version = (from ?? 0) + 1;
  if (group?.id && lead && isLeading(lead) && lead.id !== me.escalation) {
    return follow(draft, { id: group.id, key, lead });
  }
  if (group?.id && group.lead && lead && addSeconds(goneAt(lead), windowSeconds) > now) {
    const taken = takenOf(lead) !== null;
    const replaced = !taken || addSeconds(goneAt(lead), graceSeconds) > now;
    if (taken && replaced && !isOverForAll(lead)) return follow(draft, { id: group.id, key, lead });
    const id = taken ? view.newId : group.id;
    const former = taken ? { id: group.id, lead: group.lead } : group.former;
    draft.outage({ group: { ...group, id, version, lead: me, former }, from });
    return belong(draft, { id, key });
  }
  const recent = (group?.recent ?? []).filter(
    (each) => each.ticket !== me.ticket && addSeconds(each.at, windowSeconds) >= now,
  );
  const former = group?.id && group.lead ? { id: group.id, lead: group.lead } : (group?.former ?? null);
  const next: Group = { key, version, id: null, lead: null, recent: [...recent, me], former };
  if (next.recent.length < enough) {
    draft.outage({ group: next, from });
    return { as: 'alone' };
  }
  const active = view.recent
    .filter((each) => isActive(each) && !each.outage?.leftAt && listed(recent, each))
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const [oldest, ...others] = active;
  const id = view.newId;
  draft.outage({ group: { ...next, id, lead: oldest ? rowOf(oldest) : me }, from });
  if (!oldest) return belong(draft, { id, key });
  draft.prompt(rowOf(oldest));
  for (const other of others) {
    if (other.state !== 'paging') continue;
    draft.outage({ join: rowOf(other), outage: id });
    draft.prompt(rowOf(other));
  }
  return follow(draft, { id, key, lead: oldest });
}

const listed = (members: Member[], { id }: Escalation) => members.some((each) => each.escalation === id);

function belong(draft: Draft, { id, key }: { id: string; key: string }): Place {
  draft.set({ outage: { id, key, follows: false, leftAt: null, told: 0 } });
  return { as: 'lead' };
}

function follow(draft: Draft, { id, key, lead }: { id: string; key: string; lead: Escalation }): Place {
  draft.set({ outage: { id, key, follows: true, leftAt: null, told: 0 } });
  draft.outage({ join: rowOf(draft.escalation), outage: id });
  return { as: 'follower', lead };
}
