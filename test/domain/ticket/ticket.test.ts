import { describe, expect, it } from 'vitest';
import { ticketChange } from '../../../shared/contract/schemas/ticket.ts';
import { openState } from '../../../shared/domain/calendar/state.ts';
import { pass } from '../../../shared/domain/escalation/index.ts';
import { changeTicket } from '../../../shared/domain/ticket/change.ts';
import { comment } from '../../../shared/domain/ticket/comment.ts';
import { completeness, generalChecklist } from '../../../shared/domain/ticket/completeness.ts';
import { slaDue } from '../../../shared/domain/ticket/due.ts';
import { nextStep } from '../../../shared/domain/ticket/next-step.ts';
import { firstResponseClock } from '../../../shared/domain/ticket/sla.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { defaultCalendar, defaultPlan } from '../defaults.ts';
import { bySms, mondayMorning, mondayNight, partnerActor, roster, World } from '../escalation/world.ts';

const desk = { kind: 'staff' as const, id: 'mo', name: 'Mo' };

/** What a plan with the night in it has. */
const always = {
  timezone: 'UTC',
  week: Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [
      day,
      [['00:00', '24:00'] as [string, string]],
    ]),
  ),
};

describe('the first-response clock', () => {
  it.each([
    ['question', mondayMorning, '2026-11-26T15:00:00.000Z'],
    ['problem', mondayNight, '2026-11-27T03:10:00.000Z'],
    ['degraded', mondayMorning, '2026-11-23T19:00:00.000Z'],
    ['degraded', mondayNight, '2026-11-24T18:00:00.000Z'],
    ['outage', mondayMorning, '2026-11-23T15:30:00.000Z'],
    ['outage', mondayNight, '2026-11-24T14:30:00.000Z'],
    ['order', mondayMorning, '2026-11-26T15:00:00.000Z'],
  ] as const)('%s opened at %s is due at %s', (severity, at, dueAt) => {
    expect(firstResponseClock(severity, defaultPlan, defaultCalendar, at).dueAt).toBe(dueAt);
  });

  it('runs at once at night for a plan whose calendar never closes', () => {
    expect(firstResponseClock('outage', defaultPlan, always, mondayNight).dueAt).toBe(
      '2026-11-24T03:40:00.000Z',
    );
  });

  it('warns at 75 % and is breached at 100 %, once each', () => {
    const world = new World(mondayMorning);
    world.after(60);
    expect(world.types()).toEqual(['ticket.created', 'sla.warning', 'sla.breached']);
    expect(world.events.map((event) => event.at)).toEqual([
      mondayMorning,
      '2026-11-23T15:22:30.000Z',
      '2026-11-23T15:30:00.000Z',
    ]);
  });

  it("stops for good with the desk's first public words, not with an internal note", () => {
    const world = new World(mondayMorning);
    world.do((state) => comment(state, { body: 'hm', internal: true, by: desk }, world.now));
    expect(world.state.ticket.sla.firstResponse.metAt).toBeNull();
    world.do((state) => comment(state, { body: 'We are on it', internal: false, by: desk }, world.now));
    world.after(600);
    expect(world.types()).not.toContain('sla.warning');
    expect(slaDue(world.state, { now: world.now })).toMatchObject({ unchanged: true });
  });
});

describe('changing a ticket', () => {
  const change = (world: World, what: object, by: typeof desk | typeof partnerActor = desk) =>
    world.do((state) => changeTicket(state, { ...what, by }, { roster: world.roster, now: world.now }));

  it('keeps the severity that was requested beside the agreed one', () => {
    const world = new World(mondayMorning);
    change(world, { severity: 'degraded' });
    expect(world.state.ticket.severity).toEqual({ requested: 'outage', agreed: 'degraded' });
  });

  it('writes nothing when nothing changes', () => {
    const world = new World(mondayMorning);
    expect(change(world, { subject: world.state.ticket.subject })).toMatchObject({ unchanged: true });
  });

  it('lets only the desk set waiting', () => {
    const world = new World(mondayMorning);
    expect(change(world, { status: 'waiting' }, partnerActor as never)).toMatchObject({
      refused: true,
      code: 'forbidden',
    });
  });

  const wide = (from: number, count: number, length: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`q${from + n}`, 'x'.repeat(length)]));
  const mostAtOnce = { answers: wide(0, 11, 5_000) };
  const tooMuch = (field: string) => ({
    refused: true,
    code: 'invalid_request',
    errors: [{ field, message: expect.any(String) }],
  });

  it('refuses answers that, with those there are, are more than one request may bring', () => {
    const world = new World(mondayMorning);
    expect(ticketChange().safeParse(mostAtOnce).success).toBe(true);
    expect(change(world, mostAtOnce)).toMatchObject({ refused: false });
    const more = { answers: wide(11, 1, 5_000) };
    expect(change(world, more)).toMatchObject(tooMuch('answers'));
    expect(ticketChange().safeParse({ answers: { ...mostAtOnce.answers, ...more.answers } }).success).toBe(
      false,
    );
    expect(change(world, { description: 'x'.repeat(5_000) })).toMatchObject(tooMuch('description'));
    expect(change(world, { answers: { q0: 'shorter' }, status: 'waiting' })).toMatchObject({
      refused: false,
    });
    expect(JSON.stringify(world.state.ticket).length).toBeLessThan(65_000);
  });

  it('refuses more answers than one request may bring, and goes on changing what has too many', () => {
    const world = new World(mondayMorning);
    const many = { answers: wide(0, 60, 1) };
    expect(ticketChange().safeParse(many).success).toBe(true);
    expect(change(world, many)).toMatchObject({ refused: false });
    expect(change(world, { answers: { another: 'one' } })).toMatchObject(tooMuch('answers'));
    const { ticket } = world.state;
    world.state = { ...world.state, ticket: { ...ticket, answers: wide(0, 90, 1_000) } };
    expect(change(world, { status: 'waiting' })).toMatchObject({ refused: false });
    expect(change(world, { answers: { q7: 'in short' } })).toMatchObject({ refused: false });
    expect(change(world, { answers: { q7: 'at length: '.repeat(99) } })).toMatchObject(tooMuch('answers'));
  });

  it('reopens on the reply of the partner', () => {
    const world = new World(mondayMorning);
    change(world, { status: 'resolved' });
    world.do((state) => comment(state, { body: 'Still down', internal: false, by: partnerActor }, world.now));
    expect(world.state.ticket.status).toBe('open');
    expect(world.types().at(-1)).toBe('ticket.reopened');
  });
});

