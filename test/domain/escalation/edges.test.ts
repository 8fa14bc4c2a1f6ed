import { describe, expect, it } from 'vitest';
import { cancel, claimPage, pass, promiseDue, wordsOf } from '../../../shared/domain/escalation/index.ts';
import { parseReply } from '../../../shared/domain/sms/parse.ts';
import { decideReply } from '../../../shared/domain/sms/reply.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { defaultPolicy } from '../defaults.ts';
import { bySms, mondayMorning, mondayNight, partnerActor, roster, World } from './world.ts';

const passBy = (world: World, id: string) =>
  world.do((state) => pass(state, bySms(id), { roster: world.roster, now: world.now }));

const lastPage = (world: World): string => {
  const page = world.state.pages.findLast(({ notice }) => notice === null);
  return page ? wordsOf({ ...page, code: 1 }) : '';
};

const crowd = (count: number) => {
  const base = roster();
  return Array.from({ length: count }, (_, index) => ({
    ...base.staff[0]!,
    id: `e${index}`,
    name: `E${index}`,
    phone: `+1202556${1000 + index}`,
  }));
};

/** How many items the transaction of a decision holds: ticket, escalation, night, idempotency, and the rest. */
const items = (decision: ReturnType<World['do']>) =>
  decision.refused ? 0 : 4 + decision.pages.length + decision.events.length + decision.timers.length;

describe('what is on its way when somebody takes it', () => {
  it('is not sent again afterwards, whether its worker died or SNS did not answer', () => {
    const world = new World(mondayNight);
    world.press();
    const claim = claimPage(world.state.pages[0]!, { now: world.now, claimId: 'died' });
    if (claim.kind === 'claim') world.replace(claim.page);
    world.after(0.1, () => undefined);
    world.acknowledge('dana');
    world.after(1, () => undefined);
    expect(world.state.pages.filter((page) => page.notice === null).map((page) => page.state)).toEqual([
      'void',
    ]);
  });

  it('is queued again by its timer alone, never by the message that came back', () => {
    const world = new World(mondayNight);
    world.press();
    const claim = claimPage(world.state.pages[0]!, { now: world.now, claimId: 'died' });
    if (claim.kind === 'claim') world.replace(claim.page);
    const late = addSeconds(world.now, 21);
    expect(claimPage(world.state.pages[0]!, { now: late, claimId: 'again' })).toMatchObject({
      kind: 'skip',
    });
  });

  it.each([
    ['taken', 'taken'],
    ['cancelled', 'stand_down'],
  ] as const)('is followed by the news that it was %s', (how, notice) => {
    const world = new World(mondayNight);
    world.press();
    const claim = claimPage(world.state.pages[0]!, { now: world.now, claimId: 'sending' });
    if (claim.kind === 'claim') world.replace(claim.page);
    if (how === 'taken') world.take({ person: { id: 'mo', name: 'Mo' }, role: 'manager', via: 'api' });
    else world.do((state) => cancel(state, partnerActor, { roster: world.roster, now: world.now }));
    expect(world.state.pages[0]?.state).toBe('sending');
    expect(world.notices(notice)).toEqual(['dana']);
  });

  it('is stood down even when it failed, if it may have arrived', () => {
    const world = new World(mondayNight);
    world.press();
    const lost = () => {
      const page = world.state.pages.find((each) => each.to.id === 'dana' && each.state === 'queued');
      const claim = page && claimPage(page, { now: world.now, claimId: 'lost' });
      if (claim?.kind === 'claim') world.replace(claim.page);
    };
    world.after(0.8, lost);
    world.do((state) => cancel(state, partnerActor, { roster: world.roster, now: world.now }));
    expect(world.notices('stand_down')).toContain('dana');
  });
});

