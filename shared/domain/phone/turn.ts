import type { PageChange } from '../decision.ts';
import type { Page } from '../escalation/escalation.ts';
import { sendByKey } from '../escalation/results.ts';
import { bundleText } from '../escalation/text.ts';
import { addSeconds, earlier, type Instant, isAhead, millisOf } from '../time.ts';
import type { TimerChange } from '../timer.ts';
import { type Bundle, isUntaken, nextCodes, type Phone, type Shown, type ShownNow } from './phone.ts';

/** A page to somebody's phone, for an escalation. */
export type PhonePage = Page & { phone: string; home: NonNullable<Page['home']> };

/** Whether the message of a page that was claimed is for others as well: the words of one page have its code, those for several none. */
export const isBundle = (page: Page): page is PhonePage =>
  page.phone !== null && page.home !== null && page.notice === null && page.code === null;

export interface TurnFacts {
  /** Claimed, as far as the page itself goes (see claimPage). */
  claimed: PhonePage;
  from: Extract<PageChange, { change: Page }>['from'];
  phone: Phone;
  /** What the phone was shown of this page's escalation; null if nothing. */
  shown: Shown | null;
  /** All that it was shown, newest first; asked for only where `looksAround` says so. */
  all: readonly ShownNow[];
  /** Pages a minute that go out alone; null: no limit. */
  pagesPerMinute: number | null;
  now: Instant;
}

/** What is committed together when a page has had its turn. */
export interface Turn {
  /** `send`: claimed, goes out now. `wait`: held. `with_bundle`: the phone was sent it with others already. */
  kind: 'send' | 'wait' | 'with_bundle';
  page: PhonePage;
  from: TurnFacts['from'];
  timers: TimerChange[];
  phone: Phone;
  shown: Shown | null;
  /** What goes out with it is shown by it. */
  bundle: Bundle | null;
}

/** What this turn has to know of what the phone was shown: all of it to count a bundle, what may have a code to find free ones. */
export function looksAround({ claimed, phone, shown }: Omit<TurnFacts, 'all'>): 'all' | 'codes' | null {
  if (othersWait(claimed, phone)) return 'all';
  return (shown?.code ?? null) === null && phone.codes.length === 0 ? 'codes' : null;
}

/** Pages are held for this phone: who goes out next goes out for all. */
const othersWait = (claimed: Page, phone: Phone) => claimed.held !== null || phone.bundleAt !== null;

/**
 * A page's turn on its phone. With room in the last minute it goes out at once. Else it is held, at most 60 s,
 * until there is room again; then one message goes out for all that is open on that phone, and the others that were held
 * went with it, as the versions of the phone say. Nothing of this touches the escalation: a page that is held can still be
 * voided. Instants that lie in the future were written before the clock was put back, and hold nothing up.
 */
export function takeTurn(facts: TurnFacts): Turn {
  const { claimed, phone, now } = facts;
  const { held } = claimed;
  // The question for a word is no page: it only needs a code to be answered with.
  if (claimed.notice !== null) return alone(facts, phone.recent);
  if (held && phone.bundled && phone.bundled.version >= held.version) return wentWith(facts, phone.bundled);
  if (held && isOnItsWay(phone.bundling, now) && phone.bundling.page !== claimed.id)
    return hold(facts, phone.bundling.until);
  const recent = phone.recent.filter((at) => addSeconds(at, 60) > now && at <= now);
  const { pagesPerMinute: most } = facts;
  const roomAt =
    most === null || recent.length < most ? null : addSeconds(recent[recent.length - most] ?? now, 60);
  if (roomAt !== null) return hold(facts, roomAt);
  const sending = most === null ? [] : [...recent, now];
  if (othersWait(claimed, phone)) {
    const others = facts.all.filter((each) => isUntaken(each) && each.escalation !== claimed.home.escalation);
    if (others.length > 0) return bundle(facts, others, sending);
    return alone({ ...facts, phone: { ...phone, bundleAt: null } }, sending);
  }
  return alone(facts, sending);
}

