import type { EscalationReason } from '../../contract/words.ts';
import { openState } from '../calendar/state.ts';
import { type Case, type Decision, type NightCount, nothingToDo, type Refused, refuse } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { type Actor, system } from '../event.ts';
import { catchUp, startFollowing } from '../outage/follow.ts';
import { groupKey, isActive } from '../outage/outage.ts';
import { type PressView, takePlace } from '../outage/place.ts';
import { keepClock, nextDue } from '../ticket/clock.ts';
import { startClockAtPress, type Terms } from '../ticket/sla.ts';
import { addSeconds, type Instant, wasWithin } from '../time.ts';
import { alertDesk } from './desk-alert.ts';
import { Draft } from './draft.ts';
import { type Callback, type Escalation, numberOf } from './escalation.ts';
import { freshLadder } from './hand-on.ts';
import { tellNews } from './notices.ts';
import { climb, sayUnreachable } from './paging.ts';
import { followDesk } from './watches.ts';

export interface Press {
  reason: EscalationReason;
  detail: string | null;
  /** Whether steps are texted: null is as it was, and at first no. */
  callback: Omit<Callback, 'textUpdates'> & { textUpdates: boolean | null };
  by: Actor;
}

export interface PressFacts {
  roster: Roster;
  /** How many ladders this partner has started in the running night (see `nightOf`). */
  nightCount: number;
  /** The group that it falls into (see `groupAtPress`). */
  outage?: PressView | null;
  /** What pages for the one that it follows, for its news. */
  lead?: Pick<Case, 'pages'> | null;
  /** Of its partner, for a clock that stands and goes on with the press. */
  terms?: Terms | null;
  now: Instant;
}

/**
 * The night that is running, named by the opening that ends it; null while the desk is open. Only
 * escalations that start a ladder at night count against a partner's cap.
 */
export function nightOf(roster: Roster, now: Instant): Instant | null {
  const desk = openState(roster.calendar, now);
  return desk.open ? null : (desk.opensAt ?? `${now.slice(0, 10)}T00:00:00.000Z`);
}

/**
 * What a ladder that starts now counts for in the night of its partner: nothing by day. Past the cap it is refused
 * with the number to call. Whoever answers there may press for it: staff are never refused.
 */
export function countedTonight(
  partner: string,
  by: Actor,
  { roster, nightCount, now }: Pick<PressFacts, 'roster' | 'nightCount' | 'now'>,
): { refused: false; night: NightCount | null } | Refused {
  const { nightlyCap: cap, phone } = roster.provider;
  const night = nightOf(roster, now);
  const isStaff = by.kind === 'staff';
  if (night !== null && nightCount >= cap && !isStaff) {
    return refuse(
      'nightly_cap_reached',
      `${cap} emergencies were started for you tonight. Please call ${phone}: a person answers at night.`,
      { extra: { phone } },
    );
  }
  return { refused: false, night: night === null ? null : { partner, night, cap: isStaff ? null : cap } };
}

/** The group to read for a press; null when there is none, or nothing new would start. */
export function groupAtPress({ ticket, escalation }: Case, reason: EscalationReason): string | null {
  if (escalation && (isActive(escalation) || (escalation.state === 'exhausted' && escalation.outage?.leftAt)))
    return null;
  return groupKey(ticket, reason);
}

/**
 * Somebody presses Escalate. Desk closed: on-call at once. Desk open: the desk is alerted first. A second
 * press returns the same escalation and brings its news to the holder or the paged; a press on an exhausted
 * one starts its ladder afresh under the same id; a closed ticket reopens. One of a known outage follows it, starts
 * no ladder and does not count against the cap.
 */
export function press(state: Case, command: Press, facts: PressFacts): Decision {
  const current = state.escalation;
  if (current && (current.state === 'paging' || current.state === 'acknowledged'))
    return again(state, current, command, facts);
  const draft =
    current?.state === 'exhausted' ? afresh(state, current, command, facts) : first(state, command, facts);
  const place = takePlace(draft, facts.outage ?? null);
  const counted = place.as === 'follower' ? null : countedTonight(state.ticket.partner, command.by, facts);
  if (counted?.refused) return counted;
  if (draft.ticket.status === 'resolved' || draft.ticket.status === 'closed') {
    draft.ticket = { ...draft.ticket, status: 'open' };
    draft.event('ticket.reopened', command.by, { because: 'it was escalated' });
  }
  if (draft.ticket.status === 'waiting') draft.ticket = { ...draft.ticket, status: 'open' };
  runClock(draft, facts.terms ?? null);
  draft.event('escalation.started', command.by, {
    callback: { name: command.callback.name },
    detail: command.detail,
    timezone: draft.escalation.timezone,
    ...(current?.state === 'exhausted'
      ? { again: true, phone: facts.roster.provider.phone }
      : { again: false }),
  });
  if (place.as === 'lead' && place.heir) draft.event('escalation.promoted', system);
  if (place.as === 'follower') {
    // Nobody is paged for it now: whoever takes it hears of another number than the one they were paged with.
    if (current?.state === 'exhausted' && numberOf(command.callback) !== numberOf(current.callback))
      draft.set({ newsAt: facts.now });
    startFollowing(draft, facts.roster, place.lead);
  } else {
    if (draft.escalation.route === 'desk') alertDesk(draft, facts.roster, 'an emergency was escalated');
    climb(draft, facts.roster);
    followDesk(draft, facts.roster);
  }
  const { promise, promiseKept } = draft.escalation;
  if (draft.escalation.state === 'paging' && promise.brokenAt === null && !promiseKept)
    draft.timer('promise', promise.dueAt);
  return draft.done(counted?.night);
}

