import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Page } from '../../../shared/domain/escalation/escalation.ts';
import {
  type Bundle,
  countError,
  goodCommand,
  inOrder,
  mayHaveCodes,
  newPhone,
  nextCodes,
  type Phone,
  type ShownNow,
  wasShown,
} from '../../../shared/domain/phone/phone.ts';
import {
  bundleLost,
  bundleSent,
  looksAround,
  type PhonePage,
  type Turn,
  takeTurn,
} from '../../../shared/domain/phone/turn.ts';
import { addSeconds, type Instant, secondsBetween } from '../../../shared/domain/time.ts';
import { mondayNight, World } from '../escalation/world.ts';

/** One phone and its pages, played second by second, without a database. */
class OnePhone {
  now: Instant = mondayNight;
  phone: Phone = newPhone;
  readonly sent: { at: Instant; text: string | null; page: string; lists: string[] }[] = [];
  /** Whether what is sent is known to be sent. */
  carries = true;
  /** How often all that it was shown had to be read. */
  looks = 0;
  private readonly shown = new Map<string, ShownNow>();
  private readonly bundles = new Map<string, Bundle>();
  private readonly waiting = new Map<string, PhonePage>();
  private readonly limit: number | null;

  constructor(limit: number | null = 3) {
    this.limit = limit;
  }

  arrive(page: PhonePage = aPage()): Turn {
    const { escalation, ticket, partner } = page.home;
    const claimed: PhonePage = {
      ...page,
      state: 'sending',
      claim: { id: 'clm', until: addSeconds(this.now, 20) },
    };
    const shown = this.shown.get(escalation) ?? null;
    const facts = {
      ...{ claimed, phone: this.phone, shown, pagesPerMinute: this.limit, now: this.now },
      from: { state: page.state, attempt: page.attempt, claim: page.claim },
    };
    const looks = looksAround(facts) !== null;
    if (looks) this.looks++;
    const all = looks ? this.all : [];
    const turn = takeTurn({ ...facts, all });
    // As the store does: what only makes sure that the phone has not moved leaves its version as it is.
    if (turn.phone !== this.phone) this.phone = { ...turn.phone, version: this.phone.version + 1 };
    if (turn.bundle) this.bundles.set(turn.bundle.page, turn.bundle);
    if (turn.shown) {
      const stands = { state: 'paging', endedAt: null, follows: null, holder: null } as const;
      const { state, endedAt, follows, holder } = shown ?? stands;
      this.shown.set(escalation, { ...turn.shown, ticket, partner, state, endedAt, follows, holder });
    }
    this.waiting.delete(page.id);
    if (turn.kind === 'wait') this.waiting.set(page.id, turn.page);
    if (turn.kind === 'send') {
      const lists = [escalation, ...(turn.bundle?.escalations ?? [])];
      this.sent.push({ at: this.now, text: turn.page.text, page: page.id, lists });
      if (this.carries) this.phone = bundleSent(this.phone, page.id);
    }
    return turn;
  }

  /** The escalations that somebody with this phone can mean, newest first. */
  get known(): string[] {
    return this.all.filter((each) => wasShown(each, this.now)).map(({ escalation }) => escalation);
  }

  lose(page: PhonePage): void {
    const { phone, bundle } = bundleLost(this.phone, page.id, this.now);
    if (phone !== this.phone) this.phone = { ...phone, version: this.phone.version + 1 };
    this.bundles.set(bundle.page, bundle);
  }

  private get all(): ShownNow[] {
    return inOrder([...this.shown.values()].reverse(), [...this.bundles.values()], this.now);
  }

  take(page: PhonePage): void {
    const shown = this.shown.get(page.home.escalation);
    if (shown) this.shown.set(shown.escalation, { ...shown, state: 'acknowledged' });
    this.waiting.delete(page.id);
  }

  end(page: PhonePage | undefined): void {
    const shown = this.shown.get(page?.home.escalation ?? '');
    if (shown) this.shown.set(shown.escalation, { ...shown, state: 'resolved', endedAt: this.now });
  }

  after(seconds: number): void {
    const end = addSeconds(this.now, seconds);
    for (;;) {
      const next = [...this.waiting.values()].sort((a, b) =>
        (a.held?.until ?? '') < (b.held?.until ?? '') ? -1 : 1,
      )[0];
      if (!next?.held?.until || next.held.until > end) break;
      if (next.held.until > this.now) this.now = next.held.until;
      this.arrive({ ...next, held: { ...next.held, until: null } });
    }
    this.now = end;
  }

