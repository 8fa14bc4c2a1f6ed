/** Counts the invocations that run, so that it can be known when nothing does. */
export class Activity {
  /** How many have ever begun: unchanged between two looks, nothing ran in between. */
  begun = 0;
  private running = 0;
  private waiting: (() => void)[] = [];

  begin(): void {
    this.begun++;
    this.running++;
  }

  end(): void {
    this.running--;
    if (this.running > 0) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }

  get idle(): boolean {
    return this.running === 0;
  }

  /** Resolves when nothing runs. */
  whenIdle(): Promise<void> {
    if (this.idle) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
