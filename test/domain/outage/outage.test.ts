import { describe, expect, it } from 'vitest';
import { openState } from '../../../shared/domain/calendar/state.ts';
import type { Roster } from '../../../shared/domain/directory.ts';
import {
  acknowledge,
  actorOf,
  type ByStaff,
  pass,
  resolveEscalation,
} from '../../../shared/domain/escalation/index.ts';
import { type NewEvent, system } from '../../../shared/domain/event.ts';
import { eventText } from '../../../shared/domain/event-text.ts';
import { follow } from '../../../shared/domain/outage/follow.ts';
import { measuresOf } from '../../../shared/domain/reports/measures.ts';
import { outcomeOf } from '../../../shared/domain/reports/promises.ts';
import { nextStep } from '../../../shared/domain/ticket/next-step.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { bySms, mondayMorning, mondayNight, roster } from '../escalation/world.ts';
import { Many } from './many.ts';

const state = (world: Many, n: number) => world.cases[n]?.escalation?.state;
const follows = (world: Many, n: number) => world.cases[n]?.escalation?.outage?.follows ?? false;

/** Three partners on one service and reason, a minute apart: one outage, led by the first. */
function outage(start = mondayNight, count = 3): Many {
  const world = new Many(start);
  for (let n = 0; n < count; n++) {
    world.escalate();
    world.after(60);
  }
  return world;
}

describe('three on one service and reason within 15 minutes', () => {
  it('are one outage: the first pages, the second stops, the third never pages', () => {
    const world = outage();
    world.after(600);
    expect(world.paged(0).length).toBeGreaterThan(1);
    expect(world.paged(1)).toEqual(['dana']);
    expect(world.paged(2)).toEqual([]);
    expect([0, 1, 2].map((n) => follows(world, n))).toEqual([false, true, true]);
    for (const n of [1, 2]) expect(world.types(n)).toContain('escalation.followed');
    expect(world.nights).toBe(2);
  });

  it('each keep their own promise and clock', () => {
    const world = outage();
    const dues = world.cases.map(({ escalation }) => escalation?.promise.dueAt);
    expect(new Set(dues).size).toBe(3);
    world.after(1800);
    expect(world.cases.map(({ escalation }) => escalation?.promise.brokenAt)).toEqual(dues);
    const told = world.cases.map(
      (each) => each.pages.filter((page) => page.notice === 'promise_broken').length,
    );
    expect(told).toEqual([1, 0, 0]);
  });

  it.each([
    ['another service', { reason: 'mail_not_delivered' as const }, 'web'],
    ['another reason', { reason: 'blocked' as const }, 'mail'],
    ['no service', { reason: 'mail_not_delivered' as const }, null],
  ])('but not with %s', (_name, change, service) => {
    const world = outage(mondayNight, 2);
    const n = world.escalate(change, service);
    expect(world.paged(n)).toEqual(['dana']);
    expect(follows(world, n)).toBe(false);
  });

  it('nor for the reason other, however many', () => {
    const world = new Many(mondayNight);
    for (let n = 0; n < 5; n++) world.escalate({ reason: 'other', detail: 'strange' });
    expect(world.cases.every((_, n) => world.paged(n).length === 1)).toBe(true);
  });

  it('nor over more than 15 minutes', () => {
    const world = new Many(mondayNight);
    world.escalate();
    world.after(600);
    world.escalate();
    world.after(301);
    expect(world.paged(world.escalate())).toEqual(['dana']);
    world.after(500);
    expect(follows(world, world.escalate())).toBe(true);
  });

  it('nor three presses on one ticket', () => {
    const world = new Many(mondayNight);
    const n = world.escalate();
    for (let again = 0; again < 3; again++) {
      world.cancel(n);
      world.press(n);
    }
    expect(follows(world, n)).toBe(false);
    expect(follows(world, world.escalate())).toBe(false);
  });

  it('leave out who has ended: the oldest active one leads', () => {
    const world = outage(mondayNight, 2);
    world.cancel(0);
    const third = world.escalate();
    expect(follows(world, third)).toBe(true);
    world.after(1);
    expect(world.state(1).outage?.group.lead?.escalation).toBe(world.cases[1]?.escalation?.id);
    world.cancel(1);
    world.deliver();
    expect(world.paged(third)).toEqual(['dana']);
  });

  it('by day alert the desk once', () => {
    const world = outage(mondayMorning);
    const alerts = world.cases.map(
      (each) => each.pages.filter((page) => page.notice === 'desk_alert').length,
    );
    expect(alerts).toEqual([1, 1, 0]);
  });
});

