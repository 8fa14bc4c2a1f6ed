import type { Instant } from '../../domain/time.ts';
import type { Timer, TimerKey } from '../../domain/timer.ts';

export interface Timers {
  /** Consistent read of the base row. */
  read(key: TimerKey): Promise<Timer | null>;
  /** Drops a timer that has nothing left to guard, if it still has this generation. */
  drop(timer: Timer): Promise<void>;
  /**
   * For the sweep: timers of one shard with `from < dueAt <= to`, through the index, all of them; none when
   * `from` is not before `to`. A row that cannot be read is reported after the last good one (see `onBadRow`).
   */
  due(shard: number, from: Instant | null, to: Instant): AsyncIterable<Timer>;
  shards: number;
  /** Up to when all shards have been swept. */
  highWater(): Promise<Instant | null>;
  /** Moves the mark forwards only. */
  moveHighWater(to: Instant): Promise<void>;
}