describe('a promise', () => {
  it('that was kept stays kept when it is passed after its due time and taken again', () => {
    const world = new World(mondayNight);
    world.press();
    world.send();
    world.acknowledge('dana');
    world.after(40);
    passBy(world, 'dana');
    world.after(2);
    world.acknowledge('eli');
    world.after(60);
    expect(world.state.escalation?.promise.brokenAt).toBeNull();
    expect(world.types()).not.toContain('escalation.promise_broken');
  });

  it('that is over is called overdue in the page, not promised for a time that has gone', () => {
    const world = new World(mondayNight);
    world.press();
    world.after(31);
    expect(lastPage(world)).toMatch(/Reply 1a to take now: OVERDUE\.$/);
  });

  it('that was kept is not called overdue when it is passed on or nobody has called', () => {
    const held = () => {
      const world = new World(mondayNight);
      world.press();
      world.send();
      world.acknowledge('dana');
      world.comment('dana');
      world.after(40);
      return world;
    };
    const passed = held();
    passBy(passed, 'dana');
    expect(lastPage(passed)).toMatch(/Reply 1a to take now\.$/);
    const silent = held();
    silent.notContacted();
    silent.send();
    silent.after(30);
    expect(lastPage(silent)).toMatch(/Reply 1a to take now\.$/);
    expect(silent.types()).not.toContain('escalation.promise_broken');
  });

  it('that is still open is told with its time, also after it was passed', () => {
    const world = new World(mondayNight);
    world.press();
    world.send();
    world.acknowledge('dana');
    world.after(5);
    passBy(world, 'dana');
    expect(lastPage(world)).toMatch(/Reply 1a to take by 22:40 ET\.$/);
  });
});

describe('many people', () => {
  const many = (levels: number) => {
    const policy = {
      ...defaultPolicy,
      levels: Array.from({ length: levels }, (_, index) => ({
        afterMinutes: index * 5,
        page: crowd(60)
          .slice(index * 30, index * 30 + 30)
          .map(({ id }) => ({ staff: id })),
      })),
    };
    return new World(mondayNight, { ...roster(), staff: crowd(60), schedules: [], policy });
  };

  it('fit the transaction of a climb, of a taking and of an end, and all of them are paged and told', () => {
    const world = many(2);
    expect(items(world.press())).toBeLessThanOrEqual(100);
    world.after(6);
    const paged = new Set(world.state.pages.filter((page) => page.notice === null).map((page) => page.to.id));
    expect(paged.size).toBe(60);
    const taken = world.acknowledge('e0');
    expect(items(taken)).toBeLessThanOrEqual(100);
    world.after(1);
    expect(new Set(world.notices('taken')).size).toBe(59);
  });

  it('leave room for the voids when it is taken before anything was sent', () => {
    const world = many(2);
    world.press();
    world.after(8, () => undefined);
    expect(items(world.acknowledge('e0'))).toBeLessThanOrEqual(100);
    expect(world.state.escalation?.state).toBe('acknowledged');
  });
});

describe('the desk', () => {
  it('is alerted at its opening about what was exhausted by day', () => {
    const world = new World(mondayMorning);
    world.press();
    world.after(5 * 60);
    expect(world.state.escalation?.state).toBe('exhausted');
    world.after(24 * 60);
    expect(world.notices('desk_alert')).toHaveLength(2);
  });

  it('is alerted at opening about what was passed on after closing', () => {
    const world = new World('2026-11-24T00:30:00.000Z');
    world.press();
    world.after(11);
    world.acknowledge('dana');
    world.after(60);
    passBy(world, 'dana');
    expect(world.state.escalation?.route).toBe('on_call');
    world.after(14 * 60);
    expect(world.notices('desk_alert')).toHaveLength(2);
  });

  it('learns the news when the holder has no phone', () => {
    const world = new World(mondayNight);
    world.press();
    world.send();
    world.acknowledge('dana');
    world.roster = { ...world.roster, staff: world.roster.staff.map((one) => ({ ...one, phone: null })) };
    world.press({
      callback: { name: 'Pat', phone: '+12025550199', dialable: '+12025550199', textUpdates: false },
    });
    expect(world.notices('desk_alert')).toHaveLength(1);
  });
});

