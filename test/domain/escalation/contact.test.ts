import { describe, expect, it } from 'vitest';
import { cancel, pass, resolveEscalation, wordsOf } from '../../../shared/domain/escalation/index.ts';
import { parseReply } from '../../../shared/domain/sms/parse.ts';
import { decideReply } from '../../../shared/domain/sms/reply.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { bySms, mondayMorning, mondayNight, partnerActor, roster, World } from './world.ts';

/** Taken by Dana after `minutes`, at night; everything is sent as it comes. */
function taken(minutes = 0, world = new World(mondayNight)): World {
  world.press();
  world.after(minutes);
  world.send();
  world.acknowledge('dana');
  world.send();
  return world;
}

const facts = (world: World) => ({ roster: world.roster, now: world.now });
const contact = (world: World) => world.state.pages.filter((page) => page.notice === 'contact');
const at = (world: World, minutes: number) => world.moveTo(addSeconds(mondayNight, minutes * 60));
const byApi = (id: string, role: 'agent' | 'manager') => ({
  person: { id, name: id },
  role,
  via: 'api' as const,
});
const reply = (world: World, text: string, id: string) => {
  const staff = world.roster.staff.find((one) => one.id === id)!;
  const held = { code: 1, escalation: world.state.escalation!.id };
  const messageId = `${text}-${world.now}`;
  return world.do((state) =>
    decideReply(state, {
      ...{ reply: parseReply(text), held, staff, phone: staff.phone ?? '', messageId },
      ...facts(world),
    }),
  );
};

