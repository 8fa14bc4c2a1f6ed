import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changeIncident,
  type Incident,
  openIncident,
  viewOf,
} from '../../../shared/domain/incident/incident.ts';
import { incidentNumber, parseIncidentNumber } from '../../../shared/domain/incident/number.ts';
import { informTicket } from '../../../shared/domain/incident/tickets.ts';
import { mondayNight } from '../escalation/world.ts';
import { Many } from '../outage/many.ts';

const by = { kind: 'staff' as const, id: 'mo', name: 'Mo' };
const opened = (text: string | null = null): Incident =>
  openIncident(
    { number: 'INC-6PC7-PS91', title: 'Mail is delayed', service: 'mail', since: null, text, by },
    mondayNight,
  ).incident;
const later = '2026-11-24T04:00:00.000Z';

const follows = (world: Many, n: number) => world.cases[n]?.escalation?.outage?.follows ?? false;
const state = (world: Many, n: number) => world.cases[n]?.escalation?.state;

describe('an incident', () => {
  it('has a number that is read as people write it, and shows every wrong symbol', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 7, maxLength: 7 }), fc.nat(7), (bytes, at) => {
        const number = incidentNumber(bytes);
        expect(number).toMatch(/^INC-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(parseIncidentNumber(` ${number.toLowerCase().replaceAll('-', ' ')}`)).toBe(number);
        const code = number.slice(4).replace('-', '');
        const wrong = code.slice(0, at) + (code[at] === '7' ? '8' : '7') + code.slice(at + 1);
        expect(parseIncidentNumber(`INC${wrong}`)).toBeNull();
      }),
      { numRuns: 50 },
    );
    for (const text of ['', 'INC', 'ND-6PC7-PS91', 'INC-INC-6PC7-PS91'])
      expect(parseIncidentNumber(text)).toBeNull();
  });

  it('shows its latest public words, and keeps those before', () => {
    const { incident } = changeIncident(opened('We look into it.'), { text: 'A disk is full.', by }, later);
    expect(viewOf(incident)).toMatchObject({ text: 'A disk is full.', state: 'open', updatedAt: later });
    expect(incident.updates.map(({ text }) => text)).toEqual(['We look into it.', 'A disk is full.']);
    expect(incident.version).toBe(2);
  });

  it('is resolved, reopened and changed with an event each, and what changes nothing has none', () => {
    const done = changeIncident(opened(), { state: 'resolved', by }, later);
    expect(done.events.map(({ type }) => type)).toEqual(['incident.resolved']);
    expect(done.incident.resolvedAt).toBe(later);
    expect(changeIncident(done.incident, { state: 'resolved', title: 'Mail is delayed', by }, later)).toEqual(
      {
        incident: done.incident,
        events: [],
      },
    );
    const again = changeIncident(done.incident, { state: 'open', by }, later);
    expect(again.events.map(({ type }) => type)).toEqual(['incident.updated']);
    expect(again.incident.resolvedAt).toBeNull();
  });
});