describe('a corrected number', () => {
  it('is in the page that was still queued', () => {
    const world = new World(mondayNight);
    world.press();
    world.press({
      callback: { name: 'Pat', phone: '+12025550199', dialable: '+12025550199', textUpdates: false },
    });
    expect(world.state.pages[0]?.words?.callback).toBe('+12025550199');
  });
});

describe('when nobody can be paged', () => {
  it('says so once in ten minutes, also when there is nobody to tell', () => {
    const world = new World(mondayNight, roster({ staff: [] }));
    world.press();
    world.after(9);
    expect(world.types().filter((type) => type === 'escalation.page_failed')).toHaveLength(1);
  });

  it('is tried each minute by day too', () => {
    const world = new World(mondayMorning, roster({ schedules: [], staff: [] }));
    world.press();
    world.send((page) => (page.notice === 'desk_alert' ? 'topic gone' : null));
    world.roster = roster();
    world.after(2);
    expect(world.paged().length).toBeGreaterThan(0);
  });

  it('does not let a duty manager without a phone silence the other managers', () => {
    const base = roster();
    const staff = [...base.staff, { ...base.staff[2]!, id: 'max', name: 'Max', phone: null }];
    const manager = {
      ...base.schedules[0]!,
      id: 'manager',
      rotations: [{ ...base.schedules[0]!.rotations[0]!, members: ['max'] }],
    };
    const world = new World(mondayNight, { ...base, staff, schedules: [...base.schedules, manager] });
    world.press();
    world.after(31);
    expect(world.notices('promise_broken')).toEqual(['mo']);
  });
});

describe('a reply', () => {
  const paging = () => {
    const world = new World(mondayNight);
    world.press();
    world.send();
    return world;
  };
  const command = (world: World, text: string, messageId: string) => ({
    reply: parseReply(text),
    held: { code: 1, escalation: world.state.escalation!.id },
    staff: world.roster.staff[0]!,
    phone: '+12025550111',
    messageId,
    roster: world.roster,
    now: world.now,
  });

  it('that takes twice tells the number to call twice', () => {
    const world = paging();
    world.do((state) => decideReply(state, command(world, '1a', 'm1')));
    world.do((state) => decideReply(state, command(world, '1a', 'm2')));
    expect(world.state.pages.at(-1)?.text).toContain('call +12025550147');
  });

  it('p, while it rings, brings the next level that pages somebody else at once', () => {
    const world = paging();
    passBy(world, 'dana');
    expect(world.paged()).toEqual(['dana@0', 'eli@0']);
  });

  it('keeps the apostrophes of a note', () => {
    expect(parseReply("1n can't reach them")).toMatchObject({ words: "can't reach them" });
  });
});

describe('the clock', () => {
  it('of a night names another night each day for a desk that never opens', () => {
    const never = roster({ calendar: { timezone: 'America/New_York', week: {} } });
    const nights = [0, 1].map((day) =>
      new World(addSeconds(mondayNight, day * 86_400), never).nightRunning(),
    );
    expect(new Set(nights).size).toBe(2);
  });

  it('put back does not lose the timer of the promise', () => {
    const world = new World(mondayNight);
    world.press();
    const early = promiseDue(world.state, {
      id: world.state.escalation!.id,
      roster: world.roster,
      now: addSeconds(mondayNight, 1799),
    });
    expect(early).toMatchObject({
      timers: [{ set: { kind: 'promise', dueAt: addSeconds(mondayNight, 1800) } }],
    });
  });

  it("frees a notice's claim before its message is shown again after 20 s", () => {
    const world = new World(mondayMorning);
    world.press();
    const claim = claimPage(world.state.pages[0]!, { now: world.now, claimId: 'died' });
    if (claim.kind === 'claim') world.replace(claim.page);
    const shownAgain = { now: addSeconds(world.now, 20), claimId: 'again' };
    expect(claimPage(world.state.pages[0]!, shownAgain)).toMatchObject({ kind: 'claim' });
  });
});
