import type { Clock } from '../clock/clock.ts';
import type { StreamPlan } from '../template/plan.ts';
import { failedIdentifiers, type Invokable } from './source.ts';
import { Wake } from './wake.ts';

/** A record on its way to a function. */
export interface Item {
  readonly sequence: string;
  /** In Lambda's form. */
  readonly record: unknown;
  readonly readAt: number;
  readonly done: () => void;
}

/** How long a stream keeps its records. */
const dayMs = 24 * 3_600_000;
const firstWaitMs = 200;
const longestWaitMs = 60_000;

/**
 * Records of the same partition keys, handed on in order, one batch at a time. What fails blocks what is behind
 * it, is tried again after ever longer waits, and gives up when the plan or the age of the record says so.
 */
export class Lane {
  private readonly plan: StreamPlan;
  private readonly pool: Invokable;
  private readonly clock: Clock;
  private readonly report: (line: string) => void;
  private readonly wake: Wake;
  private readonly items: Item[] = [];
  private busy = false;
  private tries = 0;
  private most: number;
  private retryAt: number | null = null;

  constructor(plan: StreamPlan, pool: Invokable, clock: Clock, report: (line: string) => void) {
    this.plan = plan;
    this.pool = pool;
    this.clock = clock;
    this.report = report;
    this.most = plan.batchSize;
    this.wake = new Wake(clock, () => this.poke());
  }

  add(item: Item): void {
    this.items.push(item);
  }

  get length(): number {
    return this.items.length;
  }

  /** Nothing here could be handed on now. */
  get drained(): boolean {
    return !this.busy && (this.items.length === 0 || (this.retryAt ?? 0) > this.clock.now());
  }

  get nextDueAt(): number | null {
    return this.items.length > 0 ? this.retryAt : null;
  }

  poke(): void {
    if (this.busy || this.items.length === 0) return;
    if (this.retryAt !== null && this.retryAt > this.clock.now()) {
      this.wake.set(this.retryAt);
    } else {
      this.retryAt = null;
      void this.handle(this.items.slice(0, this.most));
    }
  }

  close(): void {
    this.busy = true;
    this.wake.set(null);
  }

  private async handle(batch: readonly Item[]): Promise<void> {
    this.busy = true;
    const outcome = await this.pool.invoke(JSON.stringify({ Records: batch.map(({ record }) => record) }));
    const failed = outcome.ok && this.plan.reportsFailures ? failedIdentifiers(outcome.payload) : [];
    // As Lambda: everything before the first that failed is done; an answer that makes no sense fails the batch.
    const firstFailed = failed?.length ? batch.findIndex(({ sequence }) => failed.includes(sequence)) : -1;
    const succeeded = outcome.ok && failed !== null && (failed.length === 0 || firstFailed >= 0);
    const through = !succeeded ? 0 : failed?.length ? firstFailed : batch.length;

    for (const item of this.items.splice(0, through)) item.done();
    if (through === batch.length) {
      this.tries = 0;
      this.most = this.plan.batchSize;
    } else {
      this.tries = through > 0 ? 1 : this.tries + 1;
      if (!succeeded && this.plan.bisects) this.most = Math.max(1, Math.ceil(batch.length / 2));
      this.giveUpOrWait();
    }
    this.busy = false;
    this.poke();
  }

  private giveUpOrWait(): void {
    const [first] = this.items;
    if (!first) return;
    const { retries, functionName } = this.plan;
    const expired = this.clock.now() - first.readAt > dayMs;
    if (expired || (retries !== null && this.tries > retries)) {
      this.report(`${functionName}: gave up on stream record ${first.sequence} after ${this.tries} tries`);
      this.items.shift();
      first.done();
      this.tries = 0;
      return;
    }
    this.retryAt = this.clock.now() + Math.min(longestWaitMs, firstWaitMs * 2 ** (this.tries - 1));
  }
}
