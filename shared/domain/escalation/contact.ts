import { openState } from '../calendar/state.ts';
import type { Case } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { type Actor, system } from '../event.ts';
import { addSeconds, type Instant, later } from '../time.ts';
import { alertDesk } from './desk-alert.ts';
import type { Draft } from './draft.ts';
import type { Escalation } from './escalation.ts';
import { freshLadder, reopen, watchPromise } from './hand-on.ts';
import { climb } from './paging.ts';
import { clockTime, noticeText } from './text.ts';
import { followDesk } from './watches.ts';
import { isPageable } from './whom.ts';

/** Without a word from its holder this long after the taking, or by the promise's due time if later, one is asked for. */
const firstWordSeconds = 900;
/** After the first word, silence of this length is asked about. */
const silenceSeconds = 3600;
/** How long after the question the ladder starts afresh. */
export const answerSeconds = 600;

/** When something is done about the silence next: the question, or the ladder after it. */
export function contactDueAt({
  contact,
  acknowledgedAt,
  promise,
}: Pick<Escalation, 'contact' | 'acknowledgedAt' | 'promise'>): Instant {
  if (contact?.asked) return addSeconds(contact.asked.at, answerSeconds);
  if (contact?.heardAt) return addSeconds(contact.heardAt, silenceSeconds);
  return later(addSeconds(acknowledgedAt ?? promise.dueAt, firstWordSeconds), promise.dueAt);
}

/** From the taking on, the holder's word is waited for. */
export function awaitWord(draft: Draft): void {
  draft.set({ contact: { heardAt: null, asked: null } });
  draft.timer('contact', contactDueAt(draft.escalation));
}

/**
 * Whether words of this person are a word from the holder: the holder's own, and, once the desk was asked
 * about a silent holder, those of anybody at the desk.
 */
export function isWord({ escalation }: Case, by: Actor): boolean {
  if (escalation?.state !== 'acknowledged' || by.kind !== 'staff') return false;
  return escalation.acknowledgedBy?.id === by.id || escalation.contact?.asked?.whom === 'desk';
}

/** A word from the holder. The first one is when contact was made. Silence is watched on the lead of an outage alone. */
export function hear(draft: Draft, by: Actor, saidAt: Instant = draft.now): void {
  const first = draft.escalation.contactedAt === null;
  draft.set({ contactedAt: draft.escalation.contactedAt ?? saidAt });
  if (!draft.silent) {
    draft.set({ contact: { heardAt: saidAt, asked: null } });
    draft.timer('contact', contactDueAt(draft.escalation));
  }
  if (first) draft.event('escalation.contacted', by, { contactedAt: saidAt });
}

/** Too long without a word: the holder is asked for one, or the desk while it is open or has to stand in. */
export function askForWord(draft: Draft, roster: Roster): void {
  const { acknowledgedBy, acknowledgedAt, contact, timezone } = draft.escalation;
  const holder = roster.staff.find((member) => member.id === acknowledgedBy?.id);
  const since = contact?.heardAt ?? acknowledgedAt ?? draft.now;
  const open = openState(roster.calendar, draft.now).open;
  const whom = !open && isPageable(holder) ? 'holder' : 'desk';
  draft.set({ contact: { heardAt: contact?.heardAt ?? null, asked: { at: draft.now, whom } } });
  const deadline = contactDueAt(draft.escalation);
  draft.event('escalation.contact_asked', system, { from: acknowledgedBy, since, by: deadline, asked: whom });
  if (whom === 'holder' && isPageable(holder)) draft.ask(holder, deadline);
  else {
    const name = acknowledgedBy?.name ?? 'Its holder';
    alertDesk(draft, roster, `${name} holds it, and there is no word since ${clockTime(since, timezone)}`);
  }
  draft.timer('contact', deadline);
}

/** Asked for a word and silent: the ladder starts afresh, the desk's while it is open. */
export function startAfresh(draft: Draft, roster: Roster): void {
  const { acknowledgedBy, contact } = draft.escalation;
  const name = acknowledgedBy?.name ?? 'its holder';
  reopen(draft);
  draft.set(freshLadder(roster, draft.now));
  draft.event('escalation.contact_lost', system, { from: acknowledgedBy });
  if (draft.escalation.route === 'desk') alertDesk(draft, roster, `there is no word from ${name}`);
  climb(draft, roster);
  watchPromise(draft);
  followDesk(draft, roster);
  const holder = roster.staff.find((member) => member.id === acknowledgedBy?.id);
  if (contact?.asked?.whom !== 'holder' || !isPageable(holder) || draft.pagedNow(holder.id)) return;
  const text = `${draft.ticket.number}: no word from you, so on-call is paged again. Reply a to take it back.`;
  draft.tell('contact_lost', holder, noticeText(text));
}
