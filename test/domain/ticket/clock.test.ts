import { describe, expect, it, test } from 'vitest';
import type { Severity, TicketStatus } from '../../../shared/contract/words.ts';
import { actorOf } from '../../../shared/domain/escalation/index.ts';
import { changeTicket } from '../../../shared/domain/ticket/change.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { mondayMorning, mondayNight, partnerActor, roster, World } from '../escalation/world.ts';

const mo = actorOf({ id: 'mo', name: 'Mo' });
const change = (world: World, what: { status?: TicketStatus; severity?: Severity }, by = mo) =>
  world.do((state) => {
    const { roster, terms, now } = world;
    return changeTicket(state, { ...what, by }, { roster, terms, now });
  });
const clockOf = (world: World) => world.state.ticket.sla.firstResponse;
const timer = (world: World) => world.timers.get('sla ND-6PC7-PS91')?.dueAt ?? null;

/** Opened at an instant with this severity. */
function opened(severity: Severity, at: Instant): World {
  const world = new World(at);
  change(world, { severity }, partnerActor);
  return world;
}

/** `mon 18:00` in the week of 2026-11-23, on the clock of New York. */
function ny(text: string): Instant {
  const [day = '', time] = text.split(' ');
  const date = 23 + ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf(day);
  return new Date(`2026-11-${date}T${time}:00-05:00`).toISOString();
}

