import { describe, expect, it } from 'vitest';
import { pass } from '../../../shared/domain/escalation/index.ts';
import { mondayMorning, press1, World } from './world.ts';

const calledBackAt = (phone: string) => ({ ...press1.callback, phone, dialable: phone });

describe('an emergency while the desk is open', () => {
  it('alerts the desk first and pages on-call only after 10 minutes without an answer', () => {
    const world = new World(mondayMorning);
    world.press();
    expect(world.paged()).toEqual([]);
    expect(world.notices('desk_alert')).toEqual(['desk']);
    world.after(21);
    expect(world.paged()).toEqual(['dana@10', 'dana@20', 'eli@20', 'mo@20']);
    expect(world.state.escalation?.route).toBe('desk');
  });

  it('pages on-call at once when the desk closes without having taken it, and keeps the promise time', () => {
    const world = new World('2026-11-24T00:55:00.000Z');
    world.press();
    const dueAt = world.state.escalation?.promise.dueAt;
    world.after(6);
    expect(world.paged()).toEqual(['dana@5']);
    expect(world.state.escalation).toMatchObject({ route: 'on_call', promise: { dueAt } });
    world.after(30);
    expect(world.paged().slice(0, 4)).toEqual(['dana@5', 'dana@10', 'eli@15', 'dana@25']);
  });

  it('taken by an agent before anybody was paged, and passed after closing, climbs as at night', () => {
    const world = new World('2026-11-24T00:30:00.000Z');
    const kim = { person: { id: 'kim', name: 'Kim' }, role: 'agent', via: 'api' } as const;
    world.press();
    world.after(1);
    world.take(kim);
    world.comment('kim');
    world.after(39);
    world.do((state) => pass(state, kim, { roster: world.roster, now: world.now }));
    expect(world.state.escalation?.route).toBe('on_call');
    world.after(21);
    expect(world.paged()).toEqual(['dana@40', 'dana@45', 'eli@50', 'dana@60', 'eli@60', 'mo@60']);
  });

  it('brings the next level at once when the desk cannot be alerted', () => {
    const world = new World(mondayMorning);
    world.press();
    world.send((page) => (page.notice === 'desk_alert' ? 'topic gone' : null));
    expect(world.paged()).toEqual(['dana@0']);
  });

  it('tells the desk of a changed number while nobody has been paged yet, and the paged as well from then on', () => {
    const world = new World(mondayMorning);
    world.press();
    world.send();
    world.after(1);
    world.press({ callback: calledBackAt('+12025550199') });
    expect(world.notices('desk_alert')).toEqual(['desk', 'desk']);
    expect(world.state.pages.at(-1)?.text).toMatch(/the partner has news.*Call back: Pat, \+12025550199/s);
    world.after(10);
    world.press({ callback: calledBackAt('+12025550198') });
    expect(world.notices('news')).toEqual(['dana']);
    expect(world.notices('desk_alert')).toHaveLength(3);
  });

  it('tells its holder alone of a changed number, and the desk once the holder is suspended', () => {
    const world = new World(mondayMorning);
    world.press();
    world.after(11);
    world.acknowledge('dana');
    world.press({ callback: calledBackAt('+12025550199') });
    expect(world.notices('news')).toEqual(['dana']);
    expect(world.notices('desk_alert')).toHaveLength(1);
    const staff = world.roster.staff.map((one) => (one.id === 'dana' ? { ...one, suspended: true } : one));
    world.roster = { ...world.roster, staff };
    world.press({ callback: calledBackAt('+12025550198') });
    expect(world.notices('news')).toEqual(['dana']);
    expect(world.state.pages.at(-1)?.text).toMatch(/Dana holds it.*\+12025550198/s);
  });

  it('counts no ladder against the nightly cap', () => {
    const world = new World(mondayMorning);
    world.night = 10;
    expect(world.press()).toMatchObject({ refused: false, night: null });
  });
});
