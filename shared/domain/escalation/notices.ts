import type { Case } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { alertDesk } from './desk-alert.ts';
import type { Draft } from './draft.ts';
import type { NoticeKind, Page, Person } from './escalation.ts';
import { callText, cut, gsm7, noticeText } from './text.ts';
import { isPageable, whom } from './whom.ts';

/** What a notice spares for the desk's number as written: there is room for a number that can be dialled beside it. */
const deskNumberRoom = 64;

/** Whether it asks somebody to take it, or the holder for a word; all else only tells. */
export const isPage = ({ notice }: Pick<Page, 'notice'>): boolean => notice === null || notice === 'contact';

/** Everybody who was sent a page for this escalation, or may have been (a second attempt), once each. */
export function pagedPeople(pages: readonly Page[]): { id: string; name: string; phone: string }[] {
  const people = new Map<string, { id: string; name: string; phone: string }>();
  for (const page of pages) {
    if (!isPage(page) || page.phone === null) continue;
    if (page.state === 'sending' || page.state === 'sent' || page.attempt > 1)
      people.set(page.to.id, { ...page.to, phone: page.phone });
  }
  return [...people.values()];
}

/** Tells everyone paged, but for who did it, how it went. */
export function tellPaged(
  draft: Draft,
  kind: NoticeKind,
  text: string,
  except: string | null,
  pages = draft.pages,
): void {
  for (const person of pagedPeople(pages)) {
    if (person.id !== except) draft.tell(kind, person, noticeText(text));
  }
}

/**
 * Tells everyone paged and everyone who holds it or held it, paged or not, once each, but for who did it. Who held
 * one that follows held its lead, and hears of that.
 */
export function tellAll(
  draft: Draft,
  roster: Roster,
  { kind, text, except }: { kind: NoticeKind; text: string; except: string | null },
): void {
  const { acknowledgedBy, holds, startedAt } = draft.escalation;
  const former = draft.silent ? [] : holds.filter(({ until }) => until > startedAt).map(({ by }) => by.id);
  const held = new Set([acknowledgedBy?.id, ...former]);
  for (const { id } of pagedPeople(draft.pages)) held.delete(id);
  tellPaged(draft, kind, text, except);
  for (const person of roster.staff.filter(isPageable))
    if (held.has(person.id) && person.id !== except) draft.tell(kind, person, noticeText(text));
}

/** Voids what is queued: in the transaction that makes it pointless, so that exactly one of the two wins. */
export function voidQueued(draft: Draft): void {
  for (const page of draft.pages) {
    if (!isPage(page) || page.state !== 'queued') continue;
    draft.change(page, { state: 'void' });
    if (page.notice === null) draft.timer('send_by', null, page.id);
  }
}

/** Nothing may ring any more. */
export function stopTimers(draft: Draft): void {
  draft.timer('level', null);
  draft.timer('promise', null);
  draft.timer('desk', null);
  draft.timer('contact', null);
  draft.timer('shift', null);
  draft.set({ ladder: { ...draft.escalation.ladder, waiting: [] } });
}

/**
 * Changed words or a changed number, to the holder, or to all who know of it: everyone paged, and the desk if it was
 * alerted. `lead`: whom one that follows shares those with.
 */
export function tellNews(draft: Draft, roster: Roster, lead: Pick<Case, 'pages'> | null): void {
  const { acknowledgedBy } = draft.escalation;
  if (acknowledgedBy) {
    bringNews(draft, roster, acknowledgedBy);
    return;
  }
  const pages = lead && draft.silent ? [...lead.pages, ...draft.pages] : draft.pages;
  tellPaged(draft, 'news', newsText(draft), null, pages);
  if (pages.some(({ notice }) => notice === 'desk_alert'))
    alertDesk(draft, roster, 'nobody has taken it yet, and the partner has news');
}

/** Whoever comes to hold one that follows hears its latest news, unless they were told when it came. */
export function bringLateNews(draft: Draft, roster: Roster, holder: Person): void {
  const { newsAt } = draft.escalation;
  if (!newsAt) return;
  const news = noticeText(newsText(draft));
  // What went out in that very instant may have gone before the news came.
  const told = draft.pages.some(
    ({ notice, to, queuedAt, state, text }) =>
      to.id === holder.id &&
      state !== 'void' &&
      (notice === 'news' ? queuedAt >= newsAt && text === news : notice === null && queuedAt > newsAt),
  );
  if (!told) bringNews(draft, roster, holder);
}

function bringNews(draft: Draft, roster: Roster, holder: Person): void {
  if (!tellHolder(draft, roster, 'news', newsText(draft)))
    alertDesk(draft, roster, `${holder.name} holds it, and the partner has news`);
}

const newsText = ({ ticket, caller }: Draft) => callText(`${ticket.number}: the partner has news. `, caller);

/** Tells whoever holds it; false when nobody does, or who does cannot be reached by phone. */
export function tellHolder(draft: Draft, roster: Roster, kind: NoticeKind, text: string): boolean {
  const holder = roster.staff.find((member) => member.id === draft.escalation.acknowledgedBy?.id);
  if (!isPageable(holder)) return false;
  draft.tell(kind, holder, noticeText(text));
  return true;
}

/** The manager on duty hears that the promise broke, with the number to call. */
export function tellManagers(draft: Draft, roster: Roster): void {
  const head = `${draft.ticket.number} promise broken: nobody has taken it. `;
  const text = callText(head, draft.caller, `. Desk: ${cut(gsm7(roster.provider.phone), deskNumberRoom)}`);
  for (const person of whom([{ role: 'manager' }], roster, draft.escalation.policy, draft.now)) {
    draft.tell('promise_broken', person, text);
  }
}
