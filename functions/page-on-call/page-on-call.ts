import { setTimeout as sleepFor } from 'node:timers/promises';
import { linkPath } from '../../shared/contract/console.ts';
import type { Page } from '../../shared/domain/escalation/escalation.ts';
import {
  claimPage,
  isPage,
  linkFor,
  pageFailed,
  pageSent,
  wordsOf,
} from '../../shared/domain/escalation/index.ts';
import {
  bundleLost,
  bundleSent,
  isBundle,
  looksAround,
  type PhonePage,
  type Turn,
  takeTurn,
} from '../../shared/domain/phone/turn.ts';
import { failureFact } from '../../shared/domain/reach/reach.ts';
import { asleep } from '../../shared/domain/reports/measures.ts';
import { addSeconds, type Instant, secondsBetween } from '../../shared/domain/time.ts';
import type { Carrier, SendResult } from '../../shared/effects/carrier.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import { type PageMessage, pageMessage } from '../../shared/effects/messages.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { metrics, queueFunction } from '../../shared/runtime/handler.ts';
import { makeLinkToken } from '../../shared/runtime/link-token.ts';
import { type LogFields, log } from '../../shared/runtime/logging.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import type { Store } from '../../shared/store/store.ts';
import type { PhoneChange } from '../../shared/store/types/phones.ts';
import { untilNoConflict } from '../../shared/store/until-no-conflict.ts';
import { optOuts } from './opt-outs.ts';

export interface PageOnCallDependencies {
  store: Store;
  carrier: Carrier;
  clock: Clock;
  random: Random;
  /** Where links in pages lead; without one, pages carry none. */
  linkUrl?: string | null;
  sleep?: (milliseconds: number) => Promise<unknown>;
}

/** The page's phone, and what that was shown of its escalation. */
type ItsPhone = Awaited<ReturnType<Store['phones']['read']>>;

/** A page that this function alone may send now. */
interface Claimed {
  page: Page;
  link: string | null;
  isOptedOut: Promise<boolean>;
}

/** No new try of a throttled message is begun after this: claim, last try and result fit the function's 10 s. */
const tryForSeconds = 4;
const firstWait = 200;

/**
 * Sends one page or notice: claim, send, tell the store what became of it.
 *
 * Somebody is paged within 60 s, and one failure makes at most one duplicate, because each step can fail in
 * one way only:
 * - Claiming is a conditional write, so of several messages, workers and the `send_by` timer exactly one
 *   sends at a time; and acknowledging voids a page that is not claimed yet.
 * - Refused by SNS (bad number, opted out): certainly not sent. The page fails here and now, and that
 *   brings the next level.
 * - Throttled, or SNS not reached: certainly not sent, so it is tried again here for 4 s without any risk of
 *   a duplicate.
 * - No answer in 3 s, or a server's error: it may have been sent. It is NOT tried again here, nor is the
 *   message shown again: the page stays claimed and its `send_by` timer, at the end of the 20 s lease, queues
 *   it once more. So does the timer for a worker that died between claim and result. That second sending is
 *   the one possible duplicate; if it too is not known to be sent, the timer fails the page at about 40 s and
 *   the next level is paged at once.
 * - A failure before the claim leaves the page queued: the message is shown again after 20 s, and the timer
 *   queues it at 20 s; whichever comes first claims, the other skips.
 * - Sent, but the result not written: as for a worker that died.
 * Notices have no timer, so their message itself is shown again until they are sent.
 */
