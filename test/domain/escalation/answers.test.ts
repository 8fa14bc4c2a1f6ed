import { describe, expect, it } from 'vitest';
import {
  type ByStaff,
  cancel,
  claimPage,
  pass,
  resolveEscalation,
} from '../../../shared/domain/escalation/index.ts';
import { changeTicket } from '../../../shared/domain/ticket/change.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { bySms, mondayNight, partnerActor, World } from './world.ts';

function paging(): World {
  const world = new World(mondayNight);
  world.press();
  world.send();
  return world;
}

describe('taking an emergency', () => {
  it('makes the first the holder, stops the ladder and keeps the promise', () => {
    const world = paging();
    world.after(2);
    world.acknowledge('dana');
    expect(world.state.escalation).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { id: 'dana', name: 'Dana' },
      acknowledgedAt: addSeconds(mondayNight, 120),
    });
    world.after(37);
    expect(world.paged()).toEqual(['dana@0']);
    expect(world.state.escalation?.promise.brokenAt).toBeNull();
  });

  it('tells a later one who holds it', () => {
    const world = paging();
    world.after(11);
    world.acknowledge('dana');
    const before = world.state;
    expect(world.acknowledge('eli')).toMatchObject({
      refused: true,
      code: 'already_acknowledged',
      detail: expect.stringContaining('Dana'),
    });
    expect(world.state).toEqual(before);
  });

  it('tells everyone else who was paged, once', () => {
    const world = paging();
    world.after(25);
    world.acknowledge('eli');
    expect(world.notices('taken').sort()).toEqual(['dana', 'mo']);
  });

  it('lets nobody take it by SMS who was not paged', () => {
    const world = paging();
    expect(world.acknowledge('eli')).toMatchObject({ refused: true, code: 'not_paged' });
  });

  it('voids what is queued, so that it can no longer be claimed', () => {
    const world = new World(mondayNight);
    world.press();
    world.acknowledge('dana');
    const page = world.state.pages[0]!;
    expect(page.state).toBe('void');
    expect(claimPage(page, { now: world.now, claimId: 'x' })).toMatchObject({ kind: 'skip' });
  });

  it('keeps the broken promise broken when taken a moment after its due time, before the timer ran', () => {
    const world = paging();
    world.now = addSeconds(mondayNight, 1801);
    world.acknowledge('dana');
    expect(world.types().slice(-2)).toEqual(['escalation.promise_broken', 'escalation.acknowledged']);
  });
});

describe('passing it on', () => {
  const passBy = (world: World, id: string) =>
    world.do((state) => pass(state, bySms(id), { roster: world.roster, now: world.now }));

  it('pages the next level that has somebody else, and opens the promise again before its due time', () => {
    const world = paging();
    world.after(1);
    world.acknowledge('dana');
    world.after(1);
    passBy(world, 'dana');
    expect(world.paged()).toEqual(['dana@0', 'eli@2']);
    expect(world.state.escalation).toMatchObject({ state: 'paging', acknowledgedBy: null });
    world.after(30);
    expect(world.state.escalation?.promise.brokenAt).toBe(addSeconds(mondayNight, 1800));
  });

  it('leaves the promise kept when it was taken in time and passed after the due time', () => {
    const world = paging();
    world.acknowledge('dana');
    world.after(31);
    passBy(world, 'dana');
    world.after(30);
    expect(world.state.escalation?.promise.brokenAt).toBeNull();
  });

  it('is for the holder only', () => {
    const world = paging();
    world.after(11);
    world.acknowledge('dana');
    expect(passBy(world, 'eli')).toMatchObject({ refused: true, code: 'not_holder' });
  });

  it('stays with the holder when nobody else can be paged', () => {
    const world = paging();
    world.acknowledge('dana');
    world.roster = { ...world.roster, staff: world.roster.staff.filter((one) => one.id === 'dana') };
    expect(passBy(world, 'dana')).toMatchObject({ refused: true, code: 'cannot_page_anybody' });
    expect(world.state.escalation?.state).toBe('acknowledged');
  });
});

