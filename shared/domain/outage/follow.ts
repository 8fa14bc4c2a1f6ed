import { type Case, type Decision, decided, nothingToDo } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { awaitWord, contactDueAt } from '../escalation/contact.ts';
import { alertDesk } from '../escalation/desk-alert.ts';
import { Draft } from '../escalation/draft.ts';
import type { Escalation, Person } from '../escalation/escalation.ts';
import { freshLadder, reopen, watchPromise } from '../escalation/hand-on.ts';
import { stepAt } from '../escalation/ladder.ts';
import { bringLateNews, tellHolder, tellPaged, voidQueued } from '../escalation/notices.ts';
import { climb, sayUnreachable } from '../escalation/paging.ts';
import { breakPromise, tellBroken } from '../escalation/promise.ts';
import { callText } from '../escalation/text.ts';
import { followDesk } from '../escalation/watches.ts';
import { system } from '../event.ts';
import { addSeconds, type Instant, later, wasWithin } from '../time.ts';
import { firstLook, goneAt, graceSeconds, isActive, isLeading, memberOf, roleOf, rowOf } from './outage.ts';
import { inStep, unreachableOf } from './step.ts';

const countAgainSeconds = 600;
/** A holder whose lead ended has so long for a word to the next one's partner. */
const wordSeconds = 900;

interface Due {
  id: string;
  roster: Roster;
  now: Instant;
}

/** A press that follows: nobody is paged for it, and it looks at its lead soon. */
export function startFollowing(draft: Draft, roster: Roster, lead: Escalation): void {
  draft.set({ unreachableSince: unreachableOf(lead) });
  draft.event('escalation.followed', system, {});
  keepStep(draft, roster, lead);
  if (isActive(draft.escalation)) draft.timer('level', firstLook(draft.now));
}

/**
 * Any timer of an escalation that follows, and any news of its lead: it gets in step. While somebody leads it
 * stays silent and looks again at its own ladder's times. When nobody does, the one that is told so, or that
 * finds it so some time after, leads. null: it does not follow, so the timer is its own.
 */
export function follow(state: Case, { id, roster, now }: Due, mayLead = false): Decision | null {
  const role = roleOf(state);
  if (state.escalation?.id !== id || role === 'alone' || role === 'lead') return null;
  if (!isActive(state.escalation)) return nothingToDo(state);
  const draft = new Draft(state, state.escalation, now);
  const lead = state.outage?.lead;
  if (role === 'lost' || !lead) {
    goAlone(draft, roster);
    return draft.done();
  }
  if (role === 'joining') join(draft);
  keepStep(draft, roster, lead);
  if (!isActive(draft.escalation)) return draft.done();
  if (isLeading(lead)) {
    if (draft.escalation.state === 'paging') draft.timer('level', nextLook(draft.escalation, now));
  } else if (mayLead || !wasWithin(graceSeconds, goneAt(lead), now)) {
    promote(draft, roster, lead);
  } else draft.timer('level', addSeconds(now, graceSeconds));
  const done = draft.done();
  if (done.events.length > 0 || done.outage.length > 0 || done.pages.length > 0) return done;
  const same = JSON.stringify(done.escalation) === JSON.stringify(state.escalation);
  if (same && done.timers.length === 0) return nothingToDo(state);
  return decided(state, { escalation: same ? null : done.escalation, timers: done.timers });
}

