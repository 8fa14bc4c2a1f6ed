/** Counts the invocations that run, so that it can be known when nothing does. */
export class Activity {
  /** How many have ever begun: unchanged between two looks, nothing ran in between. */
  begun = 0;
  private readonly running = new Set<Promise<unknown>>();
  private waiting: (() => void)[] = [];

  /** Counts this as running until it is over. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.begun++;
    this.running.add(work);
    try {
      return await work;
    } finally {
      this.running.delete(work);
      if (this.idle) for (const resume of this.waiting.splice(0)) resume();
    }
  }

  get idle(): boolean {
    return this.running.size === 0;
  }

  /** Resolves when nothing runs. */
  whenIdle(): Promise<void> {
    if (this.idle) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Resolves when all that runs now is over, whatever begins meanwhile. */
  async whenTheseEnd(): Promise<void> {
    await Promise.allSettled(this.running);
  }
}