describe('the check that the holder is at work', () => {
  it.each([
    ['at the promise’s due time when it was taken early', 3, 30],
    ['15 minutes after the taking when that is later', 22, 37],
    ['15 minutes after a taking past the due time', 45, 60],
  ])('asks the holder %s', (_when, takenAfter, askedAt) => {
    const world = taken(takenAfter);
    at(world, askedAt - 0.1);
    expect(contact(world)).toEqual([]);
    at(world, askedAt);
    expect(contact(world).map((page) => page.to.id)).toEqual(['dana']);
    expect(world.types().at(-1)).toBe('escalation.contact_asked');
    expect(world.state.escalation?.state).toBe('acknowledged');
  });

  it('starts the ladder afresh 10 minutes later, and leaves a kept promise kept', () => {
    const world = taken(3);
    at(world, 39.9);
    expect(world.paged()).toEqual(['dana@0']);
    at(world, 51);
    expect(world.paged()).toEqual(['dana@0', 'dana@40', 'dana@45', 'eli@50']);
    expect(world.state.escalation).toMatchObject({
      state: 'paging',
      acknowledgedBy: null,
      contactedAt: null,
      promiseKept: true,
      promise: { brokenAt: null },
    });
    expect(world.types()).toContain('escalation.contact_lost');
    world.after(300);
    expect(world.state.escalation).toMatchObject({ state: 'exhausted', promise: { brokenAt: null } });
  });

  it.each([
    ['a comment', (world: World) => world.comment('dana')],
    ['an internal comment', (world: World) => world.comment('dana', true)],
    ['a again', (world: World) => world.acknowledge('dana')],
    ['a note by SMS', (world: World) => reply(world, '1n calling them now', 'dana')],
    ['1a by SMS', (world: World) => reply(world, '1a', 'dana')],
  ])(
    'takes %s for a word: contact is made once, and the next question is an hour after the last word',
    (_name, speak) => {
      const world = taken();
      at(world, 5);
      speak(world);
      expect(world.state.escalation).toMatchObject({
        contactedAt: addSeconds(mondayNight, 300),
        contact: { heardAt: addSeconds(mondayNight, 300), asked: null },
      });
      at(world, 50);
      speak(world);
      expect(world.types().filter((type) => type === 'escalation.contacted')).toHaveLength(1);
      expect(world.state.escalation?.contactedAt).toBe(addSeconds(mondayNight, 300));
      at(world, 109.9);
      expect(contact(world)).toEqual([]);
      at(world, 110);
      expect(contact(world)).toHaveLength(1);
      at(world, 119.9);
      expect(world.state.escalation?.state).toBe('acknowledged');
      at(world, 120);
      expect(world.state.escalation?.state).toBe('paging');
    },
  );

  it.each([
    ['the partner', 'acme'],
    ['somebody else of the staff', 'eli'],
  ])('does not take words of %s for the holder’s', (_name, who) => {
    const world = taken();
    at(world, 5);
    world.comment(who);
    expect(world.state.escalation?.contactedAt).toBeNull();
    at(world, 30);
    expect(contact(world)).toHaveLength(1);
  });

  it('is answered in time by a word: nothing starts afresh', () => {
    const world = taken();
    at(world, 35);
    reply(world, 'a', 'dana');
    expect(world.state.escalation?.contactedAt).toBe(addSeconds(mondayNight, 35 * 60));
    at(world, 94);
    expect(world.paged()).toEqual(['dana@0']);
    expect(contact(world)).toHaveLength(1);
  });

  it.each([
    ['resolved', (world: World) => resolveEscalation(world.state, bySms('dana'), facts(world))],
    ['cancelled', (world: World) => cancel(world.state, partnerActor, facts(world))],
  ])('ends when it is %s', (_name, finish) => {
    const world = taken();
    world.do(() => finish(world));
    world.after(300);
    expect(contact(world)).toEqual([]);
    expect([...world.timers.keys()].filter((key) => !key.startsWith('sla'))).toEqual([]);
  });

  it('begins anew for whoever takes it after a pass', () => {
    const world = taken();
    at(world, 10);
    world.comment('dana');
    world.do((state) => pass(state, bySms('dana'), facts(world)));
    expect(world.state.escalation).toMatchObject({ contactedAt: null, contact: null });
    world.send();
    world.acknowledge('eli');
    at(world, 30);
    expect(contact(world).map((page) => page.to.id)).toEqual(['eli']);
  });

  it('says which emergency, whom to call, how to answer and what happens otherwise, in one segment', () => {
    const world = taken();
    at(world, 30);
    const text = wordsOf({ ...contact(world)[0]!, code: 12 });
    expect(text).toBe(
      'ND-6PC7-PS91: any news? Acme MSP, call +12025550147. Reply 12a, or 12n and words, by 22:50 ET, or on-call is paged again.',
    );
    const long = { ...contact(world)[0]!.words!, partnerName: 'N'.repeat(90), callback: '9'.repeat(60) };
    const cut = wordsOf({ ...contact(world)[0]!, words: long, code: 99 });
    expect(cut.length).toBeLessThanOrEqual(160);
    expect(cut).toContain('Reply 99a');
  });

  it('goes to the desk once it has opened, not to the sleeper, and anybody of the desk may answer it', () => {
    const world = new World('2026-11-24T13:50:00.000Z');
    taken(0, world);
    world.after(31);
    expect(contact(world)).toEqual([]);
    expect(world.notices('desk_alert')).toHaveLength(1);
    expect(world.state.pages.at(-1)?.text).toContain('Dana holds it, and there is no word since 08:50 ET');
    world.comment('ana');
    expect(world.types().at(-1)).toBe('escalation.contacted');
    world.after(12);
    expect(world.state.escalation?.state).toBe('acknowledged');
  });

  it('starts the desk’s ladder when the desk has opened since the holder was asked', () => {
    const world = new World('2026-11-24T13:25:00.000Z');
    taken(0, world);
    world.after(31);
    expect(contact(world)).toHaveLength(1);
    world.after(9.5);
    expect(world.state.escalation).toMatchObject({ state: 'paging', route: 'desk', level: 0 });
    expect(world.notices('desk_alert')).toHaveLength(1);
    expect(world.notices('contact_lost')).toEqual(['dana']);
    world.after(10);
    expect(world.paged().slice(1)).toEqual(['dana@50']);
  });

  it('goes to the desk when the holder has no phone, and on-call is paged 10 minutes later', () => {
    const base = roster();
    const ana = { ...base.staff[0]!, id: 'ana', name: 'Ana', role: 'agent' as const, phone: null };
    const world = new World(mondayNight, { ...base, staff: [...base.staff, ana] });
    world.press();
    world.send();
    reply(world, 'a', 'ana');
    expect(world.state.escalation?.state).toBe('paging');
    world.take(byApi('ana', 'agent'));
    at(world, 30);
    expect(world.notices('desk_alert')).toHaveLength(1);
    at(world, 40);
    expect(world.paged()).toEqual(['dana@0', 'dana@40']);
    expect(world.notices('contact_lost')).toEqual([]);
  });

  it('lets a manager who took it over the API answer by SMS, and learn that it was taken from them', () => {
    const world = new World(mondayNight);
    world.press();
    world.send();
    world.take(byApi('mo', 'manager'));
    at(world, 31);
    expect(contact(world).map((page) => page.to.id)).toEqual(['mo']);
    reply(world, '1a', 'mo');
    expect(world.state.escalation?.contact?.asked).toBeNull();
    at(world, 31 + 71);
    expect(world.state.escalation?.state).toBe('paging');
    expect(world.notices('contact_lost')).toEqual(['mo']);
    reply(world, '1a', 'mo');
    expect(world.state.escalation?.acknowledgedBy?.id).toBe('mo');
  });

  it('starts the ladder afresh at once when the question cannot reach the holder', () => {
    const world = taken();
    world.moveTo(addSeconds(mondayNight, 1800), () =>
      world.send((page) => (page.notice === 'contact' ? 'opted out' : null)),
    );
    world.send((page) => (page.notice === 'contact' ? 'opted out' : null));
    expect(world.types()).toEqual(
      expect.arrayContaining(['escalation.page_failed', 'escalation.contact_lost']),
    );
    expect(world.paged()).toEqual(['dana@0', 'dana@30']);
  });

  it('opens the promise again when a long promise still runs', () => {
    const base = roster();
    const world = new World(mondayNight, { ...base, policy: { ...base.policy, promiseMinutes: 120 } });
    taken(0, world);
    at(world, 5);
    world.comment('dana');
    at(world, 75);
    expect(world.state.escalation).toMatchObject({ state: 'paging', promiseKept: false });
    at(world, 120);
    expect(world.state.escalation?.promise.brokenAt).toBe(addSeconds(mondayNight, 7200));
  });
});