describe('the clock of the first response stands while the ticket waits, is resolved or closed', () => {
  test.each<[Severity, string, string, string, string]>([
    ['degraded', 'mon 10:00', 'mon 11:00', 'mon 12:00', 'mon 15:00'],
    ['degraded', 'mon 18:00', 'mon 19:00', 'mon 19:30', 'tue 11:30'],
    ['degraded', 'mon 18:00', 'mon 19:00', 'mon 22:00', 'tue 12:00'],
    ['degraded', 'mon 18:00', 'mon 19:00', 'tue 10:00', 'tue 13:00'],
    ['degraded', 'mon 18:00', 'mon 22:00', 'mon 23:00', 'tue 11:00'],
    ['degraded', 'mon 18:00', 'mon 22:00', 'tue 09:30', 'tue 11:30'],
    ['degraded', 'wed 18:00', 'wed 19:00', 'thu 12:00', 'fri 12:00'],
    ['problem', 'mon 10:00', 'mon 11:00', 'mon 15:00', 'thu 14:00'],
    ['outage', 'mon 10:00', 'mon 10:20', 'mon 13:00', 'mon 13:10'],
    ['outage', 'mon 19:50', 'mon 19:55', 'mon 21:00', 'tue 09:25'],
    ['outage', 'mon 22:00', 'mon 22:10', 'mon 23:00', 'tue 09:30'],
    ['outage', 'mon 22:00', 'mon 22:10', 'tue 10:00', 'tue 10:30'],
  ])('%s opened %s, waiting from %s to %s, is due %s', (severity, at, from, to, dueAt) => {
    const world = opened(severity, ny(at));
    world.moveTo(ny(from));
    change(world, { status: 'waiting' });
    expect(clockOf(world)).toMatchObject({
      dueAt: null,
      warnAt: null,
      basis: expect.stringContaining('stopped while the ticket is waiting'),
    });
    expect(timer(world)).toBeNull();
    world.moveTo(ny(to));
    world.comment('acme');
    expect(clockOf(world).dueAt).toBe(ny(dueAt));
    expect(timer(world)).toBe(clockOf(world).warnAt);
    world.moveTo(ny('sun 00:00'));
    const said = world.events.filter(({ type }) => type.startsWith('sla.'));
    expect(said.map(({ type, at: saidAt }) => `${type} ${saidAt}`).at(-1)).toBe(`sla.breached ${ny(dueAt)}`);
    expect(said.map(({ type }) => type)).toEqual(['sla.warning', 'sla.breached']);
  });

  test.each<[string, TicketStatus, (world: World) => unknown]>([
    ['a comment', 'resolved', (world) => world.comment('acme')],
    ['a comment', 'closed', (world) => world.comment('acme')],
    ['a change', 'resolved', (world) => change(world, { status: 'open' }, partnerActor)],
    ['a change from waiting', 'waiting', (world) => change(world, { status: 'open' })],
    ['Escalate', 'resolved', (world) => world.press()],
    ['Escalate', 'waiting', (world) => world.press()],
  ])('and goes on with what it had left after %s, once it was %s', (_name, status, reopen) => {
    const world = opened('problem', mondayMorning);
    world.after(60 * 24);
    change(world, { status });
    world.after(60 * 24 * 5);
    expect(world.types()).not.toContain('sla.warning');
    reopen(world);
    expect(world.state.ticket.status).toBe('open');
    expect(clockOf(world)).toMatchObject({
      dueAt: '2026-12-01T15:00:00.000Z',
      warnAt: '2026-11-30T21:00:00.000Z',
      basis: '48 h left when it went on (problem, plan Standard)',
    });
    expect(timer(world)).toBe('2026-11-30T21:00:00.000Z');
  });

  it('stops and goes on as often as it takes, from one stop to another too', () => {
    const world = opened('degraded', ny('mon 10:00'));
    for (const at of ['mon 11:00', 'mon 13:00', 'mon 15:00']) {
      world.moveTo(ny(at));
      change(world, { status: 'waiting' });
      world.after(30);
      change(world, { status: 'resolved' });
      world.after(30);
      world.comment('acme');
    }
    expect(clockOf(world).dueAt).toBe(ny('mon 17:00'));
  });

  it('warns at once when it goes on past three quarters, and only once', () => {
    const world = opened('degraded', ny('mon 10:00'));
    world.moveTo(ny('mon 13:30'));
    expect(world.types()).toContain('sla.warning');
    change(world, { status: 'waiting' });
    world.moveTo(ny('mon 15:00'));
    world.comment('acme');
    expect(timer(world)).toBe(ny('mon 15:30'));
  });

  it('stays met, and stays breached', () => {
    const met = opened('problem', mondayMorning);
    met.comment('mo');
    const { metAt } = clockOf(met);
    change(met, { status: 'waiting', severity: 'outage' });
    expect(clockOf(met)).toMatchObject({ metAt, dueAt: '2026-11-26T15:00:00.000Z' });
    const breached = new World(mondayMorning);
    breached.after(31);
    change(breached, { severity: 'problem' });
    expect(clockOf(breached)).toMatchObject({ breachedAt: '2026-11-23T15:30:00.000Z' });
    expect(timer(breached)).toBeNull();
  });

  it('of an outage that was stopped at night starts at Escalate', () => {
    const world = opened('outage', ny('mon 19:50'));
    world.moveTo(ny('mon 19:55'));
    change(world, { status: 'waiting' });
    world.moveTo(ny('mon 23:00'));
    world.press();
    expect(clockOf(world)).toMatchObject({ dueAt: ny('mon 23:25'), basis: '25 min from Escalate' });
  });

  describe('where the calendar never opens', () => {
    const never = () => {
      const whole = roster();
      return new World(mondayNight, { ...whole, calendar: { ...whole.calendar, week: {} } });
    };

    it('the one of an outage starts at Escalate', () => {
      const world = never();
      expect(clockOf(world)).toMatchObject({ startsAt: null, dueAt: null });
      expect(timer(world)).toBeNull();
      world.after(10);
      world.press();
      expect(clockOf(world)).toMatchObject({
        startsAt: '2026-11-24T03:20:00.000Z',
        dueAt: '2026-11-24T03:50:00.000Z',
        basis: '30 min from Escalate',
      });
      world.after(29);
      expect(world.types()).toContain('sla.warning');
      world.after(2);
      expect(world.types()).toContain('sla.breached');
    });

    it('and goes on with what it had left, while the emergency runs or at the next', () => {
      const world = never();
      world.press();
      world.after(10);
      change(world, { status: 'waiting' });
      world.after(10);
      world.comment('acme');
      expect(clockOf(world)).toMatchObject({
        dueAt: '2026-11-24T03:50:00.000Z',
        basis: '20 min from Escalate',
      });
      expect(timer(world)).toBe(clockOf(world).warnAt);
      world.after(5);
      change(world, { status: 'resolved' });
      world.comment('acme');
      expect(clockOf(world).dueAt).toBeNull();
      world.after(60);
      world.press();
      expect(clockOf(world)).toMatchObject({
        dueAt: '2026-11-24T04:50:00.000Z',
        basis: '15 min from Escalate',
      });
      world.after(1);
      world.press({ detail: 'All of it.' });
      expect(clockOf(world).dueAt).toBe('2026-11-24T04:50:00.000Z');
    });

    it('a clock of business hours waits for them, whoever escalates', () => {
      const world = never();
      change(world, { severity: 'degraded' }, partnerActor);
      world.press();
      expect(clockOf(world).dueAt).toBeNull();
    });
  });

  it('goes on from a row that was stopped before clocks were', () => {
    const world = opened('problem', mondayMorning);
    const { sla } = world.state.ticket;
    change(world, { status: 'resolved' });
    world.state = { ...world.state, ticket: { ...world.state.ticket, sla } };
    world.after(60);
    world.comment('acme');
    expect(clockOf(world).dueAt).toBe('2026-11-26T15:00:00.000Z');
    expect(timer(world)).toBe(clockOf(world).warnAt);
  });
});