describe('emergencies on the tickets of an open incident', () => {
  const linked = (count: number) => {
    const world = new Many(mondayNight);
    for (let n = 0; n < count; n++) {
      world.open(n === 1 ? 'web' : n === 2 ? null : 'mail');
      world.link(n, opened());
    }
    return world;
  };

  it('follow the first, whatever their service and reason: one pages', () => {
    const world = linked(4);
    world.press(0);
    world.press(1, { reason: 'other', detail: 'strange' });
    world.press(2, { reason: 'blocked' });
    world.press(3, { reason: 'cannot_send' });
    expect([0, 1, 2, 3].map((n) => world.paged(n))).toEqual([['dana'], [], [], []]);
    expect([0, 1, 2, 3].map((n) => follows(world, n))).toEqual([false, true, true, true]);
    world.take(3, 'dana');
    world.deliver();
    expect([0, 1, 2, 3].map((n) => state(world, n))).toEqual(Array(4).fill('acknowledged'));
    expect(world.nights).toBe(1);
  });

  it('have another lead when theirs ends, and page anew when nobody leads', () => {
    const world = linked(3);
    world.press(0);
    world.press(1);
    world.cancel(0);
    world.deliver();
    expect(follows(world, 1)).toBe(false);
    expect(world.paged(1)).toEqual(['dana']);
    world.cancel(1);
    world.deliver();
    world.press(2);
    expect(world.paged(2)).toEqual(['dana']);
  });

  it('take their place when they are linked later: the first leads, one that pages follows', () => {
    const world = new Many(mondayNight);
    const [first, second] = [world.escalate({ reason: 'blocked' }), world.escalate({}, 'web')];
    world.take(first, 'dana');
    for (const n of [first, second]) world.link(n, opened());
    expect([first, second].map((n) => follows(world, n))).toEqual([false, true]);
    expect(world.shown(second).acknowledgedBy?.id).toBe('dana');
    world.after(61);
    expect(world.cases[first]?.pages.some((page) => page.notice === 'count')).toBe(true);
    world.cancel(first);
    world.deliver();
    expect(follows(world, second)).toBe(false);
    expect(state(world, second)).toBe('acknowledged');
  });

  it('bring another number to call, that was told when it came, to who holds them', () => {
    const world = new Many(mondayNight);
    const first = world.escalate({}, 'mail');
    world.link(first, opened());
    world.after(600);
    world.take(first, 'eli');
    const second = world.escalate({}, 'web');
    world.after(1);
    world.press(second, {
      callback: { name: 'Pat', phone: '+12025550199', dialable: '+12025550199', textUpdates: false },
    });
    world.link(second, opened());
    world.deliver();
    expect([follows(world, second), state(world, second)]).toEqual([true, 'acknowledged']);
    const told = world.cases[second]?.pages.filter(({ notice }) => notice === 'news') ?? [];
    expect(told.map(({ to, text }) => `${to.id}: ${text?.includes('+12025550199')}`)).toEqual([
      'dana: true',
      'eli: true',
    ]);
  });

  it('stay with who holds them when they are linked', () => {
    const world = new Many(mondayNight);
    const [first, second] = [world.escalate(), world.escalate({}, 'web')];
    world.take(second, 'dana');
    for (const n of [first, second]) world.link(n, opened());
    expect([first, second].map((n) => follows(world, n))).toEqual([false, false]);
    expect([first, second].map((n) => state(world, n))).toEqual(['paging', 'acknowledged']);
  });

  it('follow the lead of an outage that was there before, once its ticket is linked', () => {
    const world = new Many(mondayNight);
    for (let n = 0; n < 3; n++) world.escalate();
    world.after(1);
    world.link(0, opened());
    const late = world.open('web');
    world.link(late, opened());
    world.press(late, { reason: 'other', detail: 'strange' });
    expect(follows(world, late)).toBe(true);
    expect(world.paged(late)).toEqual([]);
    world.take(0, 'dana');
    world.deliver();
    expect([1, 2, late].map((n) => state(world, n))).toEqual(Array(3).fill('acknowledged'));
    world.cancel(0);
    world.deliver();
    expect([1, 2, late].map((n) => follows(world, n))).toEqual([false, true, false]);
  });

  it('go on when it is resolved; what is pressed after that is on its own', () => {
    const world = linked(3);
    world.press(0);
    world.press(1);
    const { incident } = changeIncident(opened(), { state: 'resolved', by }, later);
    for (const n of [0, 1, 2]) world.do(n, (each) => informTicket(each, incident, world.now));
    expect([0, 1].map((n) => state(world, n))).toEqual(['paging', 'paging']);
    world.press(2);
    expect(world.paged(2)).toEqual(['dana']);
    world.take(0, 'dana');
    world.deliver();
    expect([0, 1, 2].map((n) => state(world, n))).toEqual(['acknowledged', 'acknowledged', 'paging']);
  });
});

