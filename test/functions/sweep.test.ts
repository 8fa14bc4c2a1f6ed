import { beforeEach, describe, expect, it } from 'vitest';
import { makeHandler } from '../../functions/sweep/sweep.ts';
import { makeHandler as makeTimer } from '../../functions/timer/timer.ts';
import { addSeconds, type Instant } from '../../shared/domain/time.ts';
import type { Timer } from '../../shared/domain/timer.ts';
import type { TimerQueue } from '../../shared/effects/queues.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { context, type Desk, deliver, nightDesk, random, timerMessageOf } from '../fakes/carrier-desk.ts';
import { aDelivery } from '../store/samples.ts';

let desk: Desk;
let sent: Timer[];
let away: boolean;
let handler: ReturnType<typeof makeHandler>;
let start: Instant;

beforeEach(async () => {
  desk = await nightDesk();
  start = desk.clock.now();
  sent = [];
  away = false;
  const queue: TimerQueue = {
    async send(timers) {
      if (away) return timers.map(() => ({ state: 'failed', because: 'ServiceUnavailable' }));
      sent.push(...timers);
      return timers.map(() => ({ state: 'done' }));
    },
  };
  handler = makeHandler({ store: desk.store, queue, clock: desk.clock });
});

const sweep = () => handler({}, context);
/** A timer of no consequence, through the one way that timers are written. */
const timerAt = async (subject: string, seconds: number): Promise<Timer> => {
  const timer: Timer = {
    home: { delivery: subject },
    subject,
    kind: 'retry',
    dueAt: addSeconds(start, seconds),
    generation: 1,
  };
  const now = desk.clock.now();
  const delivery = aDelivery(subject, { status: 'waiting', createdAt: now });
  await desk.store.webhooks.addDeliveries([delivery], now);
  await desk.store.webhooks.commitDelivery({ delivery, timers: [{ set: timer }] }, now);
  return timer;
};
const subjects = () => sent.map(({ subject }) => subject).sort();

describe('a sweep', () => {
  it('sends what falls due within 15 minutes, in every shard, and leaves the rest', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, n) => timerAt(`whd_${n}`, n * 60)));
    await sweep();
    expect(subjects()).toEqual(Array.from({ length: 16 }, (_, n) => `whd_${n}`).sort());
  });

  it('goes on from where the last one ended: each timer is sent before its time, once or, at the seam, twice', async () => {
    for (let minute = 0; minute < 20; minute++) await timerAt(`whd_${minute}`, minute * 60 + 30);
    const times = new Map<string, number>();
    for (let minute = 0; minute < 20; minute++) {
      await sweep();
      for (const timer of sent.splice(0)) {
        times.set(timer.subject, (times.get(timer.subject) ?? 0) + 1);
        expect(timer.dueAt > desk.clock.now()).toBe(true);
      }
      const fired = await desk.store.timers.read({
        home: { delivery: `whd_${minute}` },
        subject: `whd_${minute}`,
        kind: 'retry',
      });
      if (fired) await desk.store.timers.drop(fired);
      desk.clock.advance(60);
    }
    expect(times.size).toBe(20);
    expect(Math.max(...times.values())).toBeLessThanOrEqual(2);
  });

  it('finds what the index showed late', async () => {
    await sweep();
    desk.clock.advance(30);
    desk.faults.freezeIndexes();
    await timerAt('whd_late', 15 * 60 + 20);
    await sweep();
    expect(sent).toEqual([]);
    desk.faults.thawIndexes();
    desk.clock.advance(30);
    await sweep();
    expect(subjects()).toEqual(['whd_late']);
  });

  it('makes up for sweeps that did not happen', async () => {
    await sweep();
    await timerAt('whd_hour', 3600);
    desk.clock.advance(2 * 3600);
    await sweep();
    expect(subjects()).toEqual(['whd_hour']);
  });

  it('sends again what is overdue, for its message was lost', async () => {
    await timerAt('whd_lost', 10);
    await sweep();
    desk.clock.advance(60);
    await sweep();
    expect(sent).toHaveLength(1);
    desk.clock.advance(60);
    await sweep();
    expect(sent).toHaveLength(2);
  });

  it('does not move on while the queue is away', async () => {
    await timerAt('whd_1', 100);
    away = true;
    await expect(sweep()).rejects.toThrow(/1 of \d+ shards/);
    away = false;
    desk.clock.advance(60);
    await sweep();
    expect(subjects()).toEqual(['whd_1']);
  });

  it('still sends what lies before its mark when the clock was put back', async () => {
    await sweep();
    desk.clock.advance(-7200);
    await timerAt('whd_back', -3600);
    desk.clock.advance(3000);
    await sweep();
    expect(subjects()).toEqual(['whd_back']);
  });
});

it('and the timer function together fire a timer once, though it is sent twice', async () => {
  const ticket: TicketAddress = await desk.escalated();
  const timer = makeTimer({ store: desk.store, clock: desk.clock, random });
  await sweep();
  await sweep();
  desk.clock.advance(300);
  const due = sent.filter(({ dueAt }) => dueAt <= desk.clock.now());
  for (const each of due) expect(await deliver(timer, timerMessageOf(each), timerMessageOf(each))).toBe(0);
  expect((await desk.pages(ticket)).filter(({ level }) => level === 2)).toHaveLength(1);
});
