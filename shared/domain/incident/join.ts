import type { Case } from '../decision.ts';
import type { Roster } from '../directory.ts';
import type { Draft } from '../escalation/draft.ts';
import { reopen, watchPromise } from '../escalation/hand-on.ts';
import { voidQueued } from '../escalation/notices.ts';
import { type Actor, system } from '../event.ts';
import { countSeconds } from '../outage/after.ts';
import { keepStep, startFollowing, startLadder } from '../outage/follow.ts';
import { incidentGroup, isActive, isLeading, isOfIncident, keysOf, roleOf, rowOf } from '../outage/outage.ts';
import { isBetweenLeads, type PressView, takePlace } from '../outage/place.ts';
import { goItsOwnWay, leaveToOthers } from '../outage/split.ts';
import { addSeconds } from '../time.ts';

/** Whether the emergency of a case follows or leads those of this incident. */
export function sharesWith(state: Case, incident: string): boolean {
  const { escalation } = state;
  if (!escalation || !isActive(escalation) || roleOf(state) === 'alone') return false;
  return keysOf(escalation).includes(incidentGroup(incident));
}

/** What it shared with an incident it shares no longer: nobody is lost, neither it nor those that it led. */
export function leaveIncident(draft: Draft, roster: Roster, by: Actor): void {
  if (roleOf(draft.before) === 'lead') leaveToOthers(draft, by);
  else goItsOwnWay(draft, roster, by);
}

interface Facts {
  roster: Roster;
  /** The group of the incident. */
  view: PressView;
  by: Actor;
  /** The incident that the ticket belonged to before. */
  former: string | null;
}

/** An active emergency takes its place among those of the incident that its ticket was just linked to. */
export function join(draft: Draft, facts: Facts): void {
  const { roster, view, by, former } = facts;
  const { escalation, before } = draft;
  const role = roleOf(before);
  if (role === 'follower') changeLead(draft, facts);
  if (role === 'lead') {
    if (former !== null && sharesWith(before, former)) leaveToOthers(draft, by);
    else if (!isLed(view)) leadBoth(draft, view);
  }
  if (role !== 'alone' || escalation.outage?.leftAt) return;
  // What somebody holds already keeps its own holder, and its own silence, beside who leads or is about to.
  const hasLead = isLed(view) || isBetweenLeads(view, draft.now);
  if (hasLead && escalation.state !== 'paging') return;
  const place = takePlace(draft, view);
  if (place.as === 'follower') {
    voidQueued(draft);
    draft.set({ ladder: { ...draft.escalation.ladder, waiting: [] } });
    draft.timer('desk', null);
    startFollowing(draft, roster, place.lead);
    return;
  }
  if (place.as === 'lead' && place.heir) draft.event('escalation.promoted', system);
  if (escalation.state === 'acknowledged') draft.timer('outage', addSeconds(draft.now, countSeconds));
}

const isLed = ({ lead }: PressView): boolean => lead !== null && isLeading(lead);

/** It goes on leading its outage, and leads the incident's as well. */
function leadBoth(draft: Draft, { group, key, newId }: PressView): void {
  if (!draft.escalation.outage) return;
  const from = group?.version ?? null;
  const version = (from ?? 0) + 1;
  const former = group?.id && group.lead ? { id: group.id, lead: group.lead } : null;
  const lead = rowOf(draft.escalation);
  draft.set({ group: key });
  draft.outage({ group: { key, version, id: newId, lead, recent: [], former, toldAt: null }, from });
}

/**
 * What followed an outage of its service follows the incident's lead instead, unless somebody else holds it; while
 * there is none, its own lead pages for it. What followed another incident has nothing to do with that one: it
 * follows this one's, or leads and pages.
 */
function changeLead(draft: Draft, { roster, view, by }: Facts): void {
  const { outage } = draft.before;
  const mine = draft.escalation.outage;
  if (!mine || !outage?.lead || mine.key === view.key) return;
  keepStep(draft, roster, outage.lead);
  if (!isActive(draft.escalation)) return;
  const held = draft.escalation.state === 'acknowledged' && view.lead?.id !== outage.lead.id;
  if (!isOfIncident(mine.key) && (held || !isLed(view))) return;
  draft.outage({ leave: rowOf(draft.escalation), outage: mine.id });
  const place = takePlace(draft, view);
  if (place.as === 'follower') {
    startFollowing(draft, roster, place.lead);
    return;
  }
  reopen(draft);
  draft.event('escalation.split', by);
  startLadder(draft, roster, 'its ticket belongs to another incident');
  watchPromise(draft);
}