describe('another severity has another time', () => {
  test.each<[Severity, string, Severity, string, string]>([
    ['outage', 'mon 10:00', 'degraded', 'mon 10:10', 'mon 14:00'],
    ['outage', 'mon 10:00', 'problem', 'mon 10:10', 'thu 10:00'],
    ['outage', 'mon 22:00', 'problem', 'mon 22:10', 'thu 22:00'],
    ['problem', 'mon 10:00', 'outage', 'mon 15:00', 'mon 15:30'],
    ['problem', 'mon 10:00', 'outage', 'mon 21:00', 'tue 09:30'],
    ['problem', 'mon 10:00', 'degraded', 'mon 18:00', 'tue 11:00'],
    ['problem', 'mon 15:00', 'degraded', 'thu 14:00', 'thu 15:00'],
  ])('%s opened %s and %s from %s on is due %s', (first, at, then, changedAt, dueAt) => {
    const world = opened(first, ny(at));
    world.moveTo(ny(changedAt));
    change(world, { severity: then });
    expect(clockOf(world).dueAt).toBe(ny(dueAt));
    world.moveTo(ny('sun 00:00'));
    const breach = world.events.find(({ type }) => type === 'sla.breached');
    expect(breach?.at).toBe(ny(dueAt));
  });

  it('but only what is agreed counts where both are given', () => {
    const world = opened('problem', mondayMorning);
    change(world, { severity: 'problem' });
    change(world, { severity: 'outage' }, partnerActor);
    expect(clockOf(world).dueAt).toBe('2026-11-26T15:00:00.000Z');
  });

  it('takes off what was used before it was stopped', () => {
    const world = opened('problem', ny('mon 10:00'));
    world.moveTo(ny('mon 11:00'));
    change(world, { status: 'waiting' });
    world.moveTo(ny('tue 10:00'));
    world.comment('acme');
    change(world, { severity: 'question' });
    expect(clockOf(world).dueAt).toBe(ny('fri 09:00'));
  });

  it('runs at once for what is an outage by night and was escalated', () => {
    const world = opened('problem', mondayNight);
    world.press();
    world.after(5);
    change(world, { severity: 'outage' });
    expect(clockOf(world).dueAt).toBe('2026-11-24T03:45:00.000Z');
  });
});