describe('nobody has called', () => {
  it('pages the holder and the next level at once, and the first to answer has it', () => {
    const world = taken(1);
    at(world, 12);
    world.notContacted();
    expect(world.paged()).toEqual(['dana@0', 'dana@12', 'eli@12']);
    expect(world.events.find((event) => event.type === 'escalation.not_contacted')).toMatchObject({
      actor: partnerActor,
      data: { from: { id: 'dana' } },
    });
    world.send();
    world.acknowledge('dana');
    expect(world.notices('taken')).toEqual(['eli']);
    expect(world.state.escalation?.acknowledgedBy?.id).toBe('dana');
  });

  it('goes on with the levels after it, and the promise is open again before its due time', () => {
    const world = taken(1);
    at(world, 12);
    world.notContacted();
    at(world, 23);
    expect(world.paged().slice(3)).toEqual(['dana@22', 'eli@22', 'mo@22']);
    at(world, 31);
    expect(world.state.escalation?.promise.brokenAt).not.toBeNull();
  });

  it('leaves a promise kept that was kept', () => {
    const world = taken(1);
    at(world, 29);
    world.comment('dana');
    at(world, 40);
    world.notContacted();
    at(world, 60);
    expect(world.state.escalation).toMatchObject({ promiseKept: true, promise: { brokenAt: null } });
  });

  it('does not storm when it is said again within minutes', () => {
    const world = taken(1);
    world.notContacted();
    world.send();
    const before = world.state;
    expect(world.notContacted()).toMatchObject({ unchanged: true });
    expect(world.state).toEqual(before);
    world.acknowledge('dana');
    world.after(6);
    world.notContacted();
    expect(world.state.escalation?.state).toBe('paging');
  });

  it('brings the next level at once while nobody holds it', () => {
    const world = new World(mondayNight);
    world.press();
    world.after(6);
    world.notContacted();
    expect(world.paged()).toEqual(['dana@0', 'dana@5', 'eli@6']);
    world.after(10);
    expect(world.paged()).toHaveLength(3);
  });

  it('pages the holder alone when there is nobody else, and goes on', () => {
    const base = roster();
    const world = taken(0, new World(mondayNight, { ...base, staff: base.staff.slice(0, 1) }));
    world.notContacted();
    expect(world.paged()).toEqual(['dana@0', 'dana@0']);
    world.after(6);
    expect(world.paged()).toEqual(['dana@0', 'dana@0', 'dana@5']);
  });

  it('alerts the desk when the holder has no phone, and pages on-call at once', () => {
    const world = new World(mondayMorning);
    world.press();
    world.take(byApi('ana', 'agent'));
    world.after(10);
    world.notContacted();
    expect(world.notices('desk_alert')).toHaveLength(2);
    expect(world.paged()).toEqual(['dana@10']);
  });

  it('is 409 when nothing is active, and says what to do when nobody took it', () => {
    const world = new World(mondayNight);
    expect(world.notContacted()).toMatchObject({ refused: true, code: 'not_active' });
    world.press();
    world.after(241);
    expect(world.notContacted()).toMatchObject({
      code: 'not_active',
      detail: expect.stringContaining('+12025550100'),
    });
    world.do((state) => cancel(state, partnerActor, facts(world)));
    expect(world.notContacted()).toMatchObject({ refused: true, code: 'not_active' });
  });
});