describe('an emergency whose ticket is linked while it follows another', () => {
  const other = { ...opened(), number: 'INC-0000-0000' };
  /** Four of one service, of which the first leads; and one on another service that leads the incident. */
  const outageAndIncident = () => {
    const world = new Many(mondayNight);
    for (let n = 0; n < 4; n++) world.escalate();
    world.after(1);
    const lead = world.escalate({ reason: 'other', detail: 'strange' }, 'web');
    world.link(lead, opened());
    return { world, lead };
  };
  const memberOf = (world: Many, n: number) =>
    [...world.members].flatMap(([outage, rows]) =>
      rows.has(world.cases[n]?.escalation?.id ?? '') ? [outage] : [],
    );

  it('follows the lead of the incident from then on, and nobody pages for it meanwhile', () => {
    const { world, lead } = outageAndIncident();
    world.link(2, opened());
    expect(memberOf(world, 2)).toEqual([world.groups.get(`incident/${opened().number}`)?.id]);
    world.take(lead, 'dana');
    world.deliver();
    expect([0, 2, 3, lead].map((n) => state(world, n))).toEqual([
      'paging',
      'acknowledged',
      'paging',
      'acknowledged',
    ]);
    expect(world.paged(2)).toEqual([]);
    world.cancel(lead);
    world.deliver();
    expect(follows(world, 2)).toBe(false);
    expect(world.shown(2)).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: 'dana' } });
  });

  it('stays with who holds it, and with what pages for it while nobody leads the incident', () => {
    const { world } = outageAndIncident();
    world.take(0, 'dana');
    world.link(2, opened());
    world.deliver();
    expect(world.shown(2)).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: 'dana' } });
    world.link(3, other);
    world.resolve(0, 'dana');
    world.deliver();
    expect([2, 3].map((n) => state(world, n))).toEqual(['resolved', 'resolved']);
  });

  it('keeps its lead when that one leads the incident too, and is led there by the next', () => {
    const { world } = outageAndIncident();
    for (const n of [0, 2]) world.link(n, other);
    world.take(0, 'dana');
    world.deliver();
    world.link(3, other);
    expect([2, 3].map((n) => memberOf(world, n))).toEqual(
      Array(2).fill([world.groups.get('incident/INC-0000-0000')?.id]),
    );
    world.cancel(0);
    world.deliver();
    expect([2, 3].map((n) => follows(world, n))).toEqual([false, true]);
    expect([2, 3].map((n) => world.shown(n).acknowledgedBy?.id)).toEqual(['dana', 'dana']);
  });

  it('leaves the incident that it was linked to before, and its holder, who works on something else', () => {
    const { world, lead } = outageAndIncident();
    world.link(2, opened());
    world.take(lead, 'dana');
    world.deliver();
    world.link(2, other);
    expect(state(world, 2)).toBe('paging');
    expect(world.paged(2)).toEqual(['dana']);
    const late = world.open('web');
    world.link(late, other);
    world.press(late);
    expect(follows(world, late)).toBe(true);
    world.resolve(lead, 'dana');
    world.deliver();
    expect([2, late].map((n) => state(world, n))).toEqual(['paging', 'paging']);
  });

  it('that led another incident leaves it to the others, also for one that is over', () => {
    const { world, lead } = outageAndIncident();
    world.link(2, opened());
    const { incident: over } = changeIncident(other, { state: 'resolved', by }, later);
    world.link(lead, over);
    world.deliver();
    expect([2, lead].map((n) => follows(world, n))).toEqual([false, false]);
    expect(world.paged(2)).toEqual(['dana']);
    world.link(2, { ...over, number: 'INC-1111-1111' });
    expect(world.types(2).filter((type) => type === 'escalation.split')).toHaveLength(1);
    expect([2, lead].map((n) => state(world, n))).toEqual(['paging', 'paging']);
  });
});

