import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../runtime/random.ts';
import { Conflict } from './conflict.ts';

const tries = 8;

type Sleep = (milliseconds: number) => Promise<unknown>;

/** About as long as one transaction takes. */
const firstWait = 5;

/**
 * Does `work` again, from its reads on, with full jitter, while somebody else's transaction is in its way. For
 * work whose every step may be repeated.
 * @param sleep for tests; real time when left out
 * @throws Conflict after the last try.
 */
export async function untilNoConflict<T>(
  random: Random,
  work: () => Promise<T>,
  sleep: Sleep = wait,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Conflict) || tried === tries) throw error;
    }
    await fullJitter(random, tried, sleep);
  }
}

/** Waits somewhere between not at all and twice as long as the time before. */
export async function fullJitter(
  random: Pick<Random, 'fraction'>,
  tried: number,
  sleep: Sleep = wait,
): Promise<void> {
  await sleep(random.fraction() * firstWait * 2 ** tried);
}
