import { type Case, type Decision, nothingToDo, type PageChange } from '../decision.ts';
import type { Roster } from '../directory.ts';
import { system } from '../event.ts';
import { addSeconds, type Instant } from '../time.ts';
import type { TimerChange } from '../timer.ts';
import { startAfresh } from './contact.ts';
import { Draft, sendBySeconds } from './draft.ts';
import type { Page } from './escalation.ts';
import { levelsOf, stepAt } from './ladder.ts';
import { climb, setLevelTimer, unreachable } from './paging.ts';
import { whom } from './whom.ts';

type Change = Extract<PageChange, { change: Page }>;

export type Claim =
  | { kind: 'claim'; page: Page; from: Change['from'] }
  /** `later`: another worker holds the claim and nothing else guards this message, so look again. */
  | { kind: 'skip'; because: string; later: boolean };

/** A notice's lease ends before its message is shown again (20 s), and outlives its function (10 s). */
const noticeLeaseSeconds = 15;

/**
 * The one sender of a page. A page is claimed from `queued` alone: what became of a claim that ran out is its
 * `send_by` timer's to decide. A notice has no timer, so it is claimed again after its lease: between a
 * duplicate and a lost one, the duplicate.
 */
export function claimPage(page: Page, by: { now: Instant; claimId: string }): Claim {
  if (page.state === 'sending' && page.claim && page.claim.until > by.now) {
    return { kind: 'skip', because: 'another worker is sending it', later: page.notice !== null };
  }
  if (page.state !== 'queued' && !(page.state === 'sending' && page.notice !== null)) {
    return { kind: 'skip', because: `it is ${page.state}`, later: false };
  }
  const lease = page.notice === null ? sendBySeconds : noticeLeaseSeconds;
  const claim = { id: by.claimId, until: addSeconds(by.now, lease) };
  return {
    kind: 'claim',
    page: { ...page, state: 'sending', claim, at: by.now },
    from: { state: page.state, attempt: page.attempt, claim: page.claim },
  };
}

/** SNS has accepted it. Its timer has nothing left to guard. */
export function pageSent(
  claimed: Page,
  by: { now: Instant; messageId: string },
): { page: Page; from: Change['from']; timers: TimerChange[] } {
  const { state, attempt, claim } = claimed;
  return {
    page: { ...claimed, state: 'sent', claim: null, messageId: by.messageId, at: by.now },
    from: { state, attempt, claim },
    timers: claimed.notice === null && claimed.home ? [{ clear: sendByKey(claimed, claimed.home) }] : [],
  };
}

/** The timer that sees to it that a page is on its way, or held no longer than it should be. */
export function sendByKey(page: Page, home: NonNullable<Page['home']>) {
  return { home: { partner: home.partner, ticket: home.ticket }, subject: page.id, kind: 'send_by' as const };
}

/** What sending taught: opted out, a bad number, a spend limit, a time-out. */
export function pageFailed(
  state: Case,
  command: { pageId: string; failure: string; roster: Roster; now: Instant },
): Decision {
  const page = state.pages.find((candidate) => candidate.id === command.pageId);
  if (!state.escalation || !page || page.state === 'failed' || page.state === 'void')
    return nothingToDo(state);
  const draft = new Draft(state, state.escalation, command.now);
  fail(draft, page, command.failure, command.roster);
  return draft.done();
}

/** One message went out for several pages, and never arrived: those of this case that went with it failed too. */
export function bundleFailed(
  state: Case,
  command: { bundle: string; failure: string; roster: Roster; now: Instant },
): Decision {
  const went = state.pages.find((page) => page.wentWith === command.bundle && page.state === 'sent');
  return went ? pageFailed(state, { ...command, pageId: went.id }) : nothingToDo(state);
}

/**
 * 20 s after a page was queued: still not sent? The first firing queues it again (a claim whose worker died
 * included), and the timeline says so, since a second SMS may come of it; the second fails it. A page that its phone
 * had no room for is queued again when that time is over. A claim that is still held is given until its lease ends.
 * Once somebody has taken it, or it is over, nothing is sent any more: the stand-down went to whoever may have had it.
 */