describe('the lead is taken', () => {
  it('and all are, at once for whoever looks, and with an event of their own', () => {
    const world = outage(mondayNight, 5);
    world.take(0, 'dana');
    for (const n of [1, 2, 3, 4]) {
      expect(world.shown(n)).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: 'dana' } });
      expect(state(world, n)).toBe('paging');
    }
    world.deliver();
    for (const n of [1, 2, 3, 4]) {
      expect(state(world, n)).toBe('acknowledged');
      expect(world.types(n)).toContain('escalation.acknowledged');
    }
  });

  it('through a follower, too: whoever was paged for the second takes them all', () => {
    const world = outage();
    world.take(1, 'dana');
    expect(state(world, 0)).toBe('acknowledged');
  });

  it('and who was paged for one that follows is told, as well as when it is over', () => {
    const world = outage();
    const told = () =>
      world.cases[1]?.pages.flatMap(({ notice, to }) => (notice === null ? [] : [`${notice} ${to.id}`]));
    world.after(600);
    world.take(0, 'eli');
    world.deliver();
    expect(told()).toEqual(['taken dana']);
    world.resolve(0, 'eli');
    world.deliver();
    expect(told()).toEqual(['taken dana', 'stand_down dana']);
  });

  it('before it was pressed: who comes later is taken from the start', () => {
    const world = outage();
    world.take(0, 'dana');
    const late = world.escalate();
    expect(world.cases[late]?.escalation).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { id: 'dana' },
      acknowledgedAt: world.now,
    });
    expect(world.paged(late)).toEqual([]);
  });

  it('and the holder hears how many there are, at most every ten minutes', () => {
    const world = outage();
    world.take(0, 'dana');
    for (let n = 0; n < 20; n++) {
      world.escalate();
      world.after(60);
    }
    const counts = world.cases[0]?.pages.filter((page) => page.notice === 'count') ?? [];
    expect(counts.map(({ to, text }) => `${to.id}: ${text?.replace(/^\S+ /, '')}`)).toEqual([
      'dana: 3 others report the same outage.',
      'dana: 13 others report the same outage, 3 before.',
    ]);
  });

  it('and who takes it after it was passed hears how many there are, too', () => {
    const world = outage();
    world.take(0, 'dana');
    world.after(61);
    world.pass(0, 'dana');
    world.after(1);
    world.take(0, 'eli');
    world.after(61);
    const counts = world.cases[0]?.pages.filter((page) => page.notice === 'count') ?? [];
    expect(counts.map(({ to }) => to.id)).toEqual(['dana', 'eli']);
  });

  it('and the desk hears it where the holder has no phone', () => {
    const world = outage();
    world.take(0, 'dana');
    world.roster = withoutPhone('dana');
    world.after(61);
    const alerts = world.cases[0]?.pages.filter((page) => page.notice === 'desk_alert') ?? [];
    expect(alerts.map(({ text }) => text?.split('\n')[0])).toEqual([
      expect.stringMatching(/^ND-\S+ OUTAGE: 2 others report the same outage, and Dana holds it\.$/),
    ]);
  });

  it('keeps a promise that falls due before the event has come, and breaks one that fell due before', () => {
    const world = outage();
    world.after(1800 - 150);
    expect(world.cases[0]?.escalation?.promise.brokenAt).not.toBeNull();
    expect(world.cases[1]?.escalation?.promise.brokenAt).toBeNull();
    world.take(0, 'dana');
    world.after(600);
    expect(world.cases[1]?.escalation).toMatchObject({ promise: { brokenAt: null }, state: 'acknowledged' });
    expect(world.cases[2]?.escalation?.promise.brokenAt).toBeNull();
    expect(world.types(0)).toContain('escalation.promise_broken');
    const measured = (n: number) => world.events.filter(({ of }) => of === n).flatMap(measuresOf);
    expect(measured(1).map(({ name }) => name)).toEqual(['AcknowledgeSeconds', 'PromisesKept']);
    expect(measured(0).map(({ name }) => name)).toEqual(['PromisesBroken', 'AcknowledgeSeconds']);
  });

  it('keeps it also when it is led next by one that was pressed only after it fell due', () => {
    const world = outage();
    world.take(0, 'dana');
    world.after(60);
    world.cancel(0);
    world.deliver();
    world.after(1_800);
    const late = world.escalate();
    world.cancel(1);
    world.after(20);
    world.deliver();
    expect(follows(world, late)).toBe(false);
    expect(world.cases.map(({ escalation }) => escalation?.promise.brokenAt)).toEqual(Array(4).fill(null));
  });

  it('and passed: all page again, and promises that are not due are open again', () => {
    const world = outage();
    world.take(0, 'dana');
    world.deliver();
    world.pass(0, 'dana');
    expect(world.shown(2).state).toBe('paging');
    world.deliver();
    expect([0, 1, 2].map((n) => state(world, n))).toEqual(['paging', 'paging', 'paging']);
    expect(world.types(2)).toContain('escalation.passed');
    world.after(1800);
    expect(world.cases.every(({ escalation }) => escalation?.promise.brokenAt)).toBe(true);
  });

  it('and passed after a promise was due: that one stays kept, though its own event never came', () => {
    const world = outage();
    world.take(0, 'dana');
    world.news = [];
    world.after(1800);
    world.pass(0, 'dana');
    world.deliver();
    expect(world.cases.map(({ escalation }) => escalation?.promise.brokenAt)).toEqual([null, null, null]);
    expect(world.cases.map(({ escalation }) => escalation?.promiseKept)).toEqual([true, true, true]);
  });
});

