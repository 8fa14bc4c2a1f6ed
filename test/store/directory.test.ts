import { beforeEach, describe, expect, test } from 'vitest';
import type { Partner, Plan, Provider } from '../../shared/domain/directory.ts';
import { onCall } from '../../shared/domain/schedule/on-call.ts';
import type { Schedule } from '../../shared/domain/schedule/types.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import { defaultCalendar } from '../domain/defaults.ts';
import { put, putProvider } from './put.ts';
import { aPolicy, aSchedule, aStaff } from './samples.ts';
import { start, type World, world } from './world.ts';

let w: World;
beforeEach(async () => {
  w = await world();
});

const provider: Provider = {
  name: 'Contoso Mail',
  phone: '+12025550100',
  phones: [{ country: 'US', number: '+12025550100', hours: '24×7' }],
  timezone: 'America/New_York',
  calendar: 'default',
  policy: 'default',
  nightlyCap: 10,
  drills: false,
  pagesPerMinute: 3,
};
const partner: Partner = { id: 'par_acme', name: 'Acme', plan: 'gold', createdAt: start };
const rule = { seconds: 1800, time: 'elapsed' } as const;
const plan: Plan = {
  id: 'gold',
  name: 'Gold',
  calendar: 'always',
  firstResponse: { question: rule, problem: rule, degraded: rule, outage: rule, order: rule },
};

async function setUpDesk(): Promise<void> {
  const { directory } = w.store;
  await putProvider(directory, provider);
  await put(directory, 'calendar', { id: 'default', ...defaultCalendar });
  await put(directory, 'calendar', {
    id: 'other',
    ...defaultCalendar,
    week: {},
    holidays: [{ date: '2026-07-04', name: 'x' }],
  });
  await put(directory, 'policy', aPolicy);
  await directory.changeSchedule('primary', () => aSchedule);
  await directory.putStaff(aStaff('stf_dana', '+12025550101'));
  await directory.putStaff(aStaff('stf_eli', null, { suspended: true }));
}

describe('the roster', () => {
  test('is everything about whom to page, in one consistent query', async () => {
    await setUpDesk();
    w.requests.length = 0;
    const roster = await w.store.directory.roster();
    expect(w.requests.map(({ operation, index }) => [operation, index])).toEqual([['Query', null]]);
    expect(roster).toMatchObject({
      provider,
      policy: aPolicy,
      schedules: [aSchedule],
      calendar: defaultCalendar,
    });
    expect(roster?.staff.map(({ id }) => id)).toEqual(['stf_dana', 'stf_eli']);
  });

  test('is never cached: what another process changed counts at once', async () => {
    await setUpDesk();
    await w.store.directory.roster();
    const other = w.another();
    await other.directory.putStaff(aStaff('stf_dana', '+12025550199'));
    await other.directory.changeSchedule('primary', (now) => ({ ...(now ?? aSchedule), name: 'Changed' }));
    await put(other.directory, 'policy', { ...aPolicy, promiseMinutes: 20 });
    await put(other.directory, 'calendar', { id: 'default', ...defaultCalendar, week: {} });
    await putProvider(other.directory, { ...provider, nightlyCap: 3 });
    expect(await w.store.directory.roster()).toMatchObject({
      provider: { nightlyCap: 3 },
      policy: { promiseMinutes: 20 },
      calendar: { week: {} },
      schedules: [{ name: 'Changed' }],
      staff: [{ phone: '+12025550199' }, {}],
    });
  });

  test('is null until provider, its calendar and its policy are there', async () => {
    expect(await w.store.directory.roster()).toBeNull();
    await putProvider(w.store.directory, provider);
    await put(w.store.directory, 'policy', aPolicy);
    expect(await w.store.directory.roster()).toBeNull();
    await put(w.store.directory, 'calendar', { id: 'default', ...defaultCalendar });
    expect(await w.store.directory.roster()).toMatchObject({ schedules: [], staff: [] });
  });
});

