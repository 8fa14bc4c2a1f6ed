import type { StaffRole } from '../../contract/words.ts';
import { type Case, type Decision, nothingToDo, type Refused, refuse } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { type Actor, system } from '../event.ts';
import { catchUp, standIn } from '../outage/follow.ts';
import { asShown } from '../outage/step.ts';
import { addSeconds, type Instant } from '../time.ts';
import { awaitWord, hear } from './contact.ts';
import { Draft } from './draft.ts';
import { type Escalation, isOver, type Person } from './escalation.ts';
import { leaveClosedDesk, nextForAnother, reopen, watchPromise } from './hand-on.ts';
import { begin, levelsOf } from './ladder.ts';
import { isPage, stopTimers, tellAll, tellHolder, voidQueued } from './notices.ts';
import { climb } from './paging.ts';
import { breakPromise } from './promise.ts';
import { clockTime, dayAndTime } from './text.ts';
import { followDesk } from './watches.ts';

export interface ByStaff {
  person: Person;
  role: StaffRole;
  /** By SMS or link only somebody paged for it; over the API agents, managers and admins too. */
  via: 'sms' | 'link' | 'api';
  /** Was paged for an escalation of the same outage. */
  paged?: boolean;
}

export const actorOf = (person: Person): Actor => ({ kind: 'staff', id: person.id, name: person.name });

/** Who may take, pass or end an escalation that is not theirs. */
function mayAct(state: Case, by: ByStaff): boolean {
  if (by.paged || (by.via === 'api' && by.role !== 'engineer')) return true;
  if (state.escalation?.state === 'acknowledged' && state.escalation.acknowledgedBy?.id === by.person.id)
    return true;
  return state.pages.some((page) => isPage(page) && page.to.id === by.person.id);
}

const notPaged = () =>
  refuse(
    'not_paged',
    'Only somebody who was paged for it may do this; agents and managers may over the API.',
  );

/** Somebody takes it. The first wins; later ones are told who holds it. From the holder it is a word. */
export function acknowledge(state: Case, by: ByStaff, facts: { roster: Roster; now: Instant }): Decision {
  const escalation = state.escalation;
  if (!escalation) return refuse('not_active', 'This ticket has not been escalated.');
  if (!mayAct(state, by)) return notPaged();
  if (escalation.state === 'acknowledged') {
    if (escalation.acknowledgedBy?.id !== by.person.id) return heldBy(escalation, 'already_acknowledged');
    const again = new Draft(state, escalation, facts.now);
    hear(again, actorOf(by.person));
    return again.done();
  }
  if (escalation.state === 'resolved' || escalation.state === 'cancelled') return ended(escalation);
  const draft = new Draft(state, escalation, facts.now);
  breakPromise(draft, facts.roster);
  standIn(draft);
  draft.set({
    state: 'acknowledged',
    acknowledgedBy: by.person,
    acknowledgedAt: facts.now,
    taken: escalation.taken ?? { at: facts.now, by: by.person },
    unreachableSince: null,
  });
  voidQueued(draft);
  stopTimers(draft);
  awaitWord(draft);
  if (draft.ticket.status === 'new') draft.ticket = { ...draft.ticket, status: 'open' };
  draft.event('escalation.acknowledged', actorOf(by.person), {
    via: by.via,
    again: escalation.taken !== null,
  });
  const text = `${draft.ticket.number} was taken by ${by.person.name}. Nothing more to do.`;
  tellAll(draft, facts.roster, { kind: 'taken', text, except: by.person.id });
  return draft.done();
}

/**
 * The holder hands it on to the next level that pages somebody else; somebody who is being paged says by SMS
 * that it is not for them, with the same effect. A holder whose emergency another hands on is told. Passed before
 * the due time, the promise is open again; after it, a promise that was kept stays kept.
 */
