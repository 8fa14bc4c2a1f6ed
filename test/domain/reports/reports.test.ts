import { describe, expect, it, test } from 'vitest';
import type { Escalation, Page } from '../../../shared/domain/escalation/escalation.ts';
import { actorOf, cancel, pass, resolveEscalation } from '../../../shared/domain/escalation/index.ts';
import type { Actor } from '../../../shared/domain/event.ts';
import { csv } from '../../../shared/domain/reports/csv.ts';
import { asleep, measuresOf } from '../../../shared/domain/reports/measures.ts';
import { onCallReport } from '../../../shared/domain/reports/on-call.ts';
import { promiseRow, promiseTable } from '../../../shared/domain/reports/promises.ts';
import { rangeOf } from '../../../shared/domain/reports/range.ts';
import { changeTicket } from '../../../shared/domain/ticket/change.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { bySms, mondayMorning, mondayNight, partnerActor, World } from '../escalation/world.ts';

const newYork = 'America/New_York';
const facts = (world: World) => ({ roster: world.roster, now: world.now });

function pressed(at = mondayNight): World {
  const world = new World(at);
  world.press();
  world.send();
  return world;
}

const close = (world: World, by: Actor) =>
  void world.do((state) => changeTicket(state, { status: 'closed', by }, facts(world)));
const rowOf = (world: World) => promiseRow(world.state.escalation as Escalation, world.now);

describe('the promise of an escalation', () => {
  const stories: [string, (world: World) => void, string | null][] = [
    ['is open while its due time has not come', (world) => world.after(29), 'open'],
    [
      'is open though somebody holds it, for it may be passed on',
      (world) => void world.acknowledge('dana'),
      'open',
    ],
    [
      'is kept when somebody holds it at its due time',
      (world) => {
        world.acknowledge('dana');
        world.after(31);
      },
      'kept',
    ],
    ['is broken when nobody does', (world) => world.after(31), 'broken'],
    [
      'is broken when nobody does and its timer is late',
      (world) => {
        world.now = addSeconds(world.now, 1801);
      },
      'broken',
    ],
    [
      'stays broken when it is taken afterwards',
      (world) => {
        world.after(31);
        world.acknowledge('dana');
      },
      'broken',
    ],
    [
      'stays kept when it is passed on after its due time',
      (world) => {
        world.acknowledge('dana');
        world.after(40);
        world.do((state) => pass(state, bySms('dana'), facts(world)));
        world.after(60);
      },
      'kept',
    ],
    [
      'is broken when it was passed on before it and nobody took it again',
      (world) => {
        world.acknowledge('dana');
        world.after(10);
        world.do((state) => pass(state, bySms('dana'), facts(world)));
        world.after(30);
      },
      'broken',
    ],
    [
      'is kept when the emergency was over before',
      (world) => void world.do((state) => resolveEscalation(state, bySms('dana'), facts(world))),
      'kept',
    ],
    [
      'is kept when staff closed the ticket before',
      (world) => close(world, actorOf({ id: 'mo', name: 'Mo' })),
      'kept',
    ],
    [
      'is kept when somebody had taken it and its own side closed the ticket before',
      (world) => {
        world.acknowledge('dana');
        close(world, partnerActor);
      },
      'kept',
    ],
    ['is not owed when its own side closed the ticket before', (world) => close(world, partnerActor), null],
    [
      'stays broken when its own side closes the ticket afterwards',
      (world) => {
        world.after(31);
        close(world, partnerActor);
      },
      'broken',
    ],
    [
      'is not owed when it was cancelled before',
      (world) => void world.do((state) => cancel(state, partnerActor, facts(world))),
      null,
    ],
    [
      'stays broken when it is cancelled afterwards',
      (world) => {
        world.after(31);
        world.do((state) => cancel(state, partnerActor, facts(world)));
      },
      'broken',
    ],
  ];
  test.each(stories)('%s', (_name, happens, outcome) => {
    const world = pressed();
    happens(world);
    expect(rowOf(world)?.outcome ?? null).toBe(outcome);
  });

  it('tells who took it first, and after how long, whoever has it now', () => {
    const world = pressed();
    world.after(2);
    world.acknowledge('dana');
    world.do((state) => pass(state, bySms('dana'), facts(world)));
    world.after(5);
    world.acknowledge('eli');
    expect(rowOf(world)).toMatchObject({
      takenBy: { id: 'dana' },
      takenAt: addSeconds(mondayNight, 120),
      secondsToTake: 120,
    });
  });

  it("is a line of a table on the provider's clock", () => {
    const world = pressed();
    world.after(31);
    const row = rowOf(world);
    const [head, line] = csv(promiseTable(row ? [row] : [], newYork)).split('\r\n');
    expect(head).toMatch(/^escalation,ticket,partner,/);
    expect(line).toBe(
      'esc_6PC7PS91_1,ND-6PC7-PS91,acme,mail_not_delivered,on_call,paging,2026-11-23T22:10:00-05:00,2026-11-23T22:40:00-05:00,broken,2026-11-23T22:40:00-05:00,,,',
    );
  });
});