describe('an emergency whose ticket is unlinked', () => {
  const sharing = (count: number) => {
    const world = new Many(mondayNight);
    for (let n = 0; n < count; n++) {
      world.open('web');
      world.link(n, opened());
      world.press(n);
    }
    world.after(1);
    return world;
  };

  it('is paged for on its own at once when it followed, whoever holds the others', () => {
    const world = sharing(3);
    world.take(0, 'dana');
    world.deliver();
    world.unlink(1, opened());
    expect(world.cases[1]?.ticket.incident).toBeNull();
    expect(world.types(1).slice(-3)).toEqual(['incident.unlinked', 'escalation.split', 'escalation.paged']);
    expect([0, 1, 2].map((n) => state(world, n))).toEqual(['acknowledged', 'paging', 'acknowledged']);
    world.resolve(0, 'dana');
    world.deliver();
    expect([0, 1, 2].map((n) => state(world, n))).toEqual(['resolved', 'paging', 'resolved']);
    expect(world.unlink(1, opened())).toMatchObject({ refused: true, code: 'not_found' });
  });

  it('goes on paging when it led, and the oldest of the others leads them', () => {
    const world = sharing(3);
    world.unlink(0, opened());
    world.deliver();
    expect([0, 1, 2].map((n) => follows(world, n))).toEqual([false, false, true]);
    expect([0, 1].map((n) => world.paged(n))).toEqual([['dana'], ['dana']]);
    world.take(0, 'dana');
    world.deliver();
    expect([0, 1, 2].map((n) => state(world, n))).toEqual(['acknowledged', 'paging', 'paging']);
  });

  it('stays with its holder when it led, and so do the others', () => {
    const world = sharing(3);
    world.take(0, 'dana');
    world.deliver();
    world.unlink(0, opened());
    world.deliver();
    expect([0, 1, 2].map((n) => follows(world, n))).toEqual([false, false, true]);
    expect([0, 1, 2].map((n) => world.shown(n).acknowledgedBy?.id)).toEqual(['dana', 'dana', 'dana']);
    expect([1, 2].map((n) => world.paged(n))).toEqual([[], []]);
    world.resolve(0, 'dana');
    world.deliver();
    expect([0, 1, 2].map((n) => state(world, n))).toEqual(['resolved', 'acknowledged', 'acknowledged']);
    const late = world.open('web');
    world.link(late, opened());
    world.press(late);
    expect(follows(world, late)).toBe(true);
  });

  it('is left alone when it shared nothing with the incident', () => {
    const world = sharing(1);
    const n = world.escalate();
    world.take(n, 'dana');
    world.link(n, opened());
    const unlinked = world.unlink(n, opened());
    expect(unlinked).toMatchObject({ escalation: null, pages: [] });
    expect(world.types(n).at(-1)).toBe('incident.unlinked');
    expect(state(world, n)).toBe('acknowledged');
  });
});

describe('a ticket of an incident', () => {
  it('hears of each change once, in whatever order news comes, and of no other incident', () => {
    const world = new Many(mondayNight);
    const n = world.open();
    world.link(n, opened());
    world.link(n, opened());
    const second = changeIncident(opened(), { text: 'A disk is full.', by }, later).incident;
    const third = changeIncident(second, { state: 'resolved', by }, later).incident;
    for (const each of [third, second, third, { ...third, number: 'INC-0000-0000', version: 9 }])
      world.do(n, (state) => informTicket(state, each, world.now));
    expect(world.types(n).filter((type) => type.startsWith('incident.'))).toEqual([
      'incident.opened',
      'incident.resolved',
    ]);
    expect(world.cases[n]?.ticket.incident).toMatchObject({ state: 'resolved', text: 'A disk is full.' });
  });

  it('belongs to one incident at a time', () => {
    const world = new Many(mondayNight);
    const n = world.open();
    world.link(n, opened());
    const moved = world.link(n, { ...opened(), number: 'INC-0000-0000' });
    expect(moved).toMatchObject({
      outage: [{ incident: 'INC-0000-0000' }, { unlink: { ticket: world.cases[n]?.ticket.number } }],
    });
  });
});
