import { describe, expect, it } from 'vitest';
import { pass } from '../../../shared/domain/escalation/index.ts';
import { eventText } from '../../../shared/domain/event-text.ts';
import type { Schedule } from '../../../shared/domain/schedule/types.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { bySms, mondayMorning, mondayNight, roster, World } from './world.ts';

/** Handed over each day at 09:00 in New York (14:00 UTC). */
const daily = (id: string, members: string[]): Schedule => ({
  id,
  name: id,
  timezone: 'America/New_York',
  rotations: [{ name: 'daily', start: '2026-11-23T09:00', every: { days: 1 }, members }],
  overrides: [],
});
const changing = () =>
  roster({ schedules: [daily('primary', ['dana', 'eli', 'eli']), daily('secondary', ['mo'])] });

function exhausted(facts = changing()): World {
  const world = new World(mondayNight, facts);
  world.press();
  world.after(241);
  expect(world.state.escalation?.state).toBe('exhausted');
  return world;
}

const late = (world: World) => {
  const pages = world.state.pages.filter((page) => page.notice === null);
  return pages.filter((page) => page.queuedAt > addSeconds(mondayNight, 14_400));
};

describe('what nobody took in four hours', () => {
  it('pages each person whose shift begins, and nobody whose shift goes on', () => {
    const world = exhausted();
    world.moveTo('2026-11-26T13:59:00.000Z');
    const paged = () => late(world).map((page) => `${page.to.id} ${page.queuedAt}`);
    expect(paged()).toEqual(['eli 2026-11-24T14:00:00.000Z']);
    world.moveTo('2026-11-26T14:01:00.000Z');
    expect(paged().slice(1)).toEqual(['dana 2026-11-26T14:00:00.000Z']);
    expect(world.state.escalation?.state).toBe('exhausted');
    const told = world.events.findLast((event) => event.type === 'escalation.paged');
    expect(told?.data).toMatchObject({
      because: 'the shift of Dana has begun, and nobody has taken it',
      pages: [{ to: { id: 'dana' } }],
    });
  });

  it('pressed again pages by the policy that is in force then', () => {
    const world = exhausted();
    const [first, ...rest] = world.roster.policy.levels;
    if (!first) throw new Error('the policy has levels');
    const levels = [{ ...first, page: [{ staff: 'mo' }] }, ...rest];
    world.roster = { ...world.roster, policy: { ...world.roster.policy, levels } };
    const before = world.state.pages.length;
    world.press();
    const paged = world.state.pages.slice(before).filter((page) => page.notice === null);
    expect(paged.map(({ to }) => to.id)).toEqual(['mo']);
  });

  it('can be taken by whoever comes on call, and pages nobody after that', () => {
    const world = exhausted();
    world.moveTo('2026-11-24T14:00:30.000Z');
    world.acknowledge('eli');
    expect(world.state.escalation).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: 'eli' } });
    expect([...world.timers.keys()].filter((key) => key.startsWith('shift'))).toEqual([]);
  });

  it('queues again what was not sent in 20 s to whoever came on call', () => {
    const world = exhausted();
    const unsent = () => undefined;
    world.moveTo('2026-11-24T14:00:00.000Z', unsent);
    expect(late(world)).toMatchObject([{ to: { id: 'eli' }, state: 'queued', attempt: 1 }]);
    world.after(0.5, unsent);
    expect(late(world)).toMatchObject([{ to: { id: 'eli' }, state: 'queued', attempt: 2 }]);
    expect(world.state.escalation?.state).toBe('exhausted');
  });

  it('pages who came on call before a timer that is late', () => {
    const world = exhausted();
    const timer = [...world.timers.values()].find(({ kind }) => kind === 'shift')!;
    world.now = addSeconds(timer.dueAt, 7200);
    world.fire(timer);
    expect(late(world).map((page) => page.to.id)).toEqual(['eli']);
  });

  it('sees within a day a shift that was put in later', () => {
    const world = exhausted(roster());
    world.moveTo('2026-11-24T12:00:00.000Z');
    const [primary, ...others] = world.roster.schedules;
    const override = { from: '2026-11-24T13:00:00.000Z', to: '2026-12-30T00:00:00.000Z', staff: 'mo' };
    world.roster = {
      ...world.roster,
      schedules: [{ ...primary!, overrides: [{ id: 'ovr_1', ...override }] }, ...others],
    };
    world.after(24 * 60);
    expect(late(world).map((page) => page.to.id)).toEqual(['mo']);
  });

  it('pages the manager whose duty begins, and nobody who cannot be paged', () => {
    const base = changing();
    const schedules = [...base.schedules, daily('manager', ['ada', 'mo'])];
    const staff = base.staff.map((one) => (one.id === 'eli' ? { ...one, suspended: true } : one));
    const world = exhausted({ ...base, schedules, staff });
    world.moveTo('2026-11-24T15:00:00.000Z');
    expect(late(world).map((page) => page.to.id)).toEqual(['mo']);
  });

  it('is told to the desk at each opening until somebody acts', () => {
    const world = exhausted();
    world.moveTo('2026-11-24T14:01:00.000Z');
    expect(world.notices('desk_alert')).toHaveLength(1);
    world.moveTo('2026-11-25T14:01:00.000Z');
    expect(world.notices('desk_alert')).toHaveLength(2);
    world.send();
    world.acknowledge('eli');
    world.comment('eli');
    world.moveTo('2026-11-25T14:50:00.000Z');
    expect(world.notices('desk_alert')).toHaveLength(2);
  });

  it.each([
    ['at night', mondayNight, 'on_call', 'dana'],
    ['by day', mondayMorning, 'desk', undefined],
  ])(
    'starts its ladder afresh when it is pressed again %s, under the same id',
    (_when, pressedAt, route, first) => {
      const world = exhausted(roster());
      const { id } = world.state.escalation!;
      world.moveTo(addSeconds(pressedAt, 2 * 86_400));
      const before = world.state.pages.filter((page) => page.notice === null).length;
      world.press();
      expect(world.state.escalation).toMatchObject({ id, state: 'paging', route });
      expect(world.state.pages.filter((page) => page.notice === null)[before]?.to.id).toBe(first);
      expect([...world.timers.keys()].filter((key) => key.startsWith('shift'))).toEqual([]);
      expect(world.state.ticket.escalations).toBe(1);
      const { type, actor, data } = world.events.findLast((event) => event.type === 'escalation.started')!;
      expect(eventText({ type, actor, data }, null)).toBe(
        'The desk was escalated again by Acme MSP: mail is not delivered. It is tried afresh; you can also call +12025550100.',
      );
    },
  );

  it('leaves a promise kept when it was kept once, also when it is pressed again', () => {
    const world = new World(mondayNight);
    world.press();
    world.send();
    world.acknowledge('dana');
    world.after(31);
    world.do((state) => pass(state, bySms('dana'), { roster: world.roster, now: world.now }));
    world.after(250);
    expect(world.state.escalation?.state).toBe('exhausted');
    world.press();
    world.after(250);
    expect(world.state.escalation).toMatchObject({ state: 'exhausted', promise: { brokenAt: null } });
    expect(world.types()).not.toContain('escalation.promise_broken');
  });
});
