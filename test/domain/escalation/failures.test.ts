import { describe, expect, it } from 'vitest';
import { claimPage } from '../../../shared/domain/escalation/results.ts';
import { whom } from '../../../shared/domain/escalation/whom.ts';
import { defaultPolicy } from '../defaults.ts';
import { mondayNight, roster, World } from './world.ts';

const held = (world: World) => {
  if (!world.state.escalation) throw new Error('nothing was pressed');
  return world.state.escalation;
};

describe('when a page cannot be sent', () => {
  it('brings the next level at once, and does not page that level again at its own time', () => {
    const world = new World(mondayNight);
    world.press();
    world.send((page) => (page.to.id === 'dana' ? 'opted out' : null));
    expect(world.paged()).toEqual(['dana@0', 'dana@0']);
    world.send((page) => (page.to.id === 'dana' ? 'opted out' : null));
    expect(world.paged()).toEqual(['dana@0', 'dana@0', 'eli@0']);
    world.after(15, () => world.send());
    expect(world.paged()).toHaveLength(3);
  });

  it('queues a page again that was not sent in 20 s, and fails it 20 s later', () => {
    const world = new World(mondayNight);
    world.press();
    world.after(0.5, () => undefined);
    expect(world.state.pages[0]).toMatchObject({ state: 'queued', attempt: 2 });
    expect(world.events.at(-1)).toMatchObject({
      type: 'escalation.page_retried',
      data: { page: { to: { id: 'dana' }, level: 1 }, because: 'it was not sent in time' },
    });
    world.after(0.2, () => undefined);
    expect(world.state.pages[0]?.state).toBe('failed');
    expect(world.paged()).toHaveLength(2);
    expect(world.types().filter((type) => type === 'escalation.page_retried')).toHaveLength(1);
  });

  it('says that a second message may come, when nobody knows whether the first was sent', () => {
    const world = new World(mondayNight);
    world.press();
    const page = world.state.pages[0]!;
    const claim = claimPage(page, { now: world.now, claimId: 'clm_lost' });
    if (claim.kind === 'claim') world.replace(claim.page);
    world.after(0.5, () => undefined);
    expect(world.events.at(-1)?.data).toMatchObject({
      page: { id: page.id },
      because: 'whether it was sent is not known',
    });
  });

  it('tells managers and admins when nobody can be paged, and tries again each minute', () => {
    const everyoneGone = roster({ schedules: [] });
    const world = new World(mondayNight, {
      ...everyoneGone,
      staff: everyoneGone.staff.map((member) =>
        member.id === 'ada' ? { ...member, phone: '+12025550114' } : { ...member, suspended: true },
      ),
    });
    world.press();
    expect(world.paged()).toEqual([]);
    expect(world.notices('unreachable')).toEqual(['ada']);
    // By another way than the one that failed: the desk's mailboxes, once as well.
    expect(world.notices('desk_alert')).toEqual(['desk']);
    world.after(3);
    expect(world.notices('unreachable')).toEqual(['ada']);
    expect(world.notices('desk_alert')).toEqual(['desk']);
    world.roster = roster();
    world.after(1);
    expect(world.paged()[0]).toBe('dana@4');
    expect(world.state.escalation?.unreachableSince).toBeNull();
  });

  it('is no longer said once somebody has taken it, nor that it ended without its day', () => {
    const world = new World(mondayNight, roster({ schedules: [], staff: [] }));
    world.press();
    expect(world.state.escalation?.unreachableSince).not.toBeNull();
    world.take({ person: { id: 'mo', name: 'Mo' }, role: 'manager', via: 'api' });
    expect(world.state.escalation?.unreachableSince).toBeNull();
    world.state = { ...world.state, escalation: { ...held(world), state: 'resolved', endedAt: world.now } };
    expect(world.take({ person: { id: 'mo', name: 'Mo' }, role: 'manager', via: 'api' })).toMatchObject({
      refused: true,
      detail: expect.stringMatching(/^This escalation was resolved, \w{3} \d+ \w{3} 22:10 ET\.$/),
    });
  });

  it('goes on each minute without a storm when every phone fails', () => {
    const world = new World(mondayNight);
    world.press();
    const nobody = () => {
      for (let round = 0; round < 10; round++)
        world.send((page) => (page.notice === null ? 'spend limit' : null));
    };
    world.after(5, nobody);
    const perMinute = world.paged().filter((entry) => entry.endsWith('@2')).length;
    expect(perMinute).toBeGreaterThan(0);
    expect(perMinute).toBeLessThanOrEqual(6);
  });

  it('records a late failure of an earlier level without paging anybody for it', () => {
    const world = new World(mondayNight);
    world.press();
    world.after(11);
    const first = world.state.pages[0];
    const before = world.paged();
    world.fail(first?.id ?? '', 'bad number');
    expect(world.paged()).toEqual(before);
    expect(world.types().at(-1)).toBe('escalation.page_failed');
  });

  it('says in the timeline why a level was passed over', () => {
    const world = new World(mondayNight, roster({ schedules: roster().schedules.slice(1) }));
    world.press();
    const paged = world.events.find((event) => event.type === 'escalation.paged');
    expect(paged?.data).toMatchObject({ level: 3, skipped: [{ level: 1 }, { level: 2 }] });
  });

  it('pages everyone at once when the last level has nobody, and again at their own time', () => {
    const levels = [
      { afterMinutes: 0, page: [{ schedule: 'primary' }] },
      { afterMinutes: 5, page: [{ role: 'agent' as const }] },
    ];
    const world = new World(mondayNight, { ...roster(), policy: { ...defaultPolicy, levels } });
    world.press();
    world.after(29);
    expect(world.paged()).toEqual(['dana@0', 'dana@5', 'mo@5']);
    expect(world.types()).not.toContain('escalation.page_failed');
    const paged = world.events.findLast(({ type }) => type === 'escalation.paged');
    expect(paged?.data).toMatchObject({
      level: 3,
      because: 'level 2 has nobody to page',
      skipped: [{ level: 2, because: 'nobody to page' }],
    });
    world.after(2);
    expect(world.paged().slice(3)).toEqual(['dana@30', 'mo@30']);
  });

  it('pages everyone at once when all of the last level fails, and says that nobody can be paged only then', () => {
    const levels = [
      { afterMinutes: 0, page: [{ schedule: 'primary' }] },
      { afterMinutes: 5, page: [{ schedule: 'secondary' }] },
    ];
    const world = new World(mondayNight, { ...roster(), policy: { ...defaultPolicy, levels } });
    const broken = ['eli'];
    const send = () => world.send((page) => (broken.includes(page.to.id) ? 'bad number' : null));
    world.press();
    world.after(29, send);
    expect(world.paged()).toEqual(['dana@0', 'eli@5', 'dana@5', 'eli@5', 'mo@5']);
    expect(world.notices('unreachable')).toEqual([]);
    world.after(2, send);
    expect(world.paged().slice(5)).toEqual(['dana@30', 'eli@30', 'mo@30']);
    broken.push('dana', 'mo');
    world.after(10, () => {
      for (let round = 0; round < 10; round++) send();
    });
    expect(world.notices('unreachable')).toEqual(['mo']);
  });

  it('pages more people than one transaction holds in the next one, at once', () => {
    const base = roster();
    const crowd = Array.from({ length: 30 }, (_, index) => ({
      ...base.staff[0]!,
      id: `e${index}`,
      phone: `+1202556${1000 + index}`,
    }));
    const policy = { ...defaultPolicy, levels: [{ afterMinutes: 0, page: [{ role: 'engineer' as const }] }] };
    const world = new World(mondayNight, { ...base, staff: crowd, policy, schedules: [] });
    world.press();
    expect(world.paged()).toHaveLength(25);
    world.after(0.1);
    expect(world.paged()).toHaveLength(30);
    expect(new Set(world.state.pages.map((page) => page.to.id)).size).toBe(30);
  });
});

describe('whom a level pages', () => {
  it('prefers the manager schedule and falls back to all active managers', () => {
    const facts = roster();
    expect(whom([{ role: 'manager' }], facts, facts.policy, mondayNight).map((one) => one.id)).toEqual([
      'mo',
    ]);
    const withDuty = {
      ...facts,
      schedules: [
        ...facts.schedules,
        {
          ...facts.schedules[0]!,
          id: 'manager',
          rotations: [{ ...facts.schedules[0]!.rotations[0]!, members: ['eli'] }],
        },
      ],
    };
    expect(whom([{ role: 'manager' }], withDuty, facts.policy, mondayNight).map((one) => one.id)).toEqual([
      'eli',
    ]);
  });

  it('names nobody twice, nobody suspended and nobody without a phone', () => {
    const facts = roster();
    const all = whom(
      [{ everyone: true }, { schedule: 'primary' }, { role: 'admin' }],
      facts,
      facts.policy,
      mondayNight,
    );
    expect(all.map((one) => one.id)).toEqual(['dana', 'eli', 'mo']);
  });
});
