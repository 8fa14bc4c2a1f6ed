import { describe, expect, it } from 'vitest';
import { pass } from '../../../shared/domain/escalation/index.ts';
import type { Schedule } from '../../../shared/domain/schedule/types.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { bySms, mondayMorning, mondayNight, roster, World } from './world.ts';

const passBy = (world: World, id: string) =>
  world.do((state) => pass(state, bySms(id), { roster: world.roster, now: world.now }));

const turns = (id: string, members: string[], every: Schedule['rotations'][number]['every']): Schedule => ({
  id,
  name: id,
  timezone: 'America/New_York',
  rotations: [{ name: 'turns', start: '2026-01-05T09:00', every, members }],
  overrides: [],
});

describe('when the promise breaks', () => {
  it('everyone is paged, although the ladder began anew at closing', () => {
    const world = new World('2026-11-24T00:35:00.000Z');
    world.press();
    world.after(41);
    expect(world.paged()).toEqual([
      ...['dana@10', 'dana@20', 'eli@20', 'mo@20'],
      ...['dana@25', 'dana@30', 'eli@30', 'mo@30'],
      ...['dana@40', 'eli@40', 'mo@40'],
    ]);
  });

  it('everyone is paged, although it was passed shortly before', () => {
    const world = new World(mondayNight);
    world.press();
    world.after(1);
    world.acknowledge('dana');
    world.after(25);
    passBy(world, 'dana');
    world.after(5);
    expect(world.paged()).toEqual(['dana@0', 'eli@26', 'dana@30', 'eli@30', 'mo@30']);
  });
});

describe('an exhausted escalation', () => {
  it('pages each person whose shift begins, then and not before', () => {
    const facts = roster({
      schedules: [turns('primary', ['dana', 'eli'], { hours: 8 }), turns('secondary', ['eli'], { weeks: 1 })],
    });
    const world = new World(mondayNight, facts);
    world.press();
    world.after(241);
    const before = world.paged().length;
    expect(world.state.escalation?.state).toBe('exhausted');
    world.moveTo('2026-11-24T13:59:00.000Z');
    expect(world.paged()).toHaveLength(before);
    world.moveTo('2026-11-24T23:00:00.000Z');
    expect(
      world
        .paged()
        .slice(before)
        .map((entry) => entry.split('@')[0]),
    ).toEqual(['eli', 'dana']);
    world.acknowledge('eli');
    expect(world.state.escalation?.state).toBe('acknowledged');
  });

  it('is told to the desk at every opening until somebody takes it', () => {
    const world = new World(mondayNight);
    world.press();
    world.moveTo('2026-11-25T15:00:00.000Z');
    expect(world.notices('desk_alert')).toHaveLength(2);
  });

  it('pressed again by day waits for the desk, whatever is learnt of pages from before', () => {
    const world = new World(mondayMorning);
    world.press();
    world.after(241);
    world.press();
    world.send();
    const before = world.paged();
    world.fail(world.state.pages.findLast((page) => page.notice === null)?.id ?? '', 'bad number');
    expect(world.paged()).toEqual(before);
  });

  it('rings nobody at the instant at which it gives up', () => {
    const world = new World(mondayNight, roster({ schedules: [], staff: [] }));
    world.press();
    world.after(239.5);
    world.roster = roster();
    world.after(1);
    expect(world.state.escalation?.state).toBe('exhausted');
    expect(world.paged()).toEqual([]);
  });
});

it('all managers and admins learn that nobody can be paged, whoever is on duty', () => {
  const base = roster();
  const max = { ...base.staff[2]!, id: 'max', name: 'Max', phone: '+12025550115' };
  const ada = { ...base.staff[3]!, phone: '+12025550114' };
  const staff = [...base.staff.slice(0, 3), max, ada];
  const world = new World(mondayNight, {
    ...base,
    staff,
    schedules: [turns('manager', ['mo'], { weeks: 1 })],
  });
  world.press();
  for (let round = 0; round < 5; round++) world.send((page) => (page.notice === null ? 'spend limit' : null));
  expect(world.notices('unreachable').sort()).toEqual(['ada', 'max', 'mo']);
});

it('a pass after the last level begins with the first that pages somebody else', () => {
  const world = new World(mondayNight);
  world.press();
  world.after(41);
  world.acknowledge('eli');
  world.after(1);
  passBy(world, 'eli');
  const last = world.state.pages.filter((page) => page.queuedAt === addSeconds(mondayNight, 42 * 60));
  expect(last.filter((page) => page.notice === null).map((page) => [page.to.id, page.level])).toEqual([
    ['dana', 1],
  ]);
});