export function pass(state: Case, by: ByStaff, facts: { roster: Roster; now: Instant }): Decision {
  const { escalation } = state;
  const { roster, now } = facts;
  if (escalation?.state !== 'acknowledged' && escalation?.state !== 'paging') {
    return refuse(
      'not_active',
      'Nobody is being paged or holds an emergency here, so there is nothing to pass.',
    );
  }
  const holder = escalation.state === 'acknowledged' ? escalation.acknowledgedBy : null;
  if (!holder && by.via === 'api')
    return refuse('not_active', 'Nobody holds it yet, so there is nothing to pass.');
  if (!holder && !mayAct(state, by)) return notPaged();
  if (holder && holder.id !== by.person.id && !(by.via === 'api' && by.role !== 'engineer')) {
    return heldBy(escalation, 'not_holder');
  }
  const draft = new Draft(state, escalation, now);
  breakPromise(draft, roster);
  standIn(draft);
  if (holder && holder.id !== by.person.id) {
    const text = `${draft.ticket.number} was passed on by ${by.person.name}. Nothing more to do.`;
    tellHolder(draft, roster, 'stand_down', text);
  }
  reopen(draft);
  leaveClosedDesk(draft, roster);
  const from = holder?.id ?? by.person.id;
  const next = nextForAnother(draft.escalation, from, roster, now);
  if (next === null) {
    return refuse('cannot_page_anybody', 'There is nobody else on call to pass it to. It stays as it is.');
  }
  const offset = levelsOf(draft.escalation)[next.index]?.afterMinutes;
  const base = offset === undefined ? draft.escalation.ladder.base : addSeconds(now, -offset * 60);
  draft.set({
    ladder: begin(draft.escalation.ladder.kind, now, { base, next: next.index }),
    unreachableToldAt: null,
  });
  draft.event('escalation.passed', actorOf(by.person), { from: holder });
  climb(draft, roster, {
    atOnce: `${by.person.name} passed it on`,
    except: from,
    passedOver: next.passedOver.map((index) => ({ level: index + 1, because: 'it pages nobody else' })),
  });
  watchPromise(draft);
  followDesk(draft, roster);
  return draft.done();
}

/** The emergency is over; the ticket stays for the desk. */
export function resolveEscalation(
  state: Case,
  by: ByStaff,
  facts: { roster: Roster; now: Instant },
): Decision {
  const { escalation } = state;
  if (!escalation) return refuse('not_active', 'This ticket has not been escalated.');
  if (escalation.state === 'resolved') return nothingToDo(state);
  if (escalation.state === 'cancelled') return ended(escalation);
  if (!mayAct({ ...state, escalation: asShown(state, facts.now) }, by)) return notPaged();
  const draft = new Draft(state, escalation, facts.now);
  end(draft, facts.roster, { as: 'resolved', by: actorOf(by.person), except: by.person.id });
  return draft.done();
}

/** The partner, or the desk for it, takes the alarm back. */
export function cancel(state: Case, by: Actor, facts: { roster: Roster; now: Instant }): Decision {
  const { escalation } = state;
  const shown = asShown(state, facts.now);
  if (!escalation || !shown || isOver(shown.state)) {
    return refuse('not_active', 'There is no active escalation on this ticket to cancel.');
  }
  const draft = new Draft(state, escalation, facts.now);
  end(draft, facts.roster, { as: 'cancelled', by, except: by.kind === 'staff' ? by.id : null });
  return draft.done();
}

/**
 * Ends what is active, whichever way: nothing rings any more, and everyone paged, or who held it, is told. What was
 * over with its lead already stays as that says.
 */
export function end(
  draft: Draft,
  roster: Roster,
  how: { as: 'resolved' | 'cancelled'; by: Actor; except: string | null },
): void {
  catchUp(draft, roster);
  if (isOver(draft.escalation.state)) return;
  breakPromise(draft, roster);
  const by = how.by.kind === 'system' ? system.name : how.by.name;
  draft.set({ state: how.as, endedAt: draft.now, endedBy: how.by, contact: null });
  voidQueued(draft);
  stopTimers(draft);
  draft.event(how.as === 'resolved' ? 'escalation.resolved' : 'escalation.cancelled', how.by, {
    taken: draft.escalation.taken !== null,
  });
  const text = `${draft.ticket.number} stand down: ${how.as} by ${by}. Nothing more to do.`;
  tellAll(draft, roster, { kind: 'stand_down', text, except: how.except });
}

function heldBy(escalation: Escalation, code: 'already_acknowledged' | 'not_holder'): Refused {
  const { acknowledgedBy, acknowledgedAt, timezone } = escalation;
  const since = acknowledgedAt ? ` since ${clockTime(acknowledgedAt, timezone)}` : '';
  return refuse(code, `${acknowledgedBy?.name ?? 'Somebody'} holds it${since}.`, {
    extra: { acknowledgedBy, acknowledgedAt },
  });
}

function ended(escalation: Escalation): Refused {
  const at = escalation.endedAt ? `, ${dayAndTime(escalation.endedAt, escalation.timezone)}` : '';
  return refuse('not_active', `This escalation was ${escalation.state}${at}.`);
}
