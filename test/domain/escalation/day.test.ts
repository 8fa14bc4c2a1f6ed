import { describe, expect, it } from 'vitest';
import { mondayMorning, World } from './world.ts';

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

  it('brings the next level at once when the desk cannot be alerted', () => {
    const world = new World(mondayMorning);
    world.press();
    world.send((page) => (page.notice === 'desk_alert' ? 'topic gone' : null));
    expect(world.paged()).toEqual(['dana@0']);
  });

  it('counts no ladder against the nightly cap', () => {
    const world = new World(mondayMorning);
    world.night = 10;
    expect(world.press()).toMatchObject({ refused: false, night: null });
  });
});