describe('the lead ends', () => {
  it('untaken: the oldest follower leads, and pages at once from the beginning', () => {
    const world = outage(mondayNight, 4);
    world.after(400);
    world.cancel(0);
    world.deliver();
    expect([1, 2, 3].map((n) => follows(world, n))).toEqual([false, true, true]);
    expect(world.paged(1)).toEqual(['dana', 'dana']);
    world.after(60 * 11);
    expect(world.paged(1)).toEqual(['dana', 'dana', 'dana', 'eli']);
    expect(world.paged(2)).toEqual([]);
    world.take(1, 'eli');
    world.deliver();
    expect([1, 2, 3].map((n) => state(world, n))).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
  });

  it('untaken, and nobody tells its followers: within the time to its next look one of them leads', () => {
    const world = outage();
    const late = world.escalate();
    world.cancel(0);
    world.news = [];
    world.after(60);
    expect(
      world.cases.filter((_, n) => world.paged(n).length > 1 || (n === late && world.paged(n).length > 0)),
    ).toHaveLength(1);
  });

  it('untaken after it was passed: who had not heard of that pages again, too', () => {
    const world = new Many(mondayNight);
    world.escalate();
    world.take(0, 'dana');
    world.escalate();
    const late = world.escalate();
    expect(state(world, late)).toBe('acknowledged');
    world.pass(0, 'dana');
    world.resolve(0, 'dana');
    world.deliver();
    expect(state(world, late)).toBe('paging');
  });

  it('exhausted: the next one pages', () => {
    const world = outage();
    world.after(4 * 3600 + 60);
    world.deliver();
    expect(state(world, 0)).toBe('exhausted');
    expect([1, 2].filter((n) => state(world, n) === 'paging' && !follows(world, n))).toEqual([1]);
    expect(world.paged(1).length).toBeGreaterThan(1);
  });

  it('resolved by its holder: it is over for all, and the tickets stay open', () => {
    const world = outage();
    world.take(0, 'dana');
    world.deliver();
    world.resolve(0, 'dana');
    expect(world.shown(2).state).toBe('resolved');
    world.deliver();
    expect([0, 1, 2].map((n) => state(world, n))).toEqual(['resolved', 'resolved', 'resolved']);
    expect(world.cases[2]?.ticket.status).toBe('open');
    expect(world.types(2).at(-1)).toBe('escalation.resolved');
    expect(world.membersOf(world.cases[2]?.escalation?.outage?.id ?? '')).toEqual([]);
  });

  it('cancelled by its partner once it is taken: the others stay with their holder, who is told', () => {
    const world = outage();
    world.take(0, 'dana');
    world.cancel(0);
    world.deliver();
    for (const n of [1, 2]) {
      expect(world.cases[n]?.escalation).toMatchObject({
        state: 'acknowledged',
        acknowledgedBy: { id: 'dana' },
      });
    }
    expect([1, 2].map((n) => follows(world, n))).toEqual([false, true]);
    expect(world.cases[1]?.pages.filter((page) => page.notice === 'news').map(({ to }) => to.id)).toEqual([
      'dana',
    ]);
    world.resolve(0, 'dana');
    expect(state(world, 1)).toBe('resolved');
    world.deliver();
    expect(state(world, 2)).toBe('resolved');
  });

  it('untaken, and its heir is taken by who was paged for it before: who is told what becomes of the heir', () => {
    const world = outage(mondayNight, 4);
    world.after(600);
    world.cancel(0);
    world.deliver();
    expect(world.paged(1).at(-1)).toBe('dana');
    world.do(1, (each) =>
      acknowledge(each, { ...bySms('eli'), paged: true }, { roster: world.roster, now: world.now }),
    );
    const ana: ByStaff = { person: { id: 'ana', name: 'Ana' }, role: 'agent', via: 'api' };
    const facts = { roster: world.roster, now: world.now };
    world.do(1, (each) => pass(each, ana, facts));
    world.do(1, (each) => acknowledge(each, ana, facts));
    world.deliver();
    world.do(1, (each) => resolveEscalation(each, ana, facts));
    world.deliver();
    const told = world.cases.flatMap(({ ticket, pages }, n) =>
      pages
        .filter(({ notice, to }) => n > 0 && notice !== null && to.id === 'eli')
        .map(({ text }) => text?.replace(ticket.number, `case ${n}`)),
    );
    expect(told).toEqual([
      'case 1 was passed on by Ana. Nothing more to do.',
      'case 1 was taken by Ana. Nothing more to do.',
      'case 1 stand down: resolved by Ana. Nothing more to do.',
    ]);
  });

  it('untaken, and one that follows is taken before any leads: it leads, and all are taken with it', () => {
    const world = outage();
    world.cancel(0);
    world.take(1, 'dana');
    world.deliver();
    expect([1, 2].map((n) => [state(world, n), follows(world, n)])).toEqual([
      ['acknowledged', false],
      ['acknowledged', true],
    ]);
    expect(world.types(1)).not.toContain('escalation.passed');
  });

  it('held, and one that follows is passed before any leads: it leads, and pages somebody else at once', () => {
    const world = outage();
    world.take(0, 'dana');
    world.deliver();
    world.cancel(0);
    world.pass(1, 'dana');
    expect(world.paged(1)).toEqual(['dana', 'eli']);
    world.deliver();
    expect([1, 2].map((n) => [state(world, n), follows(world, n)])).toEqual([
      ['paging', false],
      ['paging', true],
    ]);
  });

  it('and a press while nobody leads yet leads itself', () => {
    const world = outage();
    world.cancel(0);
    const late = world.escalate();
    expect(world.paged(late)).toEqual(['dana']);
    world.deliver();
    expect([1, 2].map((n) => follows(world, n))).toEqual([true, true]);
    world.take(late, 'dana');
    world.deliver();
    expect([1, 2, late].map((n) => state(world, n))).toEqual([
      'acknowledged',
      'acknowledged',
      'acknowledged',
    ]);
  });

  it('long ago: three more are needed for another outage', () => {
    const world = outage();
    world.take(0, 'dana');
    world.resolve(0, 'dana');
    world.deliver();
    world.after(3600);
    const [first, second, third] = [world.escalate(), world.escalate(), world.escalate()];
    expect([first, second].map((n) => world.paged(n))).toEqual([['dana'], ['dana']]);
    expect(world.paged(third)).toEqual([]);
  });
});

