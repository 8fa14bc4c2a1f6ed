import type { Roster } from '../directory.ts';
import { system } from '../event.ts';
import { addSeconds, earlier, wasWithin } from '../time.ts';
import { alertDesk } from './desk-alert.ts';
import type { Draft } from './draft.ts';
import type { Page } from './escalation.ts';
import { givesUpAt, stepAt } from './ladder.ts';
import { noticeText } from './text.ts';
import { followDesk, followShifts } from './watches.ts';
import { isPageable, type Pageable, whom } from './whom.ts';

/** People for whom there was no room are tried again this soon: by then some of the queued are on their way. */
const roomAgainSeconds = 2;
/** While no level can be paged it is tried again this often. */
const tryAgainSeconds = 60;

interface Skipped {
  level: number;
  because: string;
}

/** What one step did: told in the timeline, with the levels passed over and why. */
interface Paged {
  level: number;
  pages: Page[];
  because: string | null;
  skipped: Skipped[];
}

/**
 * Climbs: pages every step that is due, and the next one at once when `atOnce` says why. An empty level
 * brings the next one at once; a level paged early is not paged again at its own time, because `next` has
 * passed it. An empty last level brings everyone, who are paged at their own times all the same. Ends with the
 * timer of the following step, or with the ladder given up.
 */
export function climb(
  draft: Draft,
  roster: Roster,
  options: { atOnce?: string; except?: string; passedOver?: Skipped[] } = {},
): void {
  if (draft.escalation.state !== 'paging' || draft.silent) return;
  if (draft.escalation.unreachableSince && draft.now >= givesUpAt(draft.escalation)) {
    exhaust(draft, roster);
    return;
  }
  const done: Paged[] = pageWaiting(draft, roster);
  const paged = new Set<string>();
  let because = options.atOnce ?? (draft.escalation.unreachableSince ? 'nobody could be paged' : null);
  let skipped: Skipped[] = [...(options.passedOver ?? [])];
  let repeated = false;
  for (;;) {
    const step = stepAt(draft.escalation, draft.escalation.ladder.next);
    if (!step) break;
    const early = step.at > draft.now;
    if (early && (because === null || (step.repeat && repeated))) break;
    repeated ||= step.repeat;
    const { ladder } = draft.escalation;
    const besides = early && step.repeat && skipped.length > 0;
    if (!besides) draft.set({ ladder: { ...ladder, next: ladder.next + 1 } });
    const people = whom(step.page, roster, draft.escalation.policy, draft.now).filter(
      (person) => person.id !== options.except,
    );
    const fresh = people.filter((person) => !paged.has(person.id));
    if (fresh.length > 0) {
      done.push({ level: step.level, pages: pagePeople(draft, step.level, fresh), because, skipped });
      for (const person of fresh) paged.add(person.id);
      because = null;
      skipped = [];
    } else if (people.length > 0) {
      draft.set({ level: step.level });
      skipped.push({ level: step.level, because: 'its people were paged this moment' });
      because = null;
    } else {
      skipped.push({ level: step.level, because: 'nobody to page' });
      because ??= `level ${step.level} has nobody to page`;
    }
  }
  tell(draft, done, skipped);
  if (paged.size === 0 && because && skipped.length > 0) unreachable(draft, roster, skipped);
  if (draft.now >= givesUpAt(draft.escalation)) exhaust(draft, roster);
  setLevelTimer(draft);
}

/** Pages these people now, beside the ladder. */
export function pageNow(draft: Draft, people: Pageable[], because: string): void {
  const level = Math.max(1, draft.escalation.level);
  tell(draft, [{ level, pages: pagePeople(draft, level, people), because, skipped: [] }], []);
}

function tell(draft: Draft, done: Paged[], passedOver: Skipped[]): void {
  done.at(-1)?.skipped.push(...passedOver);
  for (const { level, pages, because, skipped } of done) {
    draft.event('escalation.paged', system, {
      level,
      pages: pages.map((page) => ({ id: page.id, to: page.to })),
      because,
      skipped,
    });
  }
}