  get held(): number {
    return this.waiting.size;
  }
}

let pages = 0;
function aPage(): PhonePage {
  const world = new World(mondayNight);
  world.press();
  const page = world.state.pages.find(({ notice }) => notice === null) as Page;
  const home = { partner: 'par', ticket: 'ND-6PC7-PS91', escalation: `esc_${++pages}_1` };
  return { ...page, phone: '+12025550111', id: `${home.escalation}_1`, home };
}

it('gives the question for a word a code, and lets it out whatever else the phone was sent', () => {
  const phone = new OnePhone();
  for (let n = 0; n < 5; n++) phone.arrive(aPage());
  const before = phone.phone.recent;
  const turn = phone.arrive({ ...aPage(), notice: 'contact' });
  expect(turn).toMatchObject({ kind: 'send', page: { code: expect.any(Number) } });
  expect(phone.phone.recent).toEqual(before);
});

describe('a page’s turn on its phone', () => {
  it('comes at once for three in a minute; the fourth and fifth go out as one when there is room', () => {
    const one = new OnePhone();
    expect([one.arrive(), one.arrive(), one.arrive()].map(({ kind }) => kind)).toEqual([
      'send',
      'send',
      'send',
    ]);
    one.after(10);
    expect([one.arrive(), one.arrive()].map(({ kind }) => kind)).toEqual(['wait', 'wait']);
    one.after(49);
    expect(one.sent).toHaveLength(3);
    one.after(1);
    expect(one.sent).toHaveLength(4);
    expect(one.sent[3]?.text).toBe(
      '5 emergencies open. Latest: ND-6PC7-PS91 OUTAGE, Acme MSP. Reply ALL to take all, ? to list.',
    );
    expect(one.held).toBe(0);
  });

  it('comes alone after waiting when the others were taken meanwhile', () => {
    const one = new OnePhone();
    const first = [aPage(), aPage(), aPage()];
    for (const page of first) one.arrive(page);
    const last = aPage();
    one.arrive(last);
    for (const page of first) one.take(page);
    one.after(60);
    expect(one.sent.at(-1)).toMatchObject({ page: last.id, text: null });
  });

  it('of a new emergency, when there is room for those that wait, is that of them all', () => {
    const one = new OnePhone();
    for (let n = 0; n < 4; n++) one.arrive();
    expect(one.held).toBe(1);
    one.now = addSeconds(one.now, 60);
    const turn = one.arrive();
    expect(turn).toMatchObject({ kind: 'send', page: { code: null }, phone: { bundleAt: null } });
    expect(turn.page.text).toMatch(/^5 emergencies open\./);
    one.after(0);
    expect(one.held).toBe(0);
    expect(one.sent).toHaveLength(4);
  });

  it('alone after the bundle that it led was not sent says its own words', () => {
    const one = new OnePhone();
    const first = [aPage(), aPage(), aPage()];
    for (const page of first) one.arrive(page);
    one.arrive();
    one.now = addSeconds(one.now, 60);
    const led = one.arrive();
    expect(led.page.text).not.toBeNull();
    for (const page of first) one.take(page);
    one.after(120);
    const again = one.arrive({ ...led.page, state: 'queued', attempt: 2, held: null });
    expect(again.page).toMatchObject({ text: null, code: expect.any(Number) });
  });

  it('never waits where there is no limit', () => {
    const one = new OnePhone(null);
    for (let n = 0; n < 50; n++) expect(one.arrive().kind).toBe('send');
  });

  it('uses the code that the phone has for this escalation, and the next in turn for another', () => {
    const one = new OnePhone();
    const page = aPage();
    expect(one.arrive(page).page.code).toBe(1);
    expect(one.arrive(aPage()).page.code).toBe(2);
    expect(one.arrive({ ...page, id: `${page.id}0` }).page.code).toBe(1);
  });

  it('keeps to the limit in every minute, and nobody waits more than a minute, however pages come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 90 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (gaps, limit) => {
          const one = new OnePhone(limit);
          const arrived = new Map<string, Instant>();
          for (const gap of gaps) {
            one.after(gap % 4 === 0 ? 0 : gap);
            const page = aPage();
            arrived.set(page.id, one.now);
            one.arrive(page);
          }
          one.after(61);
          expect(one.held).toBe(0);
          for (const { at } of one.sent) {
            const minute = one.sent.filter((other) => other.at <= at && secondsBetween(other.at, at) < 60);
            expect(minute.length).toBeLessThanOrEqual(limit);
          }
          // Alone or in a bundle: something that lists it went out within a minute.
          for (const at of arrived.values())
            expect(one.sent.some((sent) => sent.at >= at && secondsBetween(at, sent.at) <= 60)).toBe(true);
        },
      ),
    );
  });
});