/** The timer of an outage: one of the three learns its place, and a holder hears how many follow. */
export function outageDue(state: Case, due: Due): Decision {
  const { escalation, outage } = state;
  if (escalation?.id !== due.id) return nothingToDo(state);
  if (roleOf(state) !== 'lead' || !outage?.group.id) return follow(state, due) ?? nothingToDo(state);
  const draft = new Draft(state, escalation, due.now);
  const { id, key } = outage.group;
  const mine = escalation.outage ?? { id, key, follows: false, leftAt: null, told: 0 };
  const followers = outage.followers ?? 0;
  draft.set({ outage: mine });
  if (escalation.state === 'acknowledged') {
    if (followers > mine.told) {
      draft.set({ outage: { ...mine, told: followers } });
      const more = followers === 1 ? '1 other reports' : `${followers} others report`;
      const now = mine.told > 0 ? `, ${mine.told} before` : '';
      if (!tellHolder(draft, due.roster, 'count', `${draft.ticket.number}: ${more} the same outage${now}.`))
        alertDesk(
          draft,
          due.roster,
          `${more} the same outage, and ${escalation.acknowledgedBy?.name} holds it`,
        );
    }
    draft.timer('outage', addSeconds(due.now, countAgainSeconds));
  }
  return draft.done();
}

/** Before anything is decided for one that follows: what its lead went through is its own. */
export function catchUp(draft: Draft, roster: Roster): void {
  const role = roleOf(draft.before);
  const lead = draft.before.outage?.lead;
  if (!lead || (role !== 'follower' && role !== 'joining')) return;
  if (role === 'joining') join(draft);
  keepStep(draft, roster, lead);
}

/** Brings a follower in line with its lead, with an event for each thing that became true for it. */
export function keepStep(draft: Draft, roster: Roster, lead: Escalation): void {
  const was = draft.escalation;
  const next = inStep(was, lead, draft.now);
  draft.foundAs(next);
  const { number } = draft.ticket;
  const { promise, promiseKept, holds, unreachableSince } = next;
  draft.set({ promise, promiseKept, holds, unreachableSince });
  if (unreachableSince && lead.unreachableToldAt !== was.unreachableToldAt) {
    draft.set({ unreachableToldAt: lead.unreachableToldAt });
    sayUnreachable(draft, roster, []);
  }
  if (next.promise.brokenAt !== was.promise.brokenAt) tellBroken(draft, roster, lead);
  if (next.state === was.state && next.acknowledgedBy?.id === was.acknowledgedBy?.id) return;
  if (next.state === 'paging') {
    reopen(draft);
    draft.set({ promiseKept });
    sayLapse(draft, was.acknowledgedBy, lead);
    watchPromise(draft);
    draft.timer('level', nextLook(draft.escalation, draft.now));
    return;
  }
  voidQueued(draft);
  // A follower has no other timers: a thousand of them are written at once.
  draft.timer('level', null);
  draft.timer('promise', null);
  const { acknowledgedBy, acknowledgedAt } = next;
  if (acknowledgedBy && acknowledgedBy.id !== was.acknowledgedBy?.id) {
    if (draft.ticket.status === 'new') draft.ticket = { ...draft.ticket, status: 'open' };
    draft.set({ state: 'acknowledged', acknowledgedBy, acknowledgedAt, taken: next.taken });
    const how = { via: 'lead', again: was.taken !== null };
    draft.event('escalation.acknowledged', { kind: 'staff', ...acknowledgedBy }, how);
    tellPaged(
      draft,
      'taken',
      `${number} was taken by ${acknowledgedBy.name}. Nothing more to do.`,
      acknowledgedBy.id,
    );
    bringLateNews(draft, roster, acknowledgedBy);
  }
  if (next.state !== 'resolved' || !next.endedBy) return;
  draft.set({ state: 'resolved', endedAt: next.endedAt, endedBy: next.endedBy });
  draft.event('escalation.resolved', next.endedBy);
  tellPaged(
    draft,
    'stand_down',
    `${number} stand down: resolved by ${next.endedBy.name}. Nothing more to do.`,
    next.endedBy.id,
  );
}

/**
 * Why nobody holds it any more, as it went for its lead. Who passed that one on is staff; who had no call there is not
 * named, for partners never see each other.
 */
function sayLapse(draft: Draft, from: Person | null, { holds }: Escalation): void {
  const ended = holds.findLast(({ by }) => by.id === from?.id)?.ended;
  const by = ended?.as === 'escalation.passed' ? ended.by : system;
  draft.event(ended?.as ?? 'escalation.passed', by, { from });
}