/** What was waiting, for the requester or for opening, waits no more. */
function runClock(draft: Draft, terms: Terms | null): void {
  const { ticket, before, now } = draft;
  const kept = terms ? keepClock(before.ticket, ticket, terms, now).ticket : ticket;
  draft.ticket = startClockAtPress(kept, now);
  if (draft.ticket !== ticket) draft.timer('sla', nextDue(draft.ticket), ticket.number);
}

function first(state: Case, command: Press, facts: PressFacts): Draft {
  const { roster, now } = facts;
  const ordinal = state.ticket.escalations + 1;
  const escalation: Escalation = {
    id: `esc_${state.ticket.number.slice(3).replace('-', '')}_${ordinal}`,
    ticket: state.ticket.number,
    partner: state.ticket.partner,
    ordinal,
    state: 'paging',
    ...wordsOfPress(command, null),
    startedAt: now,
    startedBy: command.by,
    promise: { dueAt: addSeconds(now, roster.policy.promiseMinutes * 60), brokenAt: null },
    policy: roster.policy,
    ...freshLadder(roster, now),
    acknowledgedBy: null,
    acknowledgedAt: null,
    contactedAt: null,
    taken: null,
    contact: null,
    notContactedAt: null,
    shiftsSeenAt: null,
    promiseKept: false,
    endedAt: null,
    endedBy: null,
    pages: 0,
    timezone: roster.provider.timezone,
    newsAt: null,
    untold: [],
    group: facts.outage?.key ?? null,
    outage: null,
    holds: [],
  };
  const draft = new Draft(state, escalation, now);
  draft.ticket = { ...draft.ticket, escalations: ordinal };
  return draft;
}

function afresh(state: Case, exhausted: Escalation, command: Press, facts: PressFacts): Draft {
  const { roster, now, outage } = facts;
  const draft = new Draft(state, exhausted, now);
  const { policy } = roster;
  draft.set({ ...wordsOfPress(command, exhausted), ...freshLadder(roster, now), policy, state: 'paging' });
  if (!exhausted.outage?.leftAt) draft.set({ group: outage?.key ?? null, outage: null });
  draft.timer('shift', null);
  return draft;
}

function again(
  state: Case,
  current: Escalation,
  command: Press,
  { roster, lead = null, now }: PressFacts,
): Decision {
  const sameNumber = numberOf(current.callback) === numberOf(command.callback);
  const sameWords =
    current.reason === command.reason &&
    current.detail === command.detail &&
    current.callback.name === command.callback.name;
  const words = wordsOfPress(command, current);
  const sameTexts = current.callback.textUpdates === words.callback.textUpdates;
  if (sameNumber && sameWords && sameTexts) return nothingToDo(state);
  const tooSoon = wasWithin(newsSeconds, current.newsAt, now);
  const isNews = !sameNumber || !(sameWords || tooSoon);
  const draft = new Draft(state, current, now);
  draft.set({ ...words, newsAt: isNews ? now : current.newsAt });
  catchUp(draft, roster);
  draft.event('escalation.updated', command.by, {
    callback: { name: command.callback.name },
    detail: command.detail,
  });
  rewordQueued(draft);
  if (words.callback.textUpdates && !(sameNumber && sameTexts)) greet(draft, roster);
  const { acknowledgedBy: holder } = draft.escalation;
  const hasIt = holder !== null && holder.id !== current.acknowledgedBy?.id;
  if (isNews && !hasIt) tellNews(draft, roster, lead);
  return draft.done();
}

/** Whoever is texted from now on has not heard that nobody can be paged. */
function greet(draft: Draft, roster: Roster): void {
  if (draft.escalation.state !== 'paging') return;
  if (draft.escalation.unreachableSince) sayUnreachable(draft, roster, []);
  else if (!draft.silent) draft.set({ unreachableToldAt: null });
}

/** How often changed words are passed on; a changed number always is. */
const newsSeconds = 600;

/** A page that is not on its way yet goes out with the words as they are now. */
function rewordQueued(draft: Draft): void {
  const { reason, callback } = draft.escalation;
  for (const page of draft.pages) {
    if (page.state !== 'queued' || !page.words) continue;
    draft.change(page, { words: { ...page.words, reason, callback: numberOf(callback) } });
  }
}

function wordsOfPress(
  { reason, detail, callback }: Press,
  before: Escalation | null,
): Pick<Escalation, 'reason' | 'detail' | 'callback'> {
  const textUpdates = callback.textUpdates ?? before?.callback.textUpdates ?? false;
  return { reason, detail, callback: { ...callback, textUpdates } };
}