describe('what may be cached', () => {
  test('is read once in 60 seconds, and again after them', async () => {
    const { directory } = w.store;
    await setUpDesk();
    await put(directory, 'partner', partner);
    await put(directory, 'plan', plan);
    await put(directory, 'service', { id: 'svc_mail', name: 'Mail' });
    const readAll = () =>
      Promise.all([
        directory.provider(),
        directory.partner('par_acme'),
        directory.plan('gold'),
        directory.service('svc_mail'),
        directory.calendar('default'),
      ]);
    const first = await readAll();
    expect(first).toMatchObject([provider, partner, plan, { name: 'Mail' }, defaultCalendar]);
    w.requests.length = 0;
    w.clock.advance(59);
    expect(await readAll()).toEqual(first);
    expect(w.requests).toEqual([]);
    w.clock.advance(1);
    await readAll();
    expect(w.requests).toHaveLength(5);
    w.clock.advance(-3_600);
    await readAll();
    expect(w.requests).toHaveLength(10);
  });

  test('shows a change at once in its own process, elsewhere within 60 seconds, and at once when read fresh', async () => {
    await put(w.store.directory, 'partner', partner);
    await w.store.directory.partner('par_acme');
    const other = w.another();
    await other.directory.partner('par_acme');
    await put(other.directory, 'partner', { ...partner, name: 'New' });
    expect(await other.directory.partner('par_acme')).toMatchObject({ name: 'New' });
    expect(await w.store.directory.partner('par_acme')).toMatchObject({ name: 'Acme' });
    expect(await w.store.directory.partner('par_acme', { fresh: true })).toMatchObject({ name: 'New' });
    expect(await w.store.directory.partner('par_acme')).toMatchObject({ name: 'New' });
  });

  test('never remembers that something was not there', async () => {
    expect(await w.store.directory.partner('par_acme')).toBeNull();
    await put(w.another().directory, 'partner', partner);
    expect(await w.store.directory.partner('par_acme')).toEqual(partner);
  });
});

test('a partner is created once', async () => {
  const create = (its: Partner) =>
    w.store.directory.change('partner', its.id, (before) => {
      if (before !== null) throw new Error('taken');
      return its;
    });
  await create(partner);
  await expect(create({ ...partner, name: 'Thief' })).rejects.toThrow('taken');
  expect(await w.store.directory.partner('par_acme')).toEqual(partner);
});

test('partners, plans, services, calendars and policies are listed by id, each kind by itself', async () => {
  const { directory } = w.store;
  for (const id of ['par_c', 'par_a', 'par_b']) await put(directory, 'partner', { ...partner, id });
  const first = await directory.partners({ limit: 2 });
  expect(first.data.map(({ id }) => id)).toEqual(['par_a', 'par_b']);
  const second = await directory.partners({ limit: 2, cursor: first.nextCursor ?? '' });
  expect(second).toMatchObject({ data: [{ id: 'par_c' }], nextCursor: null });
  await setUpDesk();
  await put(directory, 'plan', plan);
  await put(directory, 'service', { id: 'svc_mail', name: 'Mail' });
  expect(await directory.plans()).toEqual([plan]);
  expect(await directory.services()).toEqual([{ id: 'svc_mail', name: 'Mail' }]);
  expect((await directory.calendars()).map(({ id }) => id)).toEqual(['default', 'other']);
  expect(await directory.policies()).toEqual([aPolicy]);
  expect(await directory.schedules()).toEqual([aSchedule]);
  expect((await directory.staff()).map(({ id }) => id)).toEqual(['stf_dana', 'stf_eli']);
});