describe('csv', () => {
  test.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=HYPERLINK("http://evil.example")', '"\'=HYPERLINK(""http://evil.example"")"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['＝1', "'＝1"],
    ['Zoë', 'Zoë'],
    [-5, '-5'],
    [null, ''],
  ])('writes %j as %j', (value, cell) => {
    expect(csv([[value]])).toBe(`${cell}\r\n`);
  });
});

describe('the range of a report', () => {
  test.each([
    ['2026-11-01', '2026-12-01', '2026-11-01T04:00:00.000Z', '2026-12-01T05:00:00.000Z'],
    ['2026-11-01', '2026-11-02T00:00:00.000Z', '2026-11-01T04:00:00.000Z', '2026-11-02T00:00:00.000Z'],
    ['2026-01-01', '2027-02-01', '2026-01-01T05:00:00.000Z', '2027-02-01T05:00:00.000Z'],
  ])('from %s to %s is on the clock of the zone', (from, to, first, end) => {
    expect(rangeOf({ from, to }, newYork)).toEqual({ range: { from: first, to: end } });
  });

  test.each([
    ['2026-11-01', '2026-11-01'],
    ['2026-11-02', '2026-11-01'],
    ['2026-01-01', '2027-02-02'],
  ])('from %s to %s is refused', (from, to) => {
    expect(rangeOf({ from, to }, newYork)).toMatchObject({ problem: { field: 'to' } });
  });
});