describe('a different problem', () => {
  it('leaves its outage and pages at once, while the others go on', () => {
    const world = outage(mondayNight, 4);
    expect(world.split(2).refused).toBe(false);
    expect(world.paged(2)).toEqual(['dana']);
    expect(follows(world, 2)).toBe(false);
    world.take(0, 'dana');
    world.deliver();
    expect([0, 1, 2, 3].map((n) => state(world, n))).toEqual([
      'acknowledged',
      'acknowledged',
      'paging',
      'acknowledged',
    ]);
    world.after(301);
    expect(world.paged(2)).toEqual(['dana', 'dana']);
  });

  it('is held by nobody, though its outage was; its promise is open again before it is due', () => {
    const world = outage();
    world.take(0, 'dana');
    world.deliver();
    world.split(2);
    expect(world.cases[2]?.escalation).toMatchObject({ state: 'paging', acknowledgedBy: null });
    world.after(1800);
    expect(world.cases[2]?.escalation?.promise.brokenAt).toBe(world.cases[2]?.escalation?.promise.dueAt);
  });

  it('may be the lead: the oldest other leads the rest, who stay with their holder', () => {
    const world = outage();
    world.take(0, 'dana');
    world.split(0);
    world.deliver();
    expect(world.paged(0)).toEqual(['dana', 'dana']);
    expect([1, 2].map((n) => [state(world, n), follows(world, n)])).toEqual([
      ['acknowledged', false],
      ['acknowledged', true],
    ]);
  });

  it('is refused where nothing is shared, and counts against the night of its partner', () => {
    const world = outage(mondayNight, 2);
    expect(world.split(0)).toMatchObject({ refused: true, code: 'not_shared' });
    world.escalate();
    expect(world.split(2)).toMatchObject({ refused: false, night: { partner: 'p2' } });
  });
});

describe('a follower', () => {
  it('ends alone when its partner cancels it', () => {
    const world = outage();
    world.cancel(2);
    world.take(0, 'dana');
    world.deliver();
    expect([0, 1, 2].map((n) => state(world, n))).toEqual(['acknowledged', 'acknowledged', 'cancelled']);
  });

  it('is texted what became of it, where that was asked for', () => {
    const world = outage();
    const callback = { name: 'Pat', phone: '+12025550147', dialable: '+12025550147', textUpdates: true };
    const late = world.escalate({ callback });
    world.take(0, 'dana');
    world.deliver();
    const texts = world.cases[late]?.pages.map(({ text }) => text ?? '') ?? [];
    expect(texts).toHaveLength(2);
    expect(texts[0]).toMatch(/belongs to a known outage/);
    expect(texts[1]).toMatch(/Taken by Dana/);
  });

  describe('is told why its holder holds it no longer, as its lead was, and nothing of another partner', () => {
    const callback = { name: 'Pat', phone: '+12025550147', dialable: '+12025550147', textUpdates: true };
    const mo: ByStaff = { person: { id: 'mo', name: 'Mo' }, role: 'manager', via: 'api' };

    it.each<[string, (world: Many) => void, Partial<NewEvent>, string, RegExp]>([
      [
        'its holder was silent',
        (world) => {
          world.after(3600);
        },
        { type: 'escalation.contact_lost', actor: system },
        'No word from Dana. Staff are being alerted again.',
        /has no word from Dana/,
      ],
      [
        'nobody has called the partner of the lead',
        (world) => {
          world.notContacted(0);
        },
        { type: 'escalation.not_contacted', actor: system },
        'Dana no longer holds it. Staff are being alerted again.',
        /is no longer held by Dana: staff are being alerted again/,
      ],
      [
        'another passed it on',
        (world) => {
          world.do(0, (each) => pass(each, mo, { roster: world.roster, now: world.now }));
        },
        { type: 'escalation.passed', actor: actorOf(mo.person) },
        'Mo passed it on. Staff are being alerted again.',
        /was passed on by Mo/,
      ],
    ])('when %s', (_why, lose, event, text, sentence) => {
      const world = outage();
      const late = world.escalate({ callback });
      world.take(0, 'dana');
      world.deliver();
      lose(world);
      world.deliver();
      const said = world.events.findLast(({ of, type }) => of === late && type === event.type);
      expect(said).toMatchObject({ ...event, data: { from: { id: 'dana' } } });
      expect(said && eventText(said, null)).toMatch(sentence);
      expect(JSON.stringify(said)).not.toContain('Partner 0');
      const texts = world.cases[late]?.pages.filter(({ notice }) => notice === 'update');
      expect(texts?.at(-1)?.text).toBe(`${world.cases[late]?.ticket.number}: ${text}`);
    });
  });

  it('whose own partner says that nobody has called keeps its holder, and is texted nothing else', () => {
    const world = outage();
    const late = world.escalate({ callback: { ...another, textUpdates: true } });
    world.take(0, 'dana');
    world.deliver();
    world.notContacted(late);
    expect(world.shown(late).acknowledgedBy?.id).toBe('dana');
    expect(world.cases[late]?.pages.filter(({ notice }) => notice === 'update').at(-1)?.text).toMatch(
      /Taken by Dana/,
    );
  });

  it('is not told by day that anybody is paged, while only the desk was alerted', () => {
    const world = outage(mondayMorning);
    const late = world.escalate({ callback: { ...another, textUpdates: true } });
    expect(world.cases[late]?.pages.map(({ text }) => text)).toEqual([
      expect.stringMatching(/belongs to a known outage, and staff are being alerted for that already\.$/),
    ]);
  });

  it('of one for which nobody can be paged is told so at once, and told to call, once and again as its lead is', () => {
    const world = outage();
    const callback = { name: 'Pat', phone: '+12025550147', dialable: '+12025550147', textUpdates: true };
    const late = world.escalate({ callback });
    world.roster = roster({ staff: [] });
    const failures = (n: number) => world.types(n).filter((type) => type === 'escalation.page_failed').length;
    world.after(300);
    world.deliver();
    expect([0, 1, late].map(failures)).toEqual([1, 1, 1]);
    expect(world.shown(late).unreachableSince).not.toBeNull();
    const {
      roster: { provider, calendar },
      now,
    } = world;
    const desk = { ...provider, hours: openState(calendar, now), now };
    expect(nextStep(world.state(late).ticket, desk).because).toBe(
      'Nobody can be paged just now, and we keep trying. Please call +12025550100.',
    );
    expect(world.cases[late]?.pages.at(-1)?.text).toMatch(
      /Nobody can be paged just now.* call \+12025550100/,
    );
    world.after(120);
    world.deliver();
    expect(failures(late)).toBe(1);
    world.after(600);
    world.deliver();
    expect([failures(0), failures(late)]).toEqual([2, 2]);
    const last = world.escalate({ callback });
    const [followed, failed] = world.events.filter(({ of }) => of === last).slice(-2);
    expect(followed && eventText(followed, null)).toMatch(/belongs to a known outage\.?$/);
    expect(failed).toMatchObject({ type: 'escalation.page_failed', data: { phone: '+12025550100' } });
    expect(world.cases[last]?.pages.at(-1)?.text).toMatch(/known outage\. Nobody can be paged/);
    world.roster = roster();
    world.after(120);
    expect(world.shown(late).unreachableSince).toBeNull();
  });

  it('pages nobody for a second press', () => {
    const world = outage();
    world.press(2, { callback: another });
    expect(world.paged(2)).toEqual([]);
    expect(world.types(2)).toContain('escalation.updated');
  });
});