/** People of the latest step beyond one transaction's room: they follow in the next, at once. */
function pageWaiting(draft: Draft, roster: Roster): Paged[] {
  const waiting = draft.escalation.ladder.waiting;
  if (waiting.length === 0 || draft.room === 0) return [];
  const people = roster.staff.filter(isPageable).filter(({ id }) => waiting.includes(id));
  draft.set({ ladder: { ...draft.escalation.ladder, waiting: [] } });
  if (people.length === 0) return [];
  const { level } = draft.escalation;
  return [{ level, pages: pagePeople(draft, level, people), because: null, skipped: [] }];
}

function pagePeople(draft: Draft, level: number, people: Pageable[]): Page[] {
  const { room } = draft;
  const waiting = people.slice(room).map((person) => person.id);
  draft.set({
    level,
    unreachableSince: null,
    ladder: { ...draft.escalation.ladder, waiting: [...draft.escalation.ladder.waiting, ...waiting] },
  });
  return people.slice(0, room).map((person) => draft.page(person, level));
}

/** Managers and admins hear of it at every tenth try: it is tried each minute, give or take what sending takes. */
const unreachableNewsSeconds = 570;

/**
 * Nobody can be paged: managers, admins and the desk's mailboxes learn it at once (the requester by the event),
 * and it is tried again each minute from the first level.
 */
export function unreachable(draft: Draft, roster: Roster, skipped: Skipped[]): void {
  draft.set({
    unreachableSince: draft.escalation.unreachableSince ?? draft.now,
    ladder: { ...draft.escalation.ladder, next: 0 },
  });
  const toldAt = draft.escalation.unreachableToldAt;
  if (wasWithin(unreachableNewsSeconds, toldAt, draft.now)) return;
  draft.set({ unreachableToldAt: draft.now });
  sayUnreachable(draft, roster, skipped);
  // By another way than the one that just failed everybody.
  alertDesk(draft, roster, 'nobody on call can be paged');
  const leads = roster.staff.filter((member) => member.role === 'manager' || member.role === 'admin');
  for (const person of leads.filter(isPageable)) {
    const text = `${draft.ticket.number}: nobody on call can be paged. Please find somebody now.`;
    draft.tell('unreachable', person, noticeText(text));
  }
}

/** What the requester learns: that nobody can be paged, and whom to call. */
export function sayUnreachable(draft: Draft, roster: Roster, skipped: Skipped[]): void {
  draft.event('escalation.page_failed', system, {
    page: null,
    because: 'Nobody on call can be paged. Trying again each minute.',
    skipped,
    phone: roster.provider.phone,
  });
}

export function setLevelTimer(draft: Draft): void {
  if (draft.escalation.state !== 'paging') {
    draft.timer('level', null);
    return;
  }
  const { ladder, unreachableSince } = draft.escalation;
  const step = stepAt(draft.escalation, ladder.next);
  let dueAt = step?.at ?? givesUpAt(draft.escalation);
  if (unreachableSince) dueAt = earlier(addSeconds(draft.now, tryAgainSeconds), givesUpAt(draft.escalation));
  if (dueAt < draft.now) dueAt = draft.now;
  if (ladder.waiting.length > 0)
    dueAt = earlier(dueAt, addSeconds(draft.now, draft.room > 0 ? 0 : roomAgainSeconds));
  draft.timer('level', dueAt);
}

/**
 * Nobody took it in all that time. It can still be taken, and pressed again; whoever comes on call is paged, and the
 * desk is alerted when it opens.
 */
function exhaust(draft: Draft, roster: Roster): void {
  draft.set({ state: 'exhausted' });
  draft.event('escalation.exhausted', system, { phone: roster.provider.phone });
  draft.timer('level', null);
  followShifts(draft, roster);
  followDesk(draft, roster);
}