export function makeHandler({
  store,
  carrier,
  clock,
  random,
  linkUrl = null,
  sleep = sleepFor,
}: PageOnCallDependencies) {
  const optedOut = optOuts(carrier, clock);
  const insisting = <T>(work: () => Promise<T>) => untilNoConflict(random, work, sleep);

  return queueFunction(pageMessage, async (message) => {
    const claimed = await claim(message);
    if (!claimed) return;
    const result = await send(claimed);
    await tell(claimed.page, result);
  });

  function claim(message: PageMessage): Promise<Claimed | null> {
    return insisting(async () => {
      const { page, itsPhone } = await read(message);
      if (!page) throw new Error('The page of this message is not there.');
      return take(page, itsPhone);
    });
  }

  async function read({
    home,
    id,
    phoneHash,
  }: PageMessage): Promise<{ page: Page | null; itsPhone?: ItsPhone }> {
    if (!home || !phoneHash) return { page: await store.pages.read(home, id) };
    const { page, ...itsPhone } = await store.phones.withPage({ id, home, phoneHash });
    return { page, itsPhone };
  }

  async function take(page: Page, itsPhone?: ItsPhone): Promise<Claimed | null> {
    const now = clock.now();
    const claim = claimPage(page, { now, claimId: random.id('clm') });
    if (claim.kind === 'skip') {
      if (claim.later) throw new Error(`Not sent now: ${claim.because}.`);
      log.info('A page was skipped.', { ...fieldsOf(page), because: claim.because });
      return null;
    }
    const asked = page.phone === null ? Promise.resolve(false) : optedOut(page.phone);
    if (!isPhonePage(claim.page)) {
      await store.pages.commit({ page: claim.page, from: claim.from, timers: [] }, now);
      return { page: claim.page, link: null, isOptedOut: asked };
    }
    const { turn, link } = await turnOf(claim.page, claim.from, now, itsPhone);
    if (turn.kind === 'send') return { page: turn.page, link, isOptedOut: asked };
    const until = turn.page.held?.until;
    log.info('A page does not go out by itself.', { ...fieldsOf(page), turn: turn.kind, until });
    // What would never arrive need not wait for its turn: it fails now, and brings the next level.
    if (turn.kind === 'wait' && (await asked)) await refused(turn.page, 'opted out');
    return null;
  }

  /** Its turn on its phone, committed with the claim: no two pages have the same turn. */
  async function turnOf(
    claimed: PhonePage,
    from: Turn['from'],
    now: Instant,
    itsPhone?: ItsPhone,
  ): Promise<{ turn: Turn; link: string | null }> {
    const [{ phone, shown }, provider] = await Promise.all([
      itsPhone ?? store.phones.read(claimed.phone, claimed.home.escalation),
      store.directory.provider(),
    ]);
    const pagesPerMinute = provider?.pagesPerMinute ?? null;
    const facts = { claimed, from, phone, shown, pagesPerMinute, now };
    const which = looksAround(facts);
    const all = which ? await store.phones.shown(claimed.phone, which) : [];
    const turn = takeTurn({ ...facts, all });
    const { page, timers, bundle } = turn;
    const change = { phone: claimed.phone, before: phone, after: turn.phone, shown: turn.shown, bundle };
    const to = turn.kind === 'send' && linkUrl !== null ? linkFor(page, now) : null;
    // A new one for each sending: of the one before only the hash is kept.
    const link = to && { token: makeLinkToken(random), to };
    await store.pages.commit({ page, from, timers, phone: change, link }, now);
    return { turn, link: link && linkUrl + linkPath(link.token) };
  }

  async function send({ page, link, isOptedOut }: Claimed): Promise<SendResult> {
    if (await isOptedOut) return { sent: false, why: 'refused', failure: 'opted out' };
    const lastTryBefore = addSeconds(clock.now(), tryForSeconds);
    for (let wait = firstWait; ; wait *= 2) {
      const words = wordsOf(page, link);
      const result =
        page.phone === null ? await carrier.alertDesk(words) : await carrier.text(page.phone, words);
      if (result.sent || result.why !== 'not_taken' || addSeconds(clock.now(), wait / 1000) > lastTryBefore)
        return result;
      log.warn('SNS did not take a page; trying again.', { ...fieldsOf(page), because: result.failure });
      await sleep(wait * (0.5 + random.fraction() / 2));
    }
  }

  async function tell(page: Page, result: SendResult): Promise<void> {
    if (result.sent) return tellSent(page, result.messageId);
    log.error('A page was not sent.', { ...fieldsOf(page), why: result.why, because: result.failure });
    if (isPage(page)) metrics.addMetric('PagesNotSent', 'Count', 1);
    if (result.why === 'refused') return refused(page, result.failure);
    if (page.notice !== null) throw new Error(`Whether a notice was sent is not known: ${result.failure}.`);
  }

  async function refused(page: Page, failure: string): Promise<void> {
    await tellFailed(page, failure);
    if (isBundle(page) && page.claim) await insisting(() => bundleRefused(page));
    const learned = failureFact(page, failure);
    if (learned) await store.reach.learn(learned.phone, learned.fact, clock.now());
  }

  async function tellSent(page: Page, messageId: string): Promise<void> {
    const now = clock.now();
    const sent = pageSent(page, { now, messageId });
    const written = await insisting(async () => {
      try {
        await store.pages.commit({ ...sent, ...(await bundleOf(page)) }, now);
        return true;
      } catch (error) {
        if (error instanceof Conflict && !(await isStillOurs(page))) return false;
        throw error;
      }
    });
    if (!written) log.warn('A page was sent, but has moved on since.', fieldsOf(page));
    else
      log.info('A page was sent.', { ...fieldsOf(page), afterSeconds: secondsBetween(page.queuedAt, now) });
    if (isPage(page)) metrics.addMetric('PageSeconds', 'Seconds', secondsBetween(page.queuedAt, now));
    if (page.zone && asleep(now, page.zone)) metrics.addMetric('SleepInterrupted', 'Count', 1);
  }

  async function isStillOurs(page: Page): Promise<boolean> {
    const current = await store.pages.read(page.home, page.id);
    return current?.claim?.id === page.claim?.id;
  }

  /** If the page went out for others as well, its phone knows that they went with it. */
  async function bundleOf(page: Page): Promise<{ phone?: PhoneChange }> {
    if (!isBundle(page)) return {};
    const { phone } = await store.phones.read(page.phone);
    const after = bundleSent(phone, page.id);
    return after === phone ? {} : { phone: { phone: page.phone, before: phone, after, shown: null } };
  }

  /** It certainly showed nothing of what waits for it. */
  async function bundleRefused({ id, phone: of }: PhonePage): Promise<void> {
    const now = clock.now();
    const { phone: before } = await store.phones.read(of);
    const { phone: after, bundle } = bundleLost(before, id, now);
    await store.phones.put({ phone: of, before, after, shown: null, bundle }, now);
  }

  async function tellFailed(page: Page, failure: string): Promise<void> {
    const { home } = page;
    // An answer to a question about no ticket: nobody waits for it.
    if (!home) return;
    const address = { partner: home.partner, number: home.ticket };
    await commandCase({ store, clock, random }, address, ({ state, roster }, now) =>
      pageFailed(state, { pageId: page.id, failure, roster, now }),
    );
  }
}

const isPhonePage = (page: Page): page is PhonePage =>
  isPage(page) && page.phone !== null && page.home !== null;

function fieldsOf({ home, id, level, notice, attempt }: Page): LogFields {
  return { ticket: home?.ticket, partner: home?.partner, page: id, pageLevel: level, notice, attempt };
}