describe('who held it and was never paged', () => {
  const byApi = (id: string, name: string): ByStaff => ({ person: { id, name }, role: 'agent', via: 'api' });
  const lou = byApi('lou', 'Lou');
  const ana = byApi('ana', 'Ana Ruiz');
  const toldTo = (world: World, id: string) =>
    world.state.pages.flatMap(({ notice, to, text }) => (notice !== null && to.id === id ? [text] : []));

  function takenByLou(): World {
    const world = new World(mondayNight);
    const [like] = world.roster.staff;
    if (!like) throw new Error('nobody');
    const agent = { ...like, id: 'lou', name: 'Lou', role: 'agent' as const, phone: '+12025550119' };
    world.roster = { ...world.roster, staff: [...world.roster.staff, agent] };
    world.press();
    world.send();
    world.take(lou);
    world.after(1);
    return world;
  }

  it('is told when another passes it on, when it is taken and when it ends, once each', () => {
    const world = takenByLou();
    const facts = { roster: world.roster, now: world.now };
    world.do((state) => pass(state, ana, facts));
    world.send();
    world.acknowledge('dana');
    world.do((state) => resolveEscalation(state, ana, facts));
    expect(toldTo(world, 'lou')).toEqual([
      'ND-6PC7-PS91 was passed on by Ana Ruiz. Nothing more to do.',
      'ND-6PC7-PS91 was taken by Dana. Nothing more to do.',
      'ND-6PC7-PS91 stand down: resolved by Ana Ruiz. Nothing more to do.',
    ]);
  });

  it('is told nothing of what they do themselves', () => {
    const world = takenByLou();
    const facts = { roster: world.roster, now: world.now };
    world.do((state) => pass(state, lou, facts));
    world.take(lou);
    world.do((state) => resolveEscalation(state, lou, facts));
    expect(toldTo(world, 'lou')).toEqual([]);
  });

  it('is told no more once suspended', () => {
    const world = takenByLou();
    const staff = world.roster.staff.map((one) => (one.id === 'lou' ? { ...one, suspended: true } : one));
    const facts = { roster: { ...world.roster, staff }, now: world.now };
    world.do((state) => pass(state, ana, facts));
    world.do((state) => resolveEscalation(state, ana, facts));
    expect(toldTo(world, 'lou')).toEqual([]);
  });
});

describe('ending it', () => {
  it('stands everyone paged down when the partner cancels, and nothing rings afterwards', () => {
    const world = paging();
    world.after(11);
    world.do((state) => cancel(state, partnerActor, { roster: world.roster, now: world.now }));
    expect(world.notices('stand_down').sort()).toEqual(['dana', 'eli']);
    world.after(300);
    expect(world.paged()).toHaveLength(3);
    expect([...world.timers.keys()].filter((key) => !key.startsWith('sla'))).toEqual([]);
  });

  it('stands the holder down who took it over the API and was never paged', () => {
    const world = paging();
    world.take({ person: { id: 'mo', name: 'Mo' }, role: 'manager', via: 'api' });
    world.do((state) => cancel(state, partnerActor, { roster: world.roster, now: world.now }));
    expect(world.notices('stand_down').sort()).toEqual(['dana', 'mo']);
  });

  it('refuses to cancel what is not active', () => {
    const world = new World(mondayNight);
    expect(
      world.do((state) => cancel(state, partnerActor, { roster: world.roster, now: world.now })),
    ).toMatchObject({ code: 'not_active' });
  });

  it('leaves the ticket for the desk when the engineer resolves the emergency', () => {
    const world = paging();
    world.acknowledge('dana');
    world.do((state) => resolveEscalation(state, bySms('dana'), { roster: world.roster, now: world.now }));
    expect(world.state).toMatchObject({ ticket: { status: 'open' }, escalation: { state: 'resolved' } });
    expect(world.notices('stand_down')).toEqual([]);
  });

  it('resolves the escalation with the ticket, and a press reopens both as a new escalation', () => {
    const world = paging();
    world.do((state) =>
      changeTicket(state, { status: 'closed', by: partnerActor }, { roster: world.roster, now: world.now }),
    );
    expect(world.state.escalation?.state).toBe('resolved');
    expect(world.notices('stand_down')).toEqual(['dana']);
    world.press();
    expect(world.state).toMatchObject({
      ticket: { status: 'open', escalations: 2 },
      escalation: { ordinal: 2, state: 'paging' },
    });
    expect(world.types()).toContain('ticket.reopened');
  });
});
