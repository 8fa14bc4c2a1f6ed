import type { Clock } from './clock.ts';

/** What a move of the clock needs to know and do. */
export interface Movable {
  readonly clock: Clock;
  settle(): Promise<void>;
  /** Runs what runs at a rate, where its time has passed. */
  runSchedules(): void;
  /** The clock jumped: whatever waits for an instant looks at it again. */
  clockMoved(): void;
  /** When the next message that is delayed or waits for its next try may be taken. */
  nextMessageAt(): number | null;
  /** When the next timer row falls due after this instant. */
  nextTimerAfter(instant: number): Promise<number | null>;
}

/**
 * Moves the clock. Forwards, it stops at each instant at which something falls due and lets all of it happen
 * there, so that each step carries its own time. Answers when what fell due is done.
 */
export async function moveClock(to: Movable, target: number): Promise<void> {
  await to.settle();
  if (target < to.clock.now()) {
    to.clock.set(target);
    return happen(to);
  }
  for (let last: number | null = null; ; ) {
    const stop = await nextStop(to);
    if (stop === null || stop > target) {
      if (last !== target) await stopAt(to, target);
      return;
    }
    last = stop;
    await stopAt(to, stop);
  }
}

async function stopAt(to: Movable, instant: number): Promise<void> {
  // While things ran, the clock ran on: it is never turned back between two stops.
  if (instant > to.clock.now()) to.clock.set(instant);
  await happen(to);
}

async function happen(to: Movable): Promise<void> {
  to.clockMoved();
  to.runSchedules();
  await to.settle();
}

async function nextStop(to: Movable): Promise<number | null> {
  const now = to.clock.now();
  const timer = await to.nextTimerAfter(now);
  const message = to.nextMessageAt();
  return timer === null || message === null ? (timer ?? message) : Math.min(timer, message);
}
