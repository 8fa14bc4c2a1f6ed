import { beforeEach, expect, it } from 'vitest';
import { makeHandler } from '../../functions/check-coverage/check-coverage.ts';
import { verifyChain } from '../../shared/store/chain.ts';
import { context, type Desk, nightDesk, phones, random } from '../fakes/carrier-desk.ts';
import { put, putProvider } from '../store/put.ts';

let desk: Desk;
let asked: string[];
let optedOut: (phone: string) => Promise<boolean>;
let run: () => Promise<unknown>;

beforeEach(async () => {
  desk = await nightDesk();
  const { store, clock } = desk;
  asked = [];
  optedOut = async () => false;
  const handler = makeHandler({
    store,
    clock,
    random,
    optedOut: (phone) => {
      asked.push(phone);
      return optedOut(phone);
    },
  });
  run = () => handler({}, context);
});

const sms = async () =>
  (await desk.rows())
    .filter((row) => row.notice === 'coverage' || row.notice === 'drill')
    .map((row) => `${row.phone} ${row.text}`);
const events = () => desk.store.log.events(0, 100);
const failing = (phone: string) =>
  desk.store.reach.learn(phone, { kind: 'failed', because: 'Invalid phone number' }, desk.clock.now());

it('checks once a day, and says nothing of nights that are covered', async () => {
  await run();
  await run();
  expect(asked.sort()).toEqual(Object.values(phones).sort());
  expect(await sms()).toEqual([]);
  expect(await events()).toEqual([]);
  desk.clock.advance(86_400);
  await run();
  expect(asked).toHaveLength(6);
});

it('tells managers of gaps, and keeps an event in the desk’s own chain, once a day', async () => {
  await failing(phones.dana);
  await run();
  await run();
  expect(await sms()).toEqual([expect.stringMatching(/^\+12025550113 On-call coverage has \d+ gaps/)]);
  desk.clock.advance(86_400);
  await run();
  const [first, second] = await events();
  expect(first).toMatchObject({ id: 'evt_desk_1', ticket: null, partner: null, internal: true });
  expect(first?.text).toMatch(/^The desk has \d+ gaps in its on-call coverage; first at level 1, /);
  expect(second).toMatchObject({ id: 'evt_desk_2', prevHash: first?.hash });
  expect(verifyChain(await events(), await desk.store.log.head())).toEqual([]);
});

it('learns from SNS who has opted out, and who has opted in again', async () => {
  optedOut = async (phone) => phone === phones.eli;
  await run();
  expect(await sms()).toEqual([expect.stringContaining("Eli's phone opted out")]);
  optedOut = async () => false;
  desk.clock.advance(86_400);
  await run();
  expect(await sms()).toHaveLength(1);
  expect(await desk.store.reach.all()).toMatchObject([{ phone: phones.eli, optedOutAt: null }]);
});

it('checks all the same when SNS does not say', async () => {
  await failing(phones.dana);
  optedOut = async () => {
    throw new Error('throttled');
  };
  await run();
  expect(await sms()).toHaveLength(1);
});

it('two runs at once tell once', async () => {
  await failing(phones.dana);
  await Promise.all([run(), run()]);
  expect(await sms()).toHaveLength(1);
  expect(await events()).toHaveLength(1);
});

it('a run whose log was in use leaves the day to the next one', async () => {
  await failing(phones.dana);
  desk.faults.nextConflicts = 1;
  await run();
  await run();
  expect(await sms()).toHaveLength(1);
});

it('asks SNS about everybody who can be paged: also who is on call only next week, and beside whom others are', async () => {
  const { directory, reach } = desk.store;
  const [eli, mo] = [await directory.staffMember('eli'), await directory.staffMember('mo')];
  if (!eli || !mo) throw new Error('the desk is set up');
  await directory.putStaff({ ...eli, id: 'kim', name: 'Kim', phone: '+12025550114' }, { create: true });
  await directory.putStaff({ ...mo, suspended: true });
  await reach.learn(phones.eli, { kind: 'opted_out' }, desk.clock.now());
  const policy = await directory.policy('default');
  if (!policy) throw new Error('the desk is set up');
  const page = [{ schedule: 'primary' }, { schedule: 'secondary' }];
  await put(directory, 'policy', { ...policy, levels: [{ afterMinutes: 0, page }] });
  await run();
  expect(asked.sort()).toEqual([phones.dana, phones.eli, '+12025550114']);
  expect(await reach.of(phones.eli)).toMatchObject({ optedOutAt: null });
});

it('sends a drill once, and tells managers when nobody answers it', async () => {
  const { store, clock } = desk;
  const [primary] = await store.directory.schedules();
  const provider = await store.directory.provider();
  if (!primary || !provider) throw new Error('the desk is set up');
  await putProvider(store.directory, { ...provider, drills: true });
  await run();
  // Dana's shift begins tomorrow at 09:00 in New York; her first evening is tomorrow's.
  const rotation = {
    name: 'weekly',
    start: '2026-01-06T09:00',
    every: { weeks: 1 },
    members: ['dana', 'eli'],
  };
  await store.directory.changeSchedule('primary', () => ({ ...primary, rotations: [rotation] }));
  clock.advance(20 * 3_600 - 600);
  await run();
  await run();
  const drills = (await sms()).filter((text) => text.includes('Drill: reply ok'));
  expect(drills).toEqual([expect.stringMatching(/^\+12025550111 /)]);
  clock.advance(7_200);
  await run();
  await run();
  const told = (await sms()).filter((text) => text.includes('did not answer the drill'));
  expect(told).toEqual([expect.stringMatching(/^\+12025550113 Dana did not answer/)]);
  expect(await store.reach.of(phones.dana)).toMatchObject({
    drill: null,
    because: 'It did not answer its drill.',
  });
});

it('does nothing while the desk is not set up', async () => {
  const { world } = await import('../store/world.ts');
  const empty = await world();
  await makeHandler({ ...empty, random, optedOut })({}, context);
  expect(await empty.store.log.head()).toMatchObject({ seq: 0 });
});
