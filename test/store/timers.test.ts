import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { decided } from '../../shared/domain/decision.ts';
import { addSeconds, type Instant } from '../../shared/domain/time.ts';
import type { Timer } from '../../shared/domain/timer.ts';
import { shardOf, timerKey } from '../../shared/store/keys.ts';
import { aTicket, creation } from './samples.ts';
import { start, type World, world } from './world.ts';

let w: World;
beforeEach(async () => {
  w = await world();
});

/** So many timers on one ticket, a second apart. */
async function setTimers(count: number, from: Instant = start): Promise<Timer[]> {
  const before = await w.store.cases.commit(null, creation(aTicket()), start);
  const home = { partner: before.ticket.partner, ticket: before.ticket.number };
  const timers = Array.from(
    { length: count },
    (_, n): Timer => ({
      home,
      subject: `${before.ticket.number}_${n}`,
      kind: 'send_by',
      dueAt: addSeconds(from, n),
      generation: 2,
    }),
  );
  await w.store.cases.commit(before, decided(before, { timers: timers.map((set) => ({ set })) }), start);
  return timers;
}

async function due(from: Instant | null, to: Instant): Promise<Timer[]> {
  const found: Timer[] = [];
  for (let shard = 0; shard < w.store.timers.shards; shard++)
    for await (const timer of w.store.timers.due(shard, from, to)) {
      expect(shardOf(timer.subject)).toBe(shard);
      found.push(timer);
    }
  return found.sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
}

test('what is due is found over all shards: after `from`, up to and with `to`', async () => {
  const timers = await setTimers(60);
  expect(await due(null, addSeconds(start, 100))).toEqual(timers);
  expect(await due(addSeconds(start, 9), addSeconds(start, 19))).toEqual(timers.slice(10, 20));
  expect(await due(addSeconds(start, 19), addSeconds(start, 9))).toEqual([]);
  expect(await due(start, start)).toEqual([]);
});

test('more than one answer of DynamoDB holds comes whole', async () => {
  const shard = 3;
  const subjects = Array.from({ length: 4_000 }, (_, n) => `s${n}`)
    .filter((s) => shardOf(s) === shard)
    .slice(0, 60);
  for (const subject of subjects) {
    const timer = {
      home: { delivery: 'whd_1' },
      subject,
      kind: 'retry',
      dueAt: start,
      generation: 1,
    } as const;
    const row = { ...timer, ...timerKey(timer), duePk: `DUE#${shard}`, padding: 'x'.repeat(30_000) };
    await w.documents.send(new PutCommand({ TableName: w.table, Item: row }));
  }
  w.requests.length = 0;
  expect(await due(null, start)).toHaveLength(60);
  expect(w.requests.length).toBeGreaterThan(w.store.timers.shards);
});

test('a timer that cannot be read holds up no other, and is reported', async () => {
  const [timer] = await setTimers(1);
  if (!timer) throw new Error('no timer');
  const bad = {
    ...timer,
    ...timerKey(timer),
    sk: 'TIMER#bad',
    kind: 'bad',
    duePk: `DUE#${shardOf(timer.subject)}`,
  };
  await w.documents.send(new PutCommand({ TableName: w.table, Item: bad }));
  expect(await due(null, start)).toEqual([timer]);
  expect(w.badRows.map(({ sk }) => sk)).toEqual(['TIMER#bad']);
});

test('an index that lags shows nothing new until it has caught up; the base row is there at once', async () => {
  w.faults.freezeIndexes();
  const [timer] = await setTimers(1);
  if (!timer) throw new Error('no timer');
  expect(await due(null, start)).toEqual([]);
  expect(await w.store.timers.read(timer)).toEqual(timer);
  w.faults.thawIndexes();
  expect(await due(null, start)).toEqual([timer]);
});

test('a timer is dropped in its generation only', async () => {
  const [timer] = await setTimers(1);
  if (!timer) throw new Error('no timer');
  await w.store.timers.drop({ ...timer, generation: 1 });
  expect(await w.store.timers.read(timer)).toEqual(timer);
  await w.store.timers.drop(timer);
  await w.store.timers.drop(timer);
  expect(await w.store.timers.read(timer)).toBeNull();
});

test('the high-water mark moves forwards only', async () => {
  expect(await w.store.timers.highWater()).toBeNull();
  const later = addSeconds(start, 60);
  for (const to of [start, later, start]) await w.store.timers.moveHighWater(to);
  expect(await w.store.timers.highWater()).toBe(later);
});