describe('what a phone was shown', () => {
  const escalations = (pages: PhonePage[]) => pages.map(({ home }) => home.escalation).reverse();

  it('is what was sent to it: what is held only once the bundle went out', () => {
    const one = new OnePhone();
    const pages = Array.from({ length: 6 }, () => aPage());
    for (const page of pages) one.arrive(page);
    expect(one.known).toEqual(escalations(pages.slice(0, 3)));
    one.after(59);
    expect(one.known).toEqual(escalations(pages.slice(0, 3)));
    one.after(1);
    expect(one.known.toSorted()).toEqual(escalations(pages).toSorted());
  });

  it('counts from the sending of the bundle: a reply from before it means nothing of what it lists', () => {
    const row = { escalation: 'held', ticket: 'ND-1', partner: 'par', code: null, givenAt: mondayNight };
    const stands = { state: 'paging', endedAt: null, holder: null, follows: null } as const;
    const bundle = { page: 'lead', at: addSeconds(mondayNight, 60), escalations: ['held'] };
    const [shown] = inOrder(
      [{ ...row, ...stands, held: true as const }],
      [bundle],
      addSeconds(mondayNight, 65),
    );
    expect(shown && [59, 60].map((after) => wasShown(shown, addSeconds(mondayNight, after)))).toEqual([
      false,
      true,
    ]);
  });

  it('is nothing that was taken by somebody else while it was held, whatever bundles go out later', () => {
    const one = new OnePhone();
    const pages = Array.from({ length: 5 }, () => aPage());
    for (const page of pages) one.arrive(page);
    one.take(pages[4]!);
    one.after(61);
    expect(one.known).not.toContain(pages[4]!.home.escalation);
  });

  it('stays what it was when it is taken by ALL before the others have had their turn', () => {
    const one = new OnePhone();
    one.carries = false;
    const pages = Array.from({ length: 5 }, () => aPage());
    for (const page of pages) one.arrive(page);
    one.after(60);
    for (const page of pages) one.take(page);
    one.after(3600);
    expect(one.known.toSorted()).toEqual(escalations(pages).toSorted());
  });

  it('is nothing that only a bundle would have shown that never went out', () => {
    const one = new OnePhone();
    one.carries = false;
    const pages = Array.from({ length: 5 }, () => aPage());
    for (const page of pages) one.arrive(page);
    one.after(60);
    one.lose(pages[3]!);
    expect(one.known).not.toContain(pages[4]!.home.escalation);
    one.carries = true;
    one.after(61);
    expect(one.known).toContain(pages[4]!.home.escalation);
  });

  it('is also what was held while the bundle was being claimed, which did not list it: from its own turn on', () => {
    const claimed = { ...aPage(), held: { at: mondayNight, until: null, version: 4 } };
    const bundled = { page: 'lead', at: mondayNight, version: 4 };
    const { escalation, ticket, partner } = claimed.home;
    const shown = { escalation, ticket, partner, code: null, givenAt: mondayNight, held: true as const };
    const from = { state: 'queued', attempt: 1, claim: null } as const;
    const phone = { ...newPhone, version: 5, bundled };
    const turn = takeTurn({ claimed, from, phone, shown, all: [], pagesPerMinute: 3, now: mondayNight });
    expect(turn.page).toMatchObject({ state: 'sent', wentWith: 'lead' });
    expect(turn.shown).toEqual({ escalation, ticket, partner, code: null, givenAt: mondayNight });
  });

  it('before the clock was put back is the oldest, and may still be answered', () => {
    const one = new OnePhone(null);
    const [before, after] = [aPage(), aPage()];
    one.arrive(before);
    one.now = addSeconds(one.now, -180 * 24 * 3600);
    one.arrive(after);
    expect(one.known).toEqual(escalations([before, after]));
  });
});

