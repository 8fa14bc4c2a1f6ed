import type { Clock } from '../clock/clock.ts';
import type { LocalQueue, Taken } from '../queues/queue.ts';
import type { Invokable, Source } from './source.ts';
import { Wake } from './wake.ts';

/**
 * Asynchronous invocations of one function: a queue of events, as inside Lambda. One that fails is tried again
 * after a minute, then after two; what fails for good goes to the function's dead letters.
 */
export class AsynchronousInvocations implements Source {
  private readonly queue: LocalQueue;
  private readonly pool: Invokable;
  private readonly clock: Clock;
  private readonly deadLetters: LocalQueue | null;
  private readonly wake: Wake;
  /** What events that were accepted just now wait for. */
  private readonly notBefore: Promise<void>[] = [];
  private running = 0;
  private closed = false;

  constructor(pool: Invokable, queue: LocalQueue, deadLetters: LocalQueue | null, clock: Clock) {
    this.pool = pool;
    this.queue = queue;
    this.deadLetters = deadLetters;
    this.clock = clock;
    this.wake = new Wake(clock, () => this.poke());
    queue.onArrival(() => this.poke());
  }

  start(): void {
    this.poke();
  }

  /** Accepts an event; it is kept until it has been handled, which is not before this. */
  accept(event: string, notBefore: Promise<void> = Promise.resolve()): void {
    this.notBefore.push(notBefore);
    this.queue.send(event);
  }

  poke(): void {
    if (this.closed) return;
    while (this.running < this.pool.capacity) {
      const [taken] = this.queue.take(1);
      if (!taken) break;
      void this.handle(taken);
    }
    this.wake.set(this.queue.nextVisibleAt());
  }

  async isDrained(): Promise<boolean> {
    this.poke();
    return this.running === 0 && this.queue.visible() === 0;
  }

  nextDueAt(): number | null {
    return this.queue.nextVisibleAt();
  }

  close(): void {
    this.closed = true;
    this.wake.set(null);
  }

  private async handle({ receipt, message }: Taken): Promise<void> {
    this.running++;
    await Promise.all(this.notBefore.splice(0));
    const outcome = await this.pool.invoke(message.body);
    const { retries, maxAgeMs } = this.pool.plan;
    const tries = message.approximateReceiveCount;
    const waitSeconds = 60 * tries;
    const tooOld = this.clock.now() + waitSeconds * 1000 - message.sentTimestamp > maxAgeMs;
    if (!outcome.ok && tries <= retries && !tooOld) {
      this.queue.hide(receipt, waitSeconds);
    } else {
      if (!outcome.ok) {
        const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
        this.deadLetters?.send(message.body, {
          attributes: {
            RequestID: attribute(message.messageId),
            ErrorCode: { DataType: 'Number', StringValue: '200' },
            ErrorMessage: attribute(outcome.error.errorMessage.slice(0, 1000) || outcome.error.errorType),
          },
        });
      }
      this.queue.delete(receipt);
    }
    this.running--;
    this.poke();
  }
}

/** The queue attributes of such a queue: an event stays hidden for as long as a function may run. */
export const asynchronousQueue = { VisibilityTimeout: '900', MessageRetentionPeriod: '1209600' };
