import { addSeconds, type Instant, later } from '../../shared/domain/time.ts';
import type { Timer } from '../../shared/domain/timer.ts';
import { queueHorizon, type TimerQueue } from '../../shared/effects/queues.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { eventFunction } from '../../shared/runtime/handler.ts';
import { described, log } from '../../shared/runtime/logging.ts';
import type { Store } from '../../shared/store/store.ts';

export interface SweepDependencies {
  store: Pick<Store, 'timers'>;
  queue: TimerQueue;
  clock: Clock;
}

/** How far behind its table an index may be. */
const indexLagSeconds = 60;
/** A timer that is still there so long after its time has lost its message. */
const overdueSeconds = 60;
const batch = 100;

/**
 * Each minute, for each shard: what falls due from where the last sweep ended (and a minute before it, for
 * what the index did not show yet) to as far as the queue reaches, and what is overdue. The mark moves only
 * when all of all shards is on the queue, so a failed sweep is made up by the next one. A timer that is sent twice
 * fires once.
 */
export function makeHandler({ store, queue, clock }: SweepDependencies) {
  return eventFunction<unknown, { sent: number }>(async () => {
    const now = clock.now();
    const to = queueHorizon(now);
    const mark = await store.timers.highWater();
    // A mark beyond the horizon was set before the clock was put back: it says nothing of the time between.
    const from = mark === null || mark > to ? null : addSeconds(mark, -indexLagSeconds);
    const shards = Array.from({ length: store.timers.shards }, (_, shard) => shard);
    const results = await Promise.allSettled(shards.map((shard) => sweep(shard, { from, to, now })));
    const broken = results.filter((result) => result.status === 'rejected');
    for (const { reason } of broken) log.error('A shard was not swept.', described(reason));
    if (broken.length > 0) throw new Error(`${broken.length} of ${shards.length} shards were not swept.`);
    await store.timers.moveHighWater(to);
    const sent = results.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0);
    if (sent > 0) log.info('Timers were put on the queue.', { sent });
    return { sent };
  });

  async function sweep(
    shard: number,
    { from, to, now }: { from: Instant | null; to: Instant; now: Instant },
  ): Promise<number> {
    const overdue = addSeconds(now, -overdueSeconds);
    let sent = 0;
    if (from !== null) sent += await send(store.timers.due(shard, null, overdue));
    return sent + (await send(store.timers.due(shard, from && later(from, overdue), to)));
  }

  async function send(timers: AsyncIterable<Timer>): Promise<number> {
    let sent = 0;
    const some: Timer[] = [];
    try {
      for await (const timer of timers) {
        some.push(timer);
        if (some.length === batch) sent += await flush(some.splice(0));
      }
    } finally {
      // What was found goes out even when the rest could not be read.
      sent += await flush(some);
    }
    return sent;
  }

  async function flush(timers: Timer[]): Promise<number> {
    if (timers.length === 0) return 0;
    const fates = await queue.send(timers, clock.now());
    for (const fate of fates)
      if (fate.state !== 'done') throw new Error(`The timer queue does not take timers: ${fate.because}`);
    return timers.length;
  }
}