it('a clock put back or forwards loses no emergency that is pressed afterwards', () => {
  const jump = fc.oneof(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -2e7, max: 2e7 }));
  const presses = fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(
      fc.array(fc.record({ jump, presses, late: fc.nat({ max: 7 }), carries: fc.boolean() }), {
        minLength: 1,
        maxLength: 6,
      }),
      (moves) => {
        const one = new OnePhone();
        for (const { jump, presses, late, carries } of moves) {
          one.now = addSeconds(one.now, jump);
          one.carries = carries;
          const pressed = presses.map((gap) => {
            one.after(gap);
            const page = aPage();
            one.arrive(page);
            return page;
          });
          // A bundle whose fate nobody learned holds the others up for its 20 s; then they go out themselves.
          one.after(carries ? 60 : 85);
          const sent = one.sent.flatMap(({ lists }) => lists);
          for (const { home } of pressed) {
            expect(sent).toContain(home.escalation);
            expect(one.known).toContain(home.escalation);
          }
          // Held when the clock is moved.
          for (let n = 0; n < late; n++) one.arrive();
        }
      },
    ),
    { numRuns: 60 },
  );
});

describe('reply codes', () => {
  const shown = (code: number, change: Partial<ShownNow>): ShownNow => ({
    ...{ escalation: `esc_${code}`, ticket: 'ND-1', partner: 'par', code, givenAt: mondayNight },
    ...{ state: 'resolved', endedAt: mondayNight, holder: null, follows: null, ...change },
  });
  const hour = 3600;

  it('go in turn from 1 to 99', () => {
    expect(newPhone.codes).toEqual(nextCodes([], mondayNight).codes);
    const one = new OnePhone(null);
    for (let code = 1; code <= 99; code++) expect(one.arrive().page.code).toBe(code);
  });

  it('go round with the one that was given longest ago, none of a running emergency among them', () => {
    const one = new OnePhone(null);
    const pages = Array.from({ length: 99 }, () => aPage());
    for (const page of pages) one.arrive(page);
    one.end(pages[0]);
    one.end(pages[2]);
    one.after(13 * hour);
    expect([one.arrive().page.code, one.arrive().page.code]).toEqual([1, 3]);
  });

  it('rest 12 hours', () => {
    const lately = [shown(3, {}), shown(2, { state: 'acknowledged', endedAt: null }), shown(1, {})];
    expect(nextCodes(lately, addSeconds(mondayNight, 11 * hour)).codes.slice(-2)).toEqual([98, 99]);
    expect(nextCodes(lately, addSeconds(mondayNight, 12 * hour)).codes.slice(-2)).toEqual([1, 3]);
  });

  it('are given again when all 99 are in use, first those that rest', () => {
    const all = Array.from({ length: 99 }, (_, n) => shown(99 - n, { state: 'paging', endedAt: null }));
    expect(nextCodes(all, mondayNight)).toEqual({ codes: newPhone.codes, shared: true });
    const resting = all.map((each) => (each.code === 7 ? shown(7, {}) : each));
    expect(nextCodes(resting, mondayNight).codes.slice(0, 3)).toEqual([7, 1, 2]);
  });

  it('need a look at all that runs once in 99 pages, also when none is free', () => {
    const one = new OnePhone(null);
    for (let page = 0; page < 5 * 99; page++) one.arrive();
    expect(one.looks).toBe(4);
  });

  it('are not free as long as anything that was given them runs, whatever has ended since', () => {
    const one = new OnePhone(null);
    const pages = Array.from({ length: 99 }, () => aPage());
    for (const page of pages) one.arrive(page);
    const later = aPage();
    expect(one.arrive(later).page.code).toBe(1);
    one.end(later);
    one.end(pages[1]);
    one.after(13 * hour);
    expect([one.arrive().page.code, one.arrive().page.code]).toEqual([2, 3]);
  });

  it('are looked for among what may still have them: no further back than to what had a code alone', () => {
    const rows = [
      shown(1, { escalation: 'c', shared: true }),
      shown(1, { escalation: 'b' }),
      shown(1, { escalation: 'a' }),
      shown(2, { escalation: 'd' }),
    ];
    const { latest, sharers } = mayHaveCodes(rows);
    expect(latest.map(({ escalation }) => escalation)).toEqual(['c', 'd']);
    expect(sharers.map(({ escalation }) => escalation)).toEqual(['b']);
  });
});

it('answers five replies that made no sense, and five more after a good command', () => {
  let phone = newPhone;
  const answer = () => {
    const counted = countError(phone);
    phone = counted.phone;
    return counted.answer;
  };
  expect(Array.from({ length: 7 }, answer)).toEqual([true, true, true, true, true, false, false]);
  phone = goodCommand(phone);
  expect(answer()).toBe(true);
});