/** Nobody leads any more: this one does. Untaken it pages at once; its holder, if it has one, is told. */
function promote(draft: Draft, roster: Roster, former: Escalation): void {
  if (assumeLead(draft)) draft.event('escalation.promoted', system);
  const { escalation, now } = draft;
  if (escalation.state === 'acknowledged') {
    const head = `${former.ticket} no longer leads its outage: ${draft.ticket.number} does. `;
    const text = callText(head, draft.caller);
    // The partner reads why the desk was alerted, and partners never see each other.
    if (!tellHolder(draft, roster, 'news', text))
      alertDesk(draft, roster, `it leads its outage now, and ${escalation.acknowledgedBy?.name} holds it`);
    draft.timer('outage', addSeconds(now, countAgainSeconds));
    waitForWord(draft);
  } else startLadder(draft, roster, 'the emergency that paged for this outage has ended');
}

/** Nobody watched it for silence while it followed: its holder has a while from now on. */
function waitForWord(draft: Draft): void {
  awaitWord(draft);
  draft.timer('contact', later(contactDueAt(draft.escalation), addSeconds(draft.now, wordSeconds)));
}

/** Who takes or passes a follower that nobody leads any more takes or passes the outage with it. */
export function standIn(draft: Draft): void {
  const { escalation, outage } = draft.before;
  const lead = outage?.lead;
  if (!draft.silent || !escalation || !outage?.group.id || (lead && isLeading(lead))) return;
  if (roleOf(draft.before) === 'joining') join(draft);
  assumeLead(draft);
}

/** false: another outage has taken the place of its own, so it sees to itself. */
function assumeLead(draft: Draft): boolean {
  const { before, escalation, now } = draft;
  const group = before.outage?.group;
  if (!group || !escalation.outage || group.id !== escalation.outage.id) {
    leave(draft);
    return false;
  }
  draft.set({ outage: { ...escalation.outage, follows: false } });
  draft.group({ lead: memberOf(escalation, now) });
  return true;
}

function join(draft: Draft): void {
  const group = draft.before.outage?.group;
  if (!group?.id) return;
  draft.set({ outage: { id: group.id, key: group.key, follows: true, leftAt: null, told: 0 } });
  draft.outage({ join: rowOf(draft.escalation), outage: group.id });
  draft.event('escalation.followed', system, {});
  voidQueued(draft);
  draft.set({ ladder: { ...draft.escalation.ladder, waiting: [] } });
  draft.timer('desk', null);
}

/** Its outage is gone without it: it sees to itself. */
function goAlone(draft: Draft, roster: Roster): void {
  breakPromise(draft, roster);
  leave(draft);
  if (draft.escalation.state === 'paging') startLadder(draft, roster, 'the outage that it followed is gone');
  else waitForWord(draft);
}

export function leave(draft: Draft): void {
  const mine = draft.escalation.outage ?? membership(draft);
  if (mine) draft.set({ outage: { ...mine, follows: false, leftAt: draft.now } });
}

function membership({ before: { outage } }: Draft) {
  return outage?.group.id ? { id: outage.group.id, key: outage.group.key, told: 0 } : null;
}

/** Its own ladder from the beginning, as a press would start it. */
export function startLadder(draft: Draft, roster: Roster, because: string): void {
  draft.set(freshLadder(roster, draft.now));
  const byDay = draft.escalation.route === 'desk';
  if (byDay) alertDesk(draft, roster, because);
  climb(draft, roster, byDay ? {} : { atOnce: because });
  followDesk(draft, roster);
}

/** A silent follower looks at its lead whenever its own ladder would have paged, and then as often as it repeats. */
function nextLook(escalation: Escalation, now: Instant): Instant {
  for (let index = 0; ; index++) {
    const step = stepAt(escalation, index);
    if (!step) return addSeconds(now, escalation.policy.repeatMinutes * 60);
    if (step.at > now) return step.at;
  }
}
