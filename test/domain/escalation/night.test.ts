import { describe, expect, it } from 'vitest';
import { addSeconds } from '../../../shared/domain/time.ts';
import { mondayNight, roster, World } from './world.ts';

describe('an emergency while the desk is closed', () => {
  it('pages the primary at once and disturbs nobody else', () => {
    const world = new World(mondayNight);
    world.press();
    expect(world.paged()).toEqual(['dana@0']);
    expect(world.state.escalation?.route).toBe('on_call');
  });

  it('climbs primary, primary, secondary, everyone with the manager, and then everyone each 10 minutes', () => {
    const world = new World(mondayNight);
    world.press();
    world.after(51);
    expect(world.paged()).toEqual([
      'dana@0',
      'dana@5',
      'eli@10',
      ...['dana@20', 'eli@20', 'mo@20'],
      ...['dana@30', 'eli@30', 'mo@30'],
      ...['dana@40', 'eli@40', 'mo@40'],
      ...['dana@50', 'eli@50', 'mo@50'],
    ]);
  });

  it('climbs by the policy in force at the press, whatever policy comes while it rings', () => {
    const [world, unchanged] = [new World(mondayNight), new World(mondayNight)];
    for (const each of [world, unchanged]) each.press();
    const levels = [{ afterMinutes: 0, page: [{ staff: 'mo' }] }];
    const policy = { ...world.roster.policy, levels, businessHours: { levels }, repeatMinutes: 3 };
    world.roster = { ...world.roster, policy };
    for (const each of [world, unchanged]) each.after(51);
    expect(world.paged()).toEqual(unchanged.paged());
    expect(world.state.escalation?.policy).toEqual(unchanged.roster.policy);
  });

  it('breaks the promise at 30 minutes, telling the manager on duty once', () => {
    const world = new World(mondayNight);
    world.press();
    world.after(29.9);
    expect(world.state.escalation?.promise.brokenAt).toBeNull();
    world.after(1);
    expect(world.state.escalation?.promise.brokenAt).toBe(addSeconds(mondayNight, 1800));
    expect(world.notices('promise_broken')).toEqual(['mo']);
    expect(world.types().filter((type) => type === 'escalation.promise_broken')).toHaveLength(1);
  });

  it('gives up after 4 hours, can still be taken, and starts afresh under the same id when pressed', () => {
    const world = new World(mondayNight);
    world.press();
    const id = world.state.escalation?.id;
    world.after(241);
    expect(world.state.escalation?.state).toBe('exhausted');
    world.press();
    expect(world.state.escalation).toMatchObject({ id, state: 'paging' });
    expect(world.paged().at(-1)).toBe('dana@241');
    world.send();
    world.acknowledge('dana');
    expect(world.state.escalation?.state).toBe('acknowledged');
    expect(world.state.escalation?.promise.brokenAt).not.toBeNull();
  });

  it('alerts the desk too when it opens and nobody has taken it, and lets the ladder run', () => {
    const world = new World('2026-11-24T13:50:00.000Z');
    world.press();
    world.after(21);
    expect(world.notices('desk_alert')).toHaveLength(1);
    expect(world.paged().slice(-3)).toEqual(['dana@20', 'eli@20', 'mo@20']);
  });

  it('returns the same escalation to a second press, and pages nobody again', () => {
    const world = new World(mondayNight);
    world.press();
    const before = world.state;
    expect(world.press()).toMatchObject({ unchanged: true });
    expect(world.state).toEqual(before);
  });

  it('tells the paged of a changed number always, and of other words at most once in 10 minutes', () => {
    const world = new World(mondayNight);
    world.press();
    world.send();
    const number = (phone: string) => ({
      callback: { name: 'Pat', phone, dialable: phone, textUpdates: false },
    });
    world.press(number('+12025550148'));
    world.press(number('+12025550149'));
    expect(world.notices('news')).toEqual(['dana', 'dana']);
    world.press({ ...number('+12025550149'), reason: 'cannot_send' });
    expect(world.notices('news')).toHaveLength(2);
  });

  it('refuses the eleventh ladder of a night with the number to call, and counts no second press', () => {
    const world = new World(mondayNight, roster());
    world.press();
    expect(world.night).toBe(1);
    world.press();
    expect(world.night).toBe(1);
    const other = new World(mondayNight, roster());
    other.night = 10;
    expect(other.press()).toMatchObject({
      refused: true,
      code: 'nightly_cap_reached',
      extra: { phone: '+12025550100' },
    });
    expect(other.state.escalation).toBeNull();
  });

  it('starts the clock of an outage, which waited for opening, at Escalate', () => {
    const world = new World(mondayNight);
    expect(world.state.ticket.sla.firstResponse.startsAt).toBe('2026-11-24T14:00:00.000Z');
    world.press();
    expect(world.state.ticket.sla.firstResponse.dueAt).toBe(addSeconds(mondayNight, 1800));
  });
});
