import { describe, expect, it } from 'vitest';
import type { Callback, Page } from '../../../shared/domain/escalation/escalation.ts';
import { cancel, pass, resolveEscalation } from '../../../shared/domain/escalation/index.ts';
import { changeTicket } from '../../../shared/domain/ticket/change.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { bySms, mondayMorning, mondayNight, partnerActor, roster, World } from './world.ts';

const callback: Callback = {
  name: 'Pat',
  phone: '+1 202 555 0147',
  dialable: '+12025550147',
  textUpdates: true,
};

function pressed(world = new World(mondayNight), change: Partial<Callback> = {}): World {
  world.press({ callback: { ...callback, ...change } });
  world.send();
  return world;
}

const facts = (world: World) => ({ roster: world.roster, now: world.now });
const texts = (world: World) => {
  const updates = world.state.pages.filter((page) => page.notice === 'update');
  expect(updates.every(({ to, phone }) => to.id === 'requester' && phone === '+12025550147')).toBe(true);
  return updates.map(({ text }) => text?.replace('ND-6PC7-PS91: ', ''));
};

describe('text updates to the callback number', () => {
  it('say who is asked and by when, then who else, and never a repeat', () => {
    const world = pressed();
    world.after(55);
    expect(texts(world)).toEqual([
      'Asking Dana. A person takes it by 22:40 ET.',
      'Asking Eli.',
      'Asking Mo.',
      'Nobody took it in time. Please call +12025550100.',
    ]);
    world.after(240);
    expect(texts(world).slice(4)).toEqual(['Nobody holds it. Escalate again, or call +12025550100.']);
  });

  it('say who took it and when, who passed it on and who is asked then, and how it ended', () => {
    const world = pressed();
    world.after(2);
    world.acknowledge('dana');
    world.after(1);
    world.do((state) => pass(state, bySms('dana'), facts(world)));
    world.send();
    world.acknowledge('eli');
    world.do((state) => resolveEscalation(state, bySms('eli'), facts(world)));
    expect(texts(world).slice(1)).toEqual([
      'Taken by Dana at 22:12 ET.',
      'Dana passed it on. Asking Eli.',
      'Taken by Eli at 22:13 ET.',
      'No longer an emergency, says Eli.',
    ]);
  });

  it('say that the holder was silent, and who is asked again; and who is asked when nobody has called', () => {
    const world = pressed();
    world.acknowledge('dana');
    world.after(40);
    world.send();
    world.acknowledge('dana');
    world.notContacted();
    expect(texts(world).slice(2)).toEqual([
      'No word from Dana. Asking Dana.',
      'Taken by Dana at 22:50 ET.',
      'Asking Dana. Asking Eli.',
    ]);
  });

  it.each([
    [
      'cancelled',
      (world: World) => cancel(world.state, partnerActor, facts(world)),
      'The emergency was cancelled by Acme MSP.',
    ],
    [
      'resolved with its ticket',
      (world: World) => changeTicket(world.state, { status: 'resolved', by: partnerActor }, facts(world)),
      'No longer an emergency, says Acme MSP.',
    ],
  ])('say that it was %s', (_name, finish, words) => {
    const world = pressed();
    world.do(() => finish(world));
    expect(texts(world).at(-1)).toBe(words);
  });

  it('say by day that the desk is alerted, and whom to call when nobody can be paged', () => {
    const world = pressed(new World(mondayMorning));
    world.after(11);
    expect(texts(world)).toEqual([
      'The support desk is alerted. A person takes it by 10:30 ET.',
      'Asking Dana.',
    ]);
    const alone = pressed(new World(mondayNight, roster({ staff: [] })));
    alone.after(25);
    expect(texts(alone)).toEqual(['Nobody can be paged just now, we keep trying. Please call +12025550100.']);
  });

  describe('where nobody can be paged any more', () => {
    const call = 'Nobody can be paged just now, we keep trying. Please call +12025550100.';
    const nobody = (page: Page) => (page.notice === 'update' ? null : 'opted out');
    const textsTo = (world: World, phone: string) =>
      world.state.pages.flatMap((page) =>
        page.notice === 'update' && page.phone === phone ? [page.text?.replace('ND-6PC7-PS91: ', '')] : [],
      );
    const sending = (world: World) => () => {
      while (world.state.pages.some(({ state }) => state === 'queued')) world.send(nobody);
    };

    function optedOut(): World {
      const world = new World(mondayNight);
      world.press({ callback });
      world.after(1, sending(world));
      return world;
    }

    it('end on whom to call, also after somebody was asked again, and do not repeat it', () => {
      const world = optedOut();
      expect(texts(world).at(-1)).toBe(call);
      world.after(1, sending(world));
      world.notContacted();
      expect(texts(world).at(-1)).toMatch(/^Asking /);
      world.after(1, sending(world));
      expect(texts(world).at(-1)).toBe(call);
      const said = texts(world).length;
      world.after(24, sending(world));
      expect(texts(world)).toHaveLength(said);
    });

    it('say so again once somebody was reached and then nobody', () => {
      const world = optedOut();
      world.after(5);
      world.acknowledge('dana');
      world.do((state) => pass(state, bySms('dana'), facts(world)));
      world.after(1, sending(world));
      expect(texts(world).slice(-2)).toEqual([expect.stringMatching(/^Dana passed it on. Asking /), call]);
    });

    it('tell another number at once', () => {
      const world = optedOut();
      world.after(20, sending(world));
      const other = '+12025550148';
      world.press({ callback: { ...callback, phone: other, dialable: other } });
      world.after(5, sending(world));
      expect(textsTo(world, other)).toEqual([call]);
    });
  });

  it('give times in the requester’s zone, with the desk’s beside it', () => {
    const world = new World(mondayNight);
    const { ticket } = world.state;
    const requester = { ...ticket.requester, timezone: 'America/Chicago' };
    world.state = { ...world.state, ticket: { ...ticket, requester } };
    expect(texts(pressed(world))).toEqual(['Asking Dana. A person takes it by 21:40 CT (22:40 ET).']);
  });

  it.each([
    ['not asked for', { textUpdates: false }],
    ['a number that cannot be dialled', { phone: 'ask at the gate', dialable: null }],
  ])('are not sent when %s', (_why, change) => {
    const world = pressed(new World(mondayNight), change);
    world.acknowledge('dana');
    expect(world.notices('update')).toEqual([]);
  });

  it('go on after a second press that says nothing of them, also on what was exhausted, and end with one that does not want them', () => {
    const world = pressed();
    world.after(241);
    world.press({ callback: { ...callback, textUpdates: null } });
    const before = texts(world).length;
    expect(world.state.escalation?.callback.textUpdates).toBe(true);
    world.press({ callback: { ...callback, phone: '+1 202 555 0148', textUpdates: null } });
    expect(world.state.escalation?.callback.textUpdates).toBe(true);
    world.press({ callback: { ...callback, textUpdates: false } });
    world.acknowledge('dana');
    expect(texts(world)).toHaveLength(before);
  });

  it('begin with a second press that asks for them, which disturbs nobody else', () => {
    const world = pressed(new World(mondayNight), { textUpdates: false });
    world.press({ callback: { ...callback, phone: '+12025550147' } });
    expect(world.notices('news')).toEqual([]);
    world.acknowledge('dana');
    expect(texts(world)).toEqual(['Taken by Dana at 22:10 ET.']);
  });

  it('fit one segment whatever the names are, and say nothing of the ticket', () => {
    const base = roster();
    const staff = base.staff.map((one) => ({ ...one, name: `Żółć {${one.id}} `.repeat(6) }));
    const world = pressed(new World(mondayNight, { ...base, staff }));
    world.after(31);
    for (const page of world.state.pages.filter(({ notice }) => notice === 'update')) {
      expect(page.text).toMatch(/^[ !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z]{1,160}$/);
      expect(page.text).not.toContain(world.state.ticket.subject);
    }
  });

  it('keep the number to call whole beside a long name', () => {
    const world = pressed();
    const name = `Dana ${'de la Cruz '.repeat(10)}`;
    world.take({ ...bySms('dana'), person: { id: 'dana', name } });
    world.roster = roster({ staff: [] });
    world.after(60);
    expect(texts(world).some((text) => text?.includes('Please call +12025550100.'))).toBe(true);
    for (const text of texts(world)) expect(text).not.toMatch(/call \+(?!12025550100)/);
  });

  it('that fail bring nobody out of bed', () => {
    const world = new World(mondayNight);
    world.press({ callback });
    world.send((page) => (page.notice === 'update' ? 'opted out' : null));
    expect(world.paged()).toEqual(['dana@0']);
    expect(world.types()).not.toContain('escalation.page_failed');
    world.moveTo(addSeconds(mondayNight, 120));
    expect(world.paged()).toEqual(['dana@0']);
  });
});