function alone(facts: TurnFacts, recent: Instant[]): Turn {
  const { claimed, from, phone, now } = facts;
  const known = facts.shown?.code ?? null;
  const { codes, shared } = phone.codes.length > 0 || known !== null ? phone : nextCodes(facts.all, now);
  const [first = null, ...rest] = codes;
  const code = known ?? first;
  const given: Shown = { ...shownBy(claimed, now), code, ...(shared && { shared }) };
  return {
    kind: 'send',
    page: { ...claimed, code, text: null },
    from,
    timers: [],
    phone: { ...phone, codes: known === null ? rest : codes, shared, recent },
    shown: known === null ? given : null,
    bundle: null,
  };
}

function bundle(facts: TurnFacts, others: ShownNow[], recent: Instant[]): Turn {
  const { claimed, from, phone, now } = facts;
  const until = claimed.claim?.until ?? now;
  const bundling = { page: claimed.id, at: now, until, version: phone.version };
  const held = others.filter((each) => each.held).map(({ escalation }) => escalation);
  return {
    kind: 'send',
    page: { ...claimed, code: null, text: bundleText(others.length + 1, claimed.words) },
    from,
    timers: [],
    phone: { ...phone, recent, bundleAt: null, bundling },
    shown: facts.shown === null || facts.shown.held ? shownBy(claimed, now) : null,
    bundle: { page: claimed.id, at: now, escalations: held },
  };
}

function hold(facts: TurnFacts, roomAt: Instant): Turn {
  const { claimed, from, phone, now } = facts;
  const until = phone.bundleAt !== null && phone.bundleAt > now ? earlier(phone.bundleAt, roomAt) : roomAt;
  const held = claimed.held ? { ...claimed.held, until } : { at: now, until, version: phone.version };
  return {
    kind: 'wait',
    page: { ...claimed, state: 'queued', claim: null, held },
    from,
    timers: [{ set: { ...sendByKey(claimed, claimed.home), dueAt: until, generation: millisOf(now) } }],
    phone: phone.bundleAt === until ? phone : { ...phone, bundleAt: until },
    shown: facts.shown === null ? { ...shownBy(claimed, now), held: true } : null,
    bundle: null,
  };
}

function wentWith({ claimed, from, phone, shown, now }: TurnFacts, by: { page: string; at: Instant }): Turn {
  return {
    kind: 'with_bundle',
    page: { ...claimed, state: 'sent', claim: null, at: now, wentWith: by.page },
    from,
    timers: [{ clear: sendByKey(claimed, claimed.home) }],
    phone,
    shown: shown?.held ? shownBy(claimed, by.at) : null,
    bundle: null,
  };
}

const isOnItsWay = (bundling: Phone['bundling'], now: Instant): bundling is NonNullable<Phone['bundling']> =>
  bundling !== null && !isAhead(bundling.at, now) && now < bundling.until;

/** The bundle was sent: what was held before it began went with it. */
export function bundleSent(phone: Phone, page: string): Phone {
  if (phone.bundling?.page !== page) return phone;
  const { at, version } = phone.bundling;
  return { ...phone, bundling: null, bundled: { page, at, version } };
}

/** The bundle never went out, or never arrived: whoever is still held did not go with it, and it has shown nothing. */
export function bundleLost(phone: Phone, page: string, now: Instant): { phone: Phone; bundle: Bundle } {
  const isIt = (bundle: Phone['bundled']) => bundle?.page === page;
  const was = isIt(phone.bundling) || isIt(phone.bundled);
  const without = {
    ...phone,
    bundling: isIt(phone.bundling) ? null : phone.bundling,
    bundled: isIt(phone.bundled) ? null : phone.bundled,
  };
  return { phone: was ? without : phone, bundle: { page, at: now, escalations: [] } };
}

function shownBy({ home }: PhonePage, now: Instant): Shown {
  const { escalation, ticket, partner } = home;
  return { escalation, ticket, partner, code: null, givenAt: now };
}