const another = { name: 'Pat', phone: '+12025550199', dialable: '+12025550199', textUpdates: false };
const news = (world: Many, n: number) =>
  world.cases[n]?.pages
    .filter((page) => page.notice === 'news')
    .map(({ to, text }) => `${to.id}: ${text?.includes('+12025550199')}`);

describe('a follower whose number changes while nobody has taken its lead', () => {
  it('tells whoever was paged for the outage, with its own ticket and partner', () => {
    const world = outage();
    world.after(600);
    expect(world.paged(0)).toContain('eli');
    const { number } = world.cases[2]?.ticket ?? {};
    world.press(2, { callback: another });
    expect(news(world, 2)).toEqual(['dana: true', 'eli: true']);
    expect(world.cases[2]?.pages[0]?.text).toBe(
      `${number}: the partner has news. Partner 2, call +12025550199.`,
    );
    expect([0, 1].flatMap((n) => news(world, n))).toEqual([]);
  });

  it('never loses the number in one segment, however long the name', () => {
    const world = outage();
    const third = world.cases[2];
    if (third) third.ticket = { ...third.ticket, partnerName: 'Partner '.repeat(30) };
    world.press(2, { callback: another });
    const text = world.cases[2]?.pages[0]?.text;
    expect(text).toHaveLength(160);
    expect(text).toMatch(/, call \+12025550199\.$/);
  });

  it('tells each person once, who was paged for both', () => {
    const world = outage();
    world.press(1, { callback: another });
    expect(news(world, 1)).toEqual(['dana: true']);
  });

  it('tells the desk by day, which alone was asked', () => {
    const world = outage(mondayMorning);
    world.press(2, { callback: another });
    const alerts = world.cases[2]?.pages.filter(({ notice }) => notice === 'desk_alert') ?? [];
    expect(alerts.map(({ text }) => text?.includes('+12025550199'))).toEqual([true]);
  });

  it('tells who takes it and was not asked then, once', () => {
    const world = outage();
    world.press(2, { callback: another });
    expect(news(world, 2)).toEqual(['dana: true']);
    world.after(600);
    world.take(0, 'eli');
    world.deliver();
    world.deliver();
    expect(news(world, 2)).toEqual(['dana: true', 'eli: true']);
    expect(news(world, 1)).toEqual([]);
  });

  it('does not tell it twice to who takes it', () => {
    const world = outage();
    world.press(2, { callback: another });
    world.take(0, 'dana');
    world.deliver();
    expect(news(world, 2)).toEqual(['dana: true']);
  });

  it('tells whoever takes it after it was passed', () => {
    const world = outage();
    world.take(0, 'dana');
    world.deliver();
    world.press(2, { callback: another });
    world.pass(0, 'dana');
    world.deliver();
    world.after(1);
    world.take(0, 'eli');
    world.deliver();
    expect(news(world, 2)).toEqual(['dana: true', 'eli: true']);
  });

  it('and has other words before its own event of the taking is written, tells its holder all the same', () => {
    const world = outage();
    world.press(2, { callback: another });
    world.after(540);
    world.take(0, 'eli');
    world.press(2, { callback: another, detail: 'All of them.' });
    world.deliver();
    expect(news(world, 2)).toEqual(['dana: true', 'eli: true']);
  });

  it('tells whoever takes it, also when nobody leads at that moment', () => {
    const world = outage(mondayNight, 4);
    world.cancel(0);
    world.press(3, { callback: another });
    world.deliver();
    world.after(1);
    world.take(1, 'dana');
    world.deliver();
    expect(news(world, 3)).toEqual(['dana: true']);
  });

  it('does not concern who is paged for an outage that it does not share', () => {
    const world = outage();
    world.split(2);
    world.press(2, { callback: another });
    expect(world.cases[2]?.pages.find(({ notice }) => notice === null)?.words?.callback).toBe('+12025550199');
    expect(news(world, 2)).toEqual([]);
  });
});