export function sendByDue(state: Case, command: { pageId: string; roster: Roster; now: Instant }): Decision {
  const page = state.pages.find((candidate) => candidate.id === command.pageId);
  if (!state.escalation || !page || (page.state !== 'queued' && page.state !== 'sending'))
    return nothingToDo(state);
  const draft = new Draft(state, state.escalation, command.now);
  if (page.claim && page.claim.until > command.now) {
    draft.timer('send_by', page.claim.until, page.id);
  } else if (state.escalation.state !== 'paging' && state.escalation.state !== 'exhausted') {
    draft.change(page, { state: 'void', claim: null });
    draft.timer('send_by', null, page.id);
  } else if (page.held?.until) {
    const over = page.held.until <= command.now;
    if (over) draft.change(page, { held: { ...page.held, until: null } });
    draft.timer('send_by', over ? addSeconds(command.now, sendBySeconds) : page.held.until, page.id);
  } else if (page.attempt === 1) {
    draft.event('escalation.page_retried', system, {
      page: dataOf(page),
      because: page.state === 'sending' ? 'whether it was sent is not known' : 'it was not sent in time',
    });
    draft.change(page, { state: 'queued', attempt: 2, claim: null });
    draft.timer('send_by', addSeconds(command.now, sendBySeconds), page.id);
  } else {
    fail(draft, page, 'it could not be sent in time', command.roster);
  }
  return draft.done();
}

/**
 * A failed page of the latest level brings the next level at once; when all of the last level failed, everyone, if
 * that is anybody else, whose own time still comes. A question for a word that did not reach its
 * holder starts the ladder afresh; any other failed notice brings nothing.
 */
function fail(draft: Draft, page: Page, failure: string, roster: Roster): void {
  const latest = latestPaging(draft);
  const failed = draft.change(page, { state: 'failed', claim: null, failure });
  if (page.notice === null) draft.timer('send_by', null, page.id);
  if (page.notice !== null && page.notice !== 'desk_alert' && page.notice !== 'contact') return;
  draft.event('escalation.page_failed', system, {
    page: dataOf(failed),
    because: failure,
  });
  if (page.notice === 'contact') {
    const { state, contact } = draft.escalation;
    if (state === 'acknowledged' && contact?.asked?.at === page.queuedAt) startAfresh(draft, roster);
    return;
  }
  if (draft.escalation.state !== 'paging' || draft.silent) return;
  const who = `paging ${failed.to.name} failed`;
  if (page.notice === 'desk_alert') {
    if (draft.escalation.level === 0) climb(draft, roster, { atOnce: who });
    return;
  }
  if (page.queuedAt !== latest || latest < draft.escalation.ladder.begun) return;
  if (draft.escalation.ladder.next < levelsOf(draft.escalation).length) {
    climb(draft, roster, { atOnce: who });
    return;
  }
  const paged = draft.pages.filter(({ notice, queuedAt }) => notice === null && queuedAt === latest);
  if (paged.some(({ state }) => state !== 'failed')) return;
  const passedOver = [{ level: page.level, because: who }];
  const { escalation } = draft;
  const everyone = whom(
    stepAt(escalation, escalation.ladder.next)?.page ?? [],
    roster,
    escalation.policy,
    draft.now,
  );
  if (everyone.some(({ id }) => !paged.some(({ to }) => to.id === id))) {
    climb(draft, roster, { atOnce: who, passedOver });
  } else {
    unreachable(draft, roster, passedOver);
    setLevelTimer(draft);
  }
}

const dataOf = ({ id, to, level }: Page) => ({ id, to, level });

/** When the latest level's people were paged: several levels paged in one decision count as one. */
function latestPaging({ pages }: Draft): Instant | null {
  return pages.findLast((page) => page.notice === null)?.queuedAt ?? null;
}
