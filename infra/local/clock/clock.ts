import type { Memory } from '../memory.ts';
import { realNow, sharedOffset } from './date.ts';

/** The clock of the local cloud: the machine's, moved by an offset that outlives the process. */
export interface Clock {
  /** Read by every thread (see date.ts). */
  readonly offset: SharedArrayBuffer;
  now(): number;
  /** Makes it this time, from where it runs on at normal speed. */
  set(instant: number): void;
}

const key = 'clock.offset';

/** The clock as it was left, or moved to `start` if this data has never had a moved one. */
export function openClock(memory: Memory, start?: number): Clock {
  const offset = sharedOffset();
  const milliseconds = new BigInt64Array(offset);
  const clock: Clock = {
    offset,
    now: () => realNow() + Number(Atomics.load(milliseconds, 0)),
    set(instant) {
      const moved = Math.round(instant - realNow());
      memory.put(key, String(moved));
      Atomics.store(milliseconds, 0, BigInt(moved));
    },
  };
  const left = memory.get(key);
  if (left !== undefined) Atomics.store(milliseconds, 0, BigInt(left));
  else if (start !== undefined) clock.set(start);
  return clock;
}