describe('staff', () => {
  test('are found by their phone, which one person has at a time', async () => {
    const { directory } = w.store;
    await directory.putStaff(aStaff('stf_dana', '+12025550101'), { create: true });
    const taken = directory.putStaff(aStaff('stf_eli', '+12025550101'), { create: true });
    await expect(taken).rejects.toMatchObject({ failed: ['phone.free'] });
    expect(await directory.staffMember('stf_eli')).toBeNull();
    expect(await directory.staffByPhone('+12025550101')).toMatchObject({ id: 'stf_dana' });
  });

  test('leave their old phone to others when they change it', async () => {
    const { directory } = w.store;
    await directory.putStaff(aStaff('stf_dana', '+12025550101'));
    await directory.putStaff(aStaff('stf_dana', '+12025550102', { name: 'Dana' }));
    await directory.putStaff(aStaff('stf_eli', '+12025550101'));
    expect(await directory.staffByPhone('+12025550101')).toMatchObject({ id: 'stf_eli' });
    expect(await directory.staffByPhone('+12025550102')).toMatchObject({ id: 'stf_dana', name: 'Dana' });
    await directory.putStaff(aStaff('stf_dana', null));
    expect(await directory.staffByPhone('+12025550102')).toBeNull();
  });

  test('are created once', async () => {
    await w.store.directory.putStaff(aStaff('stf_dana', null), { create: true });
    const again = w.store.directory.putStaff(aStaff('stf_dana', '+12025550101'), { create: true });
    await expect(again).rejects.toMatchObject({ failed: ['staff.new'] });
  });
});

test('changes of one schedule side by side all count', async () => {
  await w.store.directory.changeSchedule('primary', () => aSchedule);
  const add = (n: number) =>
    w.store.directory.changeSchedule('primary', (now) => {
      const before = now ?? aSchedule;
      const override = { id: `ovr_new_${n}`, from: start, to: start, staff: 'stf_dana' };
      return { ...before, overrides: [...before.overrides, override] };
    });
  await Promise.all([add(1), add(2), add(3)]);
  const after = await w.store.directory.schedule('primary');
  expect(after?.overrides.map(({ id }) => id).sort()).toEqual([
    'ovr_1',
    'ovr_2',
    'ovr_new_1',
    'ovr_new_2',
    'ovr_new_3',
  ]);
});

test('a schedule carries what ended lately, and its history has the rest', async () => {
  const { directory } = w.store;
  const weeksAgo = (weeks: number) => addSeconds(w.clock.now(), -weeks * 7 * 86_400);
  const [first] = aSchedule.rotations;
  if (!first) throw new Error('it has a rotation');
  const was = (name: string, weeks: number) => ({
    ...{
      until: weeksAgo(weeks),
      timezone: 'UTC',
      rotations: [{ ...first, name, start: '2020-01-06T09:00' }],
    },
  });
  const stood = (id: string, weeks: number) => ({
    ...{ id, from: weeksAgo(weeks + 1), to: weeksAgo(weeks), staff: 'stf_eli' },
  });
  const whole: Schedule = {
    ...aSchedule,
    past: [was('oldest', 52), was('old', 30), was('new', 2)],
    overrides: [stood('a', 20), stood('b', 1), stood('c', 40)],
  };
  await directory.changeSchedule('primary', () => whole);
  const kept = await directory.schedule('primary');
  expect(kept).toMatchObject({
    past: [{ until: weeksAgo(2) }],
    overrides: [{ id: 'b' }],
    knownFrom: weeksAgo(20),
  });
  const since = async (from: string) => (await directory.withHistory(kept ? [kept] : [], from))[0];
  expect(await since(weeksAgo(20))).toEqual(kept);
  expect(await since(weeksAgo(100))).toMatchObject({
    past: whole.past ?? [],
    overrides: [{ id: 'c' }, { id: 'a' }, { id: 'b' }],
  });
  const half = await since(weeksAgo(35));
  expect(half).toMatchObject({ past: [{ until: weeksAgo(30) }, {}], overrides: [{ id: 'a' }, { id: 'b' }] });
  for (let weeks = 99; weeks > 0; weeks--) {
    const at = addSeconds(weeksAgo(weeks), 3600);
    const known = await since(at);
    if (known) expect(onCall(known, at), `${weeks}`).toEqual(onCall(whole, at));
  }
});
