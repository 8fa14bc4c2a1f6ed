import type { Clock } from '../clock/clock.ts';

/** Longer than a timer of Node can be set for. */
const longest = 2 ** 31 - 1;

/** Calls back at an instant of the moved clock. A move of the clock calls for `set` again. */
export class Wake {
  private readonly clock: Clock;
  private readonly callback: () => void;
  private timer: NodeJS.Timeout | undefined;
  private at = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, callback: () => void) {
    this.clock = clock;
    this.callback = callback;
  }

  /** The earliest instant counts; null cancels. */
  set(at: number | null): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.at = at ?? Number.POSITIVE_INFINITY;
    if (at === null) return;
    const wait = Math.max(0, Math.min(longest, at - this.clock.now()));
    this.timer = setTimeout(() => {
      if (this.clock.now() < this.at) this.set(this.at);
      else this.callback();
    }, wait);
  }
}