describe('a follower whose number changes before its own event of the taking is written', () => {
  it('is taken by then, and its holder is told the number', () => {
    const world = outage();
    world.take(0, 'dana');
    world.press(2, { callback: another });
    expect(state(world, 2)).toBe('acknowledged');
    expect(world.types(2).slice(-2)).toEqual(['escalation.acknowledged', 'escalation.updated']);
    expect(news(world, 2)).toEqual(['dana: true']);
    world.deliver();
    expect(world.types(2).filter((type) => type === 'escalation.acknowledged')).toHaveLength(1);
  });

  it('joins first when it does not know yet that it follows', () => {
    const world = new Many(mondayNight);
    for (let n = 0; n < 3; n++) world.escalate();
    expect(world.cases[1]?.escalation?.outage).toBeNull();
    world.take(0, 'dana');
    world.press(1, { callback: another });
    expect(follows(world, 1)).toBe(true);
    expect(state(world, 1)).toBe('acknowledged');
    expect(news(world, 1)).toEqual(['dana: true']);
    world.resolve(0, 'dana');
    world.deliver();
    expect(state(world, 1)).toBe('resolved');
  });

  it('is told also when its holder has just said that it is over', () => {
    const world = outage();
    world.take(0, 'dana');
    world.resolve(0, 'dana');
    world.press(2, { callback: another });
    expect(state(world, 2)).toBe('resolved');
    expect(news(world, 2)).toEqual(['dana: true']);
  });

  it('and says that nobody has called, belongs to its outage from then on', () => {
    const world = new Many(mondayNight);
    for (let n = 0; n < 3; n++) world.escalate();
    world.take(0, 'dana');
    world.notContacted(1);
    expect([follows(world, 1), state(world, 1)]).toEqual([true, 'acknowledged']);
  });
});

describe('a follower that its own partner ends before its own event of the taking is written', () => {
  const ends: [string, (world: Many, n: number) => unknown][] = [
    ['closed', (world, n) => world.close(n)],
    ['cancelled', (world, n) => world.cancel(n)],
  ];

  it.each(ends)(
    'was taken by then, when it is %s: so say its events, the reports, and its holder is told',
    (_name, ends) => {
      const world = outage();
      world.take(0, 'dana');
      ends(world, 2);
      const { escalation, pages = [] } = world.cases[2] ?? {};
      expect(escalation).toMatchObject({ taken: { by: { id: 'dana' } }, acknowledgedBy: { id: 'dana' } });
      expect(world.types(2).slice(-2)[0]).toBe('escalation.acknowledged');
      expect(world.events.at(-1)?.data).toMatchObject({ taken: true });
      expect(pages.map(({ notice, to }) => `${notice} ${to.id}`)).toEqual(['stand_down dana']);
      world.deliver();
      expect(world.types(2).filter((type) => type === 'escalation.acknowledged')).toHaveLength(1);
    },
  );

  it('and closed, its promise counts as kept', () => {
    const world = outage();
    world.take(0, 'dana');
    world.close(2);
    const closed = world.cases[2]?.escalation;
    expect(closed && outcomeOf(closed, world.now)).toBe('kept');
  });

  it('is ended by its holder over the API, who was paged for its lead alone', () => {
    const world = outage();
    world.take(0, 'dana');
    const by = { ...bySms('dana'), via: 'api' as const };
    const done = world.do(2, (state) =>
      resolveEscalation(state, by, { roster: world.roster, now: world.now }),
    );
    expect(done.refused).toBe(false);
    expect(world.cases.map(({ escalation }) => escalation?.state)).toEqual([
      'acknowledged',
      'paging',
      'resolved',
    ]);
    const other = { ...bySms('eli'), via: 'api' as const };
    expect(
      world.do(1, (state) => resolveEscalation(state, other, { roster: world.roster, now: world.now })),
    ).toMatchObject({ refused: true, code: 'not_paged' });
  });

  it.each(ends)('was over by then, when its holder had said so before it is %s', (_name, ends) => {
    const world = outage();
    world.take(0, 'dana');
    world.resolve(0, 'dana');
    ends(world, 2);
    world.deliver();
    expect(world.cases[2]?.escalation).toMatchObject({
      state: 'resolved',
      endedBy: { kind: 'staff', id: 'dana' },
      taken: { by: { id: 'dana' } },
    });
    expect(world.types(2).filter((type) => /escalation.(resolved|cancelled)/.test(type))).toHaveLength(1);
  });

  it.each(ends)('belonged to its outage, when it is %s before it knew of that', (_name, ends) => {
    const world = new Many(mondayNight);
    for (let n = 0; n < 3; n++) world.escalate();
    world.take(0, 'dana');
    ends(world, 1);
    expect(world.cases[1]?.escalation?.taken?.by.id).toBe('dana');
    const { id = '' } = world.cases[1]?.escalation?.outage ?? {};
    expect(world.membersOf(id).map(({ ticket }) => ticket)).toEqual([world.cases[2]?.ticket.number]);
  });
});

