import { openState } from '../calendar/state.ts';
import { type Case, type Decision, nothingToDo, refuse } from '../decision.ts';
import type { Roster } from '../directory.ts';
import type { Actor } from '../event.ts';
import { catchUp } from '../outage/follow.ts';
import { addSeconds, type Instant, wasWithin } from '../time.ts';
import { alertDesk } from './desk-alert.ts';
import { Draft } from './draft.ts';
import type { Person } from './escalation.ts';
import { leaveClosedDesk, nextForAnother, reopen, watchPromise } from './hand-on.ts';
import { begin, levelsOf } from './ladder.ts';
import { tellHolder } from './notices.ts';
import { climb, pageNow, setLevelTimer } from './paging.ts';
import { breakPromise } from './promise.ts';
import { callText } from './text.ts';
import { followDesk } from './watches.ts';
import { isPageable } from './whom.ts';

/** Said again within this time, it changes nothing: those who were paged for it are on it. */
const againSeconds = 300;

/**
 * The requester's side says that nobody has called. The holder and the next level are paged at once, and the
 * first of them to answer has it; while nobody holds it, the next level is. Of many that share an outage, the
 * holder is told whom to call; without a holder that has a phone, the desk is.
 */
export function notContacted(state: Case, by: Actor, facts: { roster: Roster; now: Instant }): Decision {
  const { escalation } = state;
  const { roster, now } = facts;
  if (escalation?.state === 'exhausted') {
    return refuse(
      'not_active',
      `On-call staff were paged for hours and nobody took it. Escalate again, or call ${roster.provider.phone}.`,
      { extra: { phone: roster.provider.phone } },
    );
  }
  if (escalation?.state !== 'acknowledged' && escalation?.state !== 'paging')
    return refuse('not_active', 'There is no active escalation on this ticket.');
  const { notContactedAt } = escalation;
  if (wasWithin(againSeconds, notContactedAt, now)) return nothingToDo(state);
  const draft = new Draft(state, escalation, now);
  breakPromise(draft, roster);
  draft.set({ notContactedAt: now });
  if (draft.silent) return ofFollower(draft, by, roster);
  // Who reads whom it asks now is told at once if that reaches nobody.
  draft.set({ unreachableToldAt: null });
  const holder = escalation.state === 'acknowledged' ? escalation.acknowledgedBy : null;
  if (holder) reopen(draft);
  draft.event('escalation.not_contacted', by, { from: holder });
  const because = `${by.name} says that nobody has called`;
  if (holder) pageBoth(draft, roster, { holder, because });
  else climb(draft, roster, { atOnce: because });
  watchPromise(draft);
  followDesk(draft, roster);
  return draft.done();
}

/** One of many that share an outage: its holder hears whom to call, and goes on holding it for all. */
function ofFollower(draft: Draft, by: Actor, roster: Roster): Decision {
  catchUp(draft, roster);
  const { acknowledgedBy } = draft.escalation;
  draft.event('escalation.not_contacted', by, { from: acknowledgedBy });
  const text = callText(`${draft.ticket.number}: nobody has called them. `, draft.caller);
  if (!tellHolder(draft, roster, 'news', text))
    alertDesk(draft, roster, `${by.name} says that nobody has called`);
  return draft.done();
}

/** The holder and the next level that pages somebody else; the desk as well while it is open. */
function pageBoth(
  draft: Draft,
  roster: Roster,
  { holder, because }: { holder: Person; because: string },
): void {
  const member = roster.staff.find((each) => each.id === holder.id);
  const reachable = isPageable(member);
  if (!reachable || openState(roster.calendar, draft.now).open) {
    alertDesk(draft, roster, `${because}; ${holder.name} held it`);
  }
  leaveClosedDesk(draft, roster);
  const next = nextForAnother(draft.escalation, holder.id, roster, draft.now);
  const { kind } = draft.escalation.ladder;
  const offset = next === null ? 0 : (levelsOf(draft.escalation)[next.index]?.afterMinutes ?? 0);
  const base = addSeconds(draft.now, -offset * 60);
  if (reachable) pageNow(draft, [member], because);
  if (next === null && reachable) {
    // Nobody else is there now: the ladder goes on from its second level, for who is there by then.
    draft.set({ ladder: begin(kind, draft.now, { base, next: 1 }) });
    setLevelTimer(draft);
    return;
  }
  draft.set({ ladder: begin(kind, draft.now, { base, next: next?.index ?? 0 }) });
  climb(draft, roster, {
    atOnce: because,
    except: holder.id,
    passedOver: (next?.passedOver ?? []).map((index) => ({
      level: index + 1,
      because: 'it pages nobody else',
    })),
  });
}
