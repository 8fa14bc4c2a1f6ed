import type { Roster } from '../directory.ts';
import { system } from '../event.ts';
import { addSeconds, earlier } from '../time.ts';
import { type Draft, peoplePerTransaction } from './draft.ts';
import { givesUpAt, type Step, stepAt } from './ladder.ts';
import { noticeText } from './text.ts';
import { type Pageable, whom } from './whom.ts';

/** While no level can be paged it is tried again this often. */
const tryAgainSeconds = 60;

interface Skipped {
  level: number;
  because: string;
}

/**
 * Climbs: pages every step that is due, and the next one at once when `atOnce` says why. An empty level
 * brings the next one at once; a level paged early is not paged again at its own time, because `next` has
 * passed it. Ends with the timer of the following step, or with the ladder given up.
 */
export function climb(
  draft: Draft,
  roster: Roster,
  options: { atOnce?: string; except?: string } = {},
): void {
  if (draft.escalation.state !== 'paging') return;
  pageWaiting(draft, roster);
  let because = options.atOnce ?? null;
  const skipped: Skipped[] = [];
  const paged = new Set<string>();
  for (;;) {
    const step = stepAt(draft.escalation, draft.escalation.ladder.next);
    if (!step) {
      if (draft.now >= givesUpAt(draft.escalation)) exhaust(draft);
      break;
    }
    if (!because && step.at > draft.now) break;
    if (because && step.repeat && step.at > draft.now && skipped.length > 0) break;
    draft.set({ ladder: { ...draft.escalation.ladder, next: draft.escalation.ladder.next + 1 } });
    const people = whom(step.page, roster, draft.escalation.policy, draft.now).filter(
      (person) => person.id !== options.except,
    );
    const fresh = people.filter((person) => !paged.has(person.id));
    if (fresh.length > 0) {
      pagePeople(draft, step, fresh, { because, skipped: skipped.splice(0) });
      for (const person of fresh) paged.add(person.id);
      because = null;
    } else if (people.length === 0) {
      skipped.push({ level: step.level, because: 'nobody to page' });
      because ??= `level ${step.level} has nobody to page`;
    } else {
      skipped.push({ level: step.level, because: 'its people were paged this moment' });
    }
  }
  if (paged.size === 0 && because && draft.escalation.state === 'paging') unreachable(draft, roster, skipped);
  setLevelTimer(draft);
}

/** People of the latest step beyond one transaction's room: they follow in the next, at once. */
function pageWaiting(draft: Draft, roster: Roster): void {
  const waiting = draft.escalation.ladder.waiting;
  if (waiting.length === 0) return;
  const people = roster.staff.filter(
    (member): member is Pageable => waiting.includes(member.id) && member.phone !== null && !member.suspended,
  );
  const step = { level: draft.escalation.level, at: draft.now, page: [], repeat: false };
  draft.set({ ladder: { ...draft.escalation.ladder, waiting: [] } });
  if (people.length > 0) pagePeople(draft, step, people, { because: null, skipped: [] });
}

function pagePeople(
  draft: Draft,
  step: Step,
  people: Pageable[],
  why: { because: string | null; skipped: Skipped[] },
): void {
  const now = people.slice(0, peoplePerTransaction);
  const waiting = people.slice(peoplePerTransaction).map((person) => person.id);
  draft.set({
    level: step.level,
    unreachableSince: null,
    ladder: { ...draft.escalation.ladder, waiting: [...draft.escalation.ladder.waiting, ...waiting] },
  });
  const pages = now.map((person) => draft.page(person, step.level));
  draft.event('escalation.paged', system, {
    level: step.level,
    pages: pages.map((page) => ({ id: page.id, to: page.to })),
    because: why.because,
    skipped: why.skipped,
  });
}

/** Managers and admins hear of it at most this often, however often it is tried. */
const unreachableNewsSeconds = 600;

/**
 * Nobody can be paged: managers and admins learn it at once (the requester by the event), and it is tried
 * again each minute from the first level.
 */
export function unreachable(draft: Draft, roster: Roster, skipped: Skipped[]): void {
  draft.set({
    unreachableSince: draft.escalation.unreachableSince ?? draft.now,
    ladder: { ...draft.escalation.ladder, next: 0 },
  });
  const since = addSeconds(draft.now, -unreachableNewsSeconds);
  if (draft.pages.some((page) => page.notice === 'unreachable' && page.queuedAt > since)) return;
  draft.event('escalation.page_failed', system, {
    page: null,
    because: 'Nobody on call can be paged. Trying again each minute.',
    skipped,
    phone: roster.provider.phone,
  });
  const told = whom([{ role: 'manager' }, { role: 'admin' }], roster, draft.escalation.policy, draft.now);
  for (const person of told) {
    const text = `${draft.ticket.number}: nobody on call can be paged. Please find somebody now.`;
    draft.notice('unreachable', person, noticeText(text));
  }
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
  if (ladder.waiting.length > 0 || dueAt < draft.now) dueAt = draft.now;
  draft.timer('level', dueAt);
}

/** Nobody took it in all that time. It can still be taken, and pressed again. */
function exhaust(draft: Draft): void {
  draft.set({ state: 'exhausted' });
  draft.event('escalation.exhausted', system);
  draft.timer('level', null);
}