describe('what a requester is told to do next', () => {
  const told = ({ state, now, roster: { provider, calendar } }: World) =>
    nextStep(state.ticket, { ...provider, hours: openState(calendar, now), now });

  it.each([
    ['at night', mondayNight, 'escalate'],
    ['by day', mondayMorning, 'wait'],
  ])('%s with an outage', (_name, at, action) => {
    expect(told(new World(at)).action).toBe(action);
  });

  it('hears that Escalate starts the clock only where it does not run yet', () => {
    const world = new World(mondayNight);
    expect(told(world).because).toMatch(/paged at once and the clock starts\.$/);
    world.state.ticket.sla.firstResponse = firstResponseClock('outage', defaultPlan, always, mondayNight);
    expect(told(world).because).toMatch(/paged at once\.$/);
  });

  it.each([
    ['at night', mondayNight, 'On-call staff are being paged; somebody takes it by 22:40 ET.', 29],
    ['by day', mondayMorning, 'The desk is alerted; somebody takes it by 10:30 ET.', 9],
    ['by day after ten minutes', mondayMorning, 'On-call staff are being paged; somebody takes it by', 11],
  ])('waits %s while it may still be taken in time', (_name, at, because, minutes) => {
    const world = new World(at);
    world.press();
    world.after(minutes);
    expect(told(world)).toEqual({ action: 'wait', because: expect.stringContaining(because) });
  });

  it('is never told a time that has passed, but the number to call', () => {
    const world = new World(mondayNight);
    world.press();
    world.after(30);
    const broken =
      'Nobody took the emergency in time. On-call staff are being paged. Please call +12025550100.';
    expect(told(world)).toEqual({ action: 'wait', because: broken });
    world.after(211);
    expect(told(world)).toEqual({
      action: 'escalate',
      because: 'Nobody holds the emergency. Escalate again, or call +12025550100.',
    });
    world.press();
    expect(told(world)).toEqual({ action: 'wait', because: broken });
  });

  it('is told no time before a late timer has said that the promise is broken, and none once it was kept and passed', () => {
    const late = new World(mondayNight);
    late.press();
    late.now = addSeconds(late.now, 1800);
    const nobody = 'Nobody holds the emergency now. On-call staff are being paged. Please call +12025550100.';
    expect(told(late).because).toBe(nobody);
    const passed = new World(mondayNight);
    passed.press();
    passed.send();
    passed.acknowledge('dana');
    passed.after(31);
    passed.do((state) => pass(state, bySms('dana'), { roster: passed.roster, now: passed.now }));
    expect(told(passed).because).toBe(nobody);
  });

  it('is told to call while nobody can be paged', () => {
    const world = new World(mondayNight, roster({ staff: [] }));
    world.press();
    expect(told(world).because).toBe(
      'Nobody can be paged just now, and we keep trying. Please call +12025550100.',
    );
  });

  it('is told to call when every page failed and nobody is left to page', () => {
    const world = new World(mondayNight);
    world.press();
    for (let round = 0; round < 5; round++)
      world.send((page) => (page.notice === null ? 'no quota left' : null));
    expect(world.state.escalation).toMatchObject({ unreachableSince: expect.any(String) });
    expect(world.state.escalation?.level).toBeGreaterThan(0);
    expect(told(world).because).toBe(
      'Nobody can be paged just now, and we keep trying. Please call +12025550100.',
    );
  });

  it("is told times on its own clock, the desk's beside it", () => {
    const world = new World(mondayNight);
    world.state.ticket.requester.timezone = 'America/Chicago';
    world.press();
    expect(told(world).because).toContain('by 21:40 CT (22:40 ET).');
  });

  it('is ready to be called once it is taken', () => {
    const world = new World(mondayNight);
    world.press();
    world.send();
    world.acknowledge('dana');
    expect(told(world)).toMatchObject({ because: expect.stringContaining('Dana') });
  });
});

it('asks for exactly what is missing', () => {
  expect(completeness({ answers: {} }).missing).toHaveLength(generalChecklist.length);
  const answers = Object.fromEntries(generalChecklist.map(({ id }) => [id, 'said']));
  expect(completeness({ answers })).toEqual({ score: 100, missing: [] });
});