describe('the report of on-call', () => {
  const whole = (...worlds: World[]) =>
    worlds.map(({ state }) => ({ escalation: state.escalation as Escalation, pages: state.pages }));
  const report = (...worlds: World[]) =>
    onCallReport(whole(...worlds), {
      zones: new Map(),
      timezone: newYork,
      now: worlds[0]?.now ?? mondayNight,
    });

  it('counts from the press to the first page that went out and to the first taking', () => {
    const slow = new World(mondayNight);
    slow.press();
    slow.now = addSeconds(slow.now, 3);
    slow.send();
    slow.after(1);
    slow.acknowledge('dana');
    const fast = pressed();
    fast.acknowledge('dana');
    expect(report(slow, fast)).toMatchObject({
      escalations: 2,
      timeToPage: { count: 2, medianSeconds: 0, p95Seconds: 3, longestSeconds: 3 },
      timeToAcknowledge: { count: 2, medianSeconds: 0, longestSeconds: 63 },
    });
  });

  it('counts a page by day from when the desk had had its time, and none where none was sent', () => {
    const byDay = pressed(mondayMorning);
    byDay.after(11);
    expect(report(byDay).timeToPage).toMatchObject({ count: 1, longestSeconds: 0 });
    expect(report(pressed(mondayMorning)).timeToPage).toMatchObject({ count: 0, longestSeconds: null });
  });

  it('has each person with their pages a week, those in their sleep, and what they took', () => {
    const night = pressed();
    night.after(11);
    night.acknowledge('eli');
    const day = pressed(mondayMorning);
    day.after(11);
    expect(report(night, day).people).toEqual([
      {
        id: 'dana',
        name: 'Dana',
        pages: 3,
        sleepInterrupted: 2,
        taken: 0,
        weeks: [{ week: '2026-W48', pages: 3, sleepInterrupted: 2 }],
      },
      {
        id: 'eli',
        name: 'Eli',
        pages: 1,
        sleepInterrupted: 1,
        taken: 1,
        weeks: [{ week: '2026-W48', pages: 1, sleepInterrupted: 1 }],
      },
    ]);
  });

  it("goes by the person's own clock: a New York night is a morning in Berlin", () => {
    const world = pressed('2026-11-24T06:30:00.000Z');
    const pages = world.state.pages.map((page): Page => ({ ...page, zone: 'Europe/Berlin' }));
    const cases = [{ escalation: world.state.escalation as Escalation, pages }];
    const people = onCallReport(cases, { zones: new Map(), timezone: newYork, now: world.now }).people;
    expect(people).toMatchObject([{ pages: 1, sleepInterrupted: 0 }]);
  });

  it('counts a bundle once, not for each page that went out with it', () => {
    const [alone, other] = [pressed(), pressed()];
    const cases = [alone, other].map(({ state }, n) => ({
      escalation: state.escalation as Escalation,
      pages: state.pages.map((page): Page => ({ ...page, wentWith: n === 0 ? null : 'esc_OTHER_1_1' })),
    }));
    const people = onCallReport(cases, { zones: new Map(), timezone: newYork, now: alone.now }).people;
    expect(people).toMatchObject([{ id: 'dana', pages: 1, sleepInterrupted: 1 }]);
  });

  it('leaves out what did not ring', () => {
    const world = new World(mondayNight);
    world.press();
    world.send((page) => (page.to.id === 'dana' ? 'bad number' : null));
    world.acknowledge('dana');
    expect(report(world).people).toMatchObject([{ id: 'dana', pages: 0, taken: 1, weeks: [] }]);
  });
});

describe('sleep', () => {
  test.each([
    ['2026-11-24T02:59:59.000Z', false],
    ['2026-11-24T03:00:00.000Z', true],
    ['2026-11-24T11:59:59.000Z', true],
    ['2026-11-24T12:00:00.000Z', false],
  ])('at %s in New York: %s', (at, sleeps) => expect(asleep(at, newYork)).toBe(sleeps));
});

const measures = (world: World) => world.events.flatMap(measuresOf).map(({ name, value }) => [name, value]);

describe('what events measure', () => {
  test.each([
    ['by staff, as kept', actorOf({ id: 'mo', name: 'Mo' }), [['PromisesKept', 1]]],
    ['by its own side, as nothing', partnerActor, []],
  ])('what is over in time before anybody took it counts %s: as in the report', (_name, by, expected) => {
    const world = pressed();
    close(world, by);
    expect(measures(world)).toEqual(expected);
    expect(rowOf(world)?.outcome).toBe(expected.length > 0 ? 'kept' : undefined);
  });

  it('the first taking in time, a broken promise, and a taking after it', () => {
    const inTime = pressed();
    inTime.after(2);
    inTime.acknowledge('dana');
    const late = pressed();
    late.after(31);
    late.acknowledge('dana');
    const passed = pressed();
    passed.after(2);
    passed.acknowledge('dana');
    passed.do((state) => pass(state, bySms('dana'), facts(passed)));
    passed.send();
    passed.after(1);
    passed.acknowledge('eli');
    expect(measures(inTime)).toEqual([
      ['AcknowledgeSeconds', 120],
      ['PromisesKept', 1],
    ]);
    expect(passed.types().filter((type) => type === 'escalation.acknowledged')).toHaveLength(2);
    expect(measures(passed)).toEqual(measures(inTime));
    expect(measures(late)).toEqual([
      ['PromisesBroken', 1],
      ['AcknowledgeSeconds', 1860],
    ]);
  });
});