describe('an escalation whose words change', () => {
  it.each([
    ['reason', (world: Many) => world.press(0, { reason: 'cannot_send' })],
    ['service', (world: Many) => world.move(0, 'web')],
  ])('to another %s is none of the three', (_name, change) => {
    const world = outage(mondayNight, 1);
    change(world);
    const [second, third] = [world.escalate(), world.escalate()];
    expect([0, second, third].map((n) => world.paged(n))).toEqual([['dana'], ['dana'], ['dana']]);
    const fourth = world.escalate();
    world.after(1);
    expect(follows(world, fourth)).toBe(true);
    expect(world.state(second).outage?.group.lead?.escalation).toBe(world.cases[second]?.escalation?.id);
    expect(world.cases[0]?.escalation?.outage).toBeNull();
  });

  it.each([
    ['reason', (world: Many) => world.press(0, { reason: 'cannot_send' })],
    ['service', (world: Many) => world.move(0, 'web')],
  ])('to another %s before it knows that it leads does: nobody waits for it in vain', (_name, change) => {
    const world = outage(mondayNight, 2);
    const third = world.escalate();
    change(world);
    world.after(1);
    world.take(0, 'dana');
    world.deliver();
    expect([1, third].map((n) => state(world, n))).toEqual(['acknowledged', 'acknowledged']);
    expect(world.cases[0]?.pages.filter((page) => page.notice === 'count')).toHaveLength(0);
    world.after(60);
    expect(world.cases[0]?.pages.filter((page) => page.notice === 'count')).toHaveLength(1);
    world.cancel(0);
    world.deliver();
    expect([1, third].map((n) => follows(world, n))).toEqual([false, true]);
    expect(world.cases[1]?.pages.filter((page) => page.notice === 'news').map(({ to }) => to.id)).toEqual([
      'dana',
    ]);
  });
});

describe('an exhausted lead', () => {
  const exhausted = () => {
    const world = outage();
    world.after(4 * 3600 + 60);
    world.deliver();
    expect([state(world, 0), state(world, 1)]).toEqual(['exhausted', 'paging']);
    return world;
  };

  it('is itself taken by whoever answers it, while its heir goes on', () => {
    const world = exhausted();
    world.take(0, 'dana');
    expect([state(world, 0), state(world, 1)]).toEqual(['acknowledged', 'paging']);
  });

  it('pressed again follows its heir', () => {
    const world = exhausted();
    world.press(0);
    expect(follows(world, 0)).toBe(true);
    world.take(1, 'dana');
    world.deliver();
    expect(state(world, 0)).toBe('acknowledged');
  });
});

