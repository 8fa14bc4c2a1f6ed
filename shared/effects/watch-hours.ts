import { openingDue } from '../domain/opening.ts';
import { openingKey, type TimerChange } from '../domain/timer.ts';
import type { Clock } from '../runtime/clock.ts';
import { log } from '../runtime/logging.ts';
import type { Random } from '../runtime/random.ts';
import type { Store } from '../store/store.ts';
import { untilNoConflict } from '../store/until-no-conflict.ts';

export interface HoursWatch {
  store: Pick<Store, 'directory' | 'log' | 'timers'>;
  clock: Clock;
  random: Random;
}

/**
 * Looks at the desk's hours, and writes what is to be told and when to look again; nothing where all is as it was. The
 * log is read first: whoever changes the hours meanwhile moves it, and the look is made again.
 */
export function watchHours({ store, clock, random }: HoursWatch): Promise<TimerChange[]> {
  return untilNoConflict(random, async () => {
    const before = await store.log.head();
    const [roster, timer] = await Promise.all([store.directory.roster(), store.timers.read(openingKey)]);
    if (!roster) return [];
    const now = clock.now();
    const look = openingDue(roster, { ...before, timer }, now);
    if (look.openUntil === before.openUntil && look.timers.length === 0) return [];
    await store.log.commit(before, look, now);
    if (look.events.length > 0) log.info('The desk has opened.', { calendar: roster.provider.calendar });
    return look.timers;
  });
}