describe('somebody is told, whatever is late or missing', () => {
  it('a press that was held from the start looks at its lead soon, for that may have ended unseen', () => {
    const world = outage();
    world.take(0, 'dana');
    world.deliver();
    const late = world.open();
    const commit = world.pressLater(late);
    world.cancel(0);
    world.deliver();
    commit();
    expect(state(world, late)).toBe('acknowledged');
    world.pass(1, 'dana');
    world.news = [];
    world.after(60);
    expect(state(world, late)).toBe('paging');
  });

  it('one that is held is watched for silence when its outage is gone without it', () => {
    const world = outage();
    world.take(0, 'dana');
    world.deliver();
    const held = world.cases[1];
    if (!held?.escalation?.outage) throw new Error('it does not follow');
    const gone = { ...held.escalation.outage, id: 'out_gone' };
    const lost = { ...held, escalation: { ...held.escalation, outage: gone } };
    const decision = follow(lost, { id: held.escalation.id, roster: world.roster, now: world.now });
    const contact = decision?.refused
      ? []
      : decision?.timers.filter((each) => 'set' in each && each.set.kind === 'contact');
    expect(contact).toMatchObject([{ set: { dueAt: held.escalation.promise.dueAt } }]);
  });

  it('a follower looks at its lead again also when nobody has called is how it learns that it was passed', () => {
    const world = outage();
    world.take(0, 'dana');
    world.deliver();
    world.pass(0, 'dana');
    world.notContacted(1);
    expect(state(world, 1)).toBe('paging');
    expect(world.timers.has(`level ${world.cases[1]?.escalation?.id}`)).toBe(true);
  });

  it('the desk hears that nobody has called, where the holder has no phone', () => {
    const world = outage();
    world.take(0, 'dana');
    world.deliver();
    world.roster = withoutPhone('dana');
    world.notContacted(2);
    expect(world.cases[2]?.pages.filter((page) => page.notice === 'desk_alert')).toHaveLength(1);
  });

  it('one that follows goes by the route of its lead, also once the desk has closed', () => {
    const world = outage('2026-01-05T23:50:00.000Z');
    const routes = () => world.cases.map((_, n) => world.shown(n).route);
    expect(new Set(routes())).toEqual(new Set(['desk']));
    world.after(70 * 60);
    expect(world.cases[0]?.escalation?.route).toBe('on_call');
    expect(new Set(routes())).toEqual(new Set(['on_call']));
  });

  it('the desk hears of another lead, where the holder has no phone', () => {
    const world = outage();
    world.take(0, 'dana');
    world.deliver();
    world.roster = withoutPhone('dana');
    world.cancel(0);
    world.deliver();
    expect(world.cases[1]?.pages.filter((page) => page.notice === 'desk_alert')).toHaveLength(1);
    // Its partner reads that event, and partners never see each other.
    const alerted = world.events.find(({ type, of }) => of === 1 && type === 'escalation.desk_alerted');
    expect(JSON.stringify(alerted)).not.toContain(world.cases[0]?.ticket.number);
  });

  it('a manager hears once of promises that broke after a lead that was held had been passed', () => {
    const world = outage(mondayNight, 6);
    world.take(0, 'dana');
    world.deliver();
    world.after(1800 - 6 * 60 + 90);
    world.pass(0, 'dana');
    world.deliver();
    world.after(240);
    const broken = world.cases.map(({ escalation }) => escalation?.promise.brokenAt !== null);
    expect(broken).toEqual([false, false, true, true, true, true]);
    expect(toldManagers(world)).toEqual(['mo']);
  });

  it('the promise of a lead or follower that is split late is broken, and a manager hears of it', () => {
    for (const n of [0, 2]) {
      const world = outage();
      world.now = '2026-11-24T03:45:00.000Z';
      world.split(n);
      const { promise } = world.cases[n]?.escalation ?? {};
      expect(promise?.brokenAt).toBe(promise?.dueAt);
      expect(toldManagers(world)).toEqual(['mo']);
    }
  });

  it('so is that of one whose outage is gone', () => {
    const world = outage();
    world.groups.clear();
    world.now = '2026-11-24T03:45:00.000Z';
    world.after(0);
    expect(world.cases[2]?.escalation?.promise.brokenAt).toBe(world.cases[2]?.escalation?.promise.dueAt);
    expect(world.paged(2)).toContain('dana');
    expect(toldManagers(world)).toContain('mo');
  });

  it('all hear of a press that leads in the place of one that ended untaken', () => {
    const world = new Many('2026-11-24T00:50:00.000Z');
    world.escalate();
    world.after(600);
    world.take(0, 'dana');
    world.escalate();
    const third = world.escalate();
    world.pass(0, 'dana');
    world.resolve(0, 'dana');
    const heir = world.escalate();
    while (world.news.length > 0) world.deliver();
    expect([state(world, third), state(world, heir)]).toEqual(['paging', 'paging']);
    expect(world.types(heir)).toContain('escalation.promoted');
  });

  it('all hear of one that leads by its own timer, before the news of its lead comes', () => {
    const world = outage(mondayNight, 4);
    world.take(0, 'dana');
    world.deliver();
    world.pass(0, 'dana');
    const late = world.escalate();
    world.cancel(0);
    const news = world.news;
    world.news = [];
    world.after(60);
    expect([follows(world, late), state(world, late)]).toEqual([false, 'paging']);
    world.news.push(...news);
    while (world.news.length > 0) world.deliver();
    expect([1, 2, 3].map((n) => state(world, n))).toEqual(['paging', 'paging', 'paging']);
  });
});

function withoutPhone(id: string): Roster {
  const whole = roster();
  return { ...whole, staff: whole.staff.map((each) => (each.id === id ? { ...each, phone: null } : each)) };
}

const toldManagers = (world: Many) =>
  world.cases.flatMap(({ pages }) =>
    pages.filter((page) => page.notice === 'promise_broken').map(({ to }) => to.id),
  );

describe('what is pressed after the clock was put back', () => {
  it.each<[string, (world: Many) => void]>([
    ['pages', () => {}],
    ['is held', (world) => world.take(0, 'dana')],
    [
      'was held and is over',
      (world) => {
        world.take(0, 'dana');
        world.after(60);
        world.cancel(0);
      },
    ],
  ])('follows nothing of the future, and pages: a lead that %s', (_how, step) => {
    const world = outage();
    step(world);
    world.now = addSeconds(world.now, -100 * 86_400);
    const n = world.escalate();
    expect(world.paged(n)).toEqual(['dana']);
    expect(follows(world, n)).toBe(false);
  });

  it('makes an outage of its own three, not of those that were pressed in the future', () => {
    const world = outage(mondayNight, 2);
    world.now = addSeconds(world.now, -86_400);
    const pressed = [0, 1, 2].map(() => world.escalate());
    expect(pressed.map((n) => world.paged(n))).toEqual([['dana'], ['dana'], []]);
    expect(pressed.map((n) => follows(world, n))).toEqual([false, false, true]);
  });

  it('is led within seconds when its lead went before, by a clock that was put back since', () => {
    const world = outage();
    world.take(0, 'dana');
    world.after(1800);
    world.cancel(0);
    world.now = addSeconds(world.now, -1200);
    const n = world.escalate();
    world.after(30);
    expect(world.paged(n).length + world.paged(1).length).toBeGreaterThan(1);
  });
});

it('brings the number of a second press, once exhausted, to who takes the outage that it then follows', () => {
  const world = new Many(mondayNight);
  const old = world.escalate();
  world.after(5 * 3600);
  for (let n = 0; n < 3; n++) world.escalate();
  world.deliver();
  const callback = { name: 'Pat', phone: '+12025550199', dialable: '+12025550199', textUpdates: false };
  world.press(old, { callback });
  world.take(old, 'dana');
  world.deliver();
  expect(world.cases[old]?.escalation).toMatchObject({ state: 'acknowledged', outage: { follows: true } });
  const news = world.cases[old]?.pages.filter(({ notice }) => notice === 'news');
  expect(news).toMatchObject([{ to: { id: 'dana' }, text: expect.stringContaining(callback.phone) }]);
});
