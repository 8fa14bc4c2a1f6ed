import type { Clock } from '../clock/clock.ts';
import type { LocalQueue, Taken } from '../queues/queue.ts';
import type { ConsumerPlan } from '../template/plan.ts';
import { matchesPattern } from './filter.ts';
import { failedIdentifiers, type Gathering, type Source } from './source.ts';
import { Wake } from './wake.ts';

/**
 * Feeds a function from a queue as Lambda does: batches of what is visible, several at a time; what succeeded is
 * deleted, what failed stays hidden until its time is up and is then tried again or goes to the dead letters.
 * A batch is taken when the function has its turn: what arrives while it waits for one goes with it.
 */
export class Consumer implements Source {
  private readonly plan: ConsumerPlan;
  private readonly queue: LocalQueue;
  private readonly pool: Gathering;
  private readonly wake: Wake;
  private readonly failed: (messageId: string, why: string) => void;
  private running = 0;
  /** Of those, how many have no batch yet. */
  private gathering = 0;
  private closed = false;

  /** `failed` is told why a message was not handled, for whoever looks into the dead letters. */
  constructor(
    plan: ConsumerPlan,
    queue: LocalQueue,
    pool: Gathering,
    clock: Clock,
    failed: (messageId: string, why: string) => void,
  ) {
    this.plan = plan;
    this.failed = failed;
    this.queue = queue;
    this.pool = pool;
    this.wake = new Wake(clock, () => this.poke());
    queue.onArrival(() => this.poke());
    pool.onRoom(() => this.poke());
  }

  start(): void {
    this.poke();
  }

  poke(): void {
    if (this.closed) return;
    const { batchSize, maxConcurrency } = this.plan;
    const most = Math.min(this.pool.capacity, maxConcurrency ?? this.pool.capacity);
    while (this.running < most && this.queue.visible() > this.gathering * batchSize) void this.handle();
    this.wake.set(this.queue.nextVisibleAt());
  }

  async isDrained(): Promise<boolean> {
    this.poke();
    return this.running === 0 && this.queue.visible() === 0;
  }

  nextDueAt(): number | null {
    this.queue.delayToDueInstants();
    return this.queue.nextVisibleAt();
  }

  close(): void {
    this.closed = true;
    this.wake.set(null);
  }

  /** Without what the filter drops, which is deleted. */
  private wanted(batch: readonly Taken[]): Taken[] {
    const { filters } = this.plan;
    if (!filters) return [...batch];
    return batch.filter((taken) => {
      const matches = filters.some((pattern) =>
        matchesPattern(pattern, { body: jsonOrText(taken.message.body) }),
      );
      if (!matches) this.queue.delete(taken.receipt);
      return matches;
    });
  }

  private async handle(): Promise<void> {
    this.running++;
    this.gathering++;
    const batch: Taken[] = [];
    let begun = false;
    const gather = () => {
      begun = true;
      this.gathering--;
      batch.push(...this.wanted(this.queue.take(this.plan.batchSize)));
      this.wake.set(this.queue.nextVisibleAt());
    };
    const outcome = await this.pool.invoke(() => {
      gather();
      const Records = batch.map((taken) => this.record(taken));
      return Records.length > 0 ? JSON.stringify({ Records }) : null;
    });
    // The function does not even load: then a batch fails all the same.
    if (!begun) gather();
    const failed = outcome.ok && this.plan.reportsFailures ? failedIdentifiers(outcome.payload) : [];
    // As Lambda: an answer that makes no sense fails the batch.
    const understood = failed?.every((id) => batch.some(({ message }) => message.messageId === id));
    for (const { receipt, message } of batch) {
      if (!outcome.ok)
        this.failed(message.messageId, `${outcome.error.errorType}: ${outcome.error.errorMessage}`);
      else if (!understood)
        this.failed(message.messageId, 'the function answered with unknown item identifiers');
      else if (failed?.includes(message.messageId))
        this.failed(message.messageId, 'the function reported it as failed');
      else this.queue.delete(receipt);
    }
    this.running--;
    this.poke();
  }

  private record({ receipt, message }: Taken) {
    return {
      messageId: message.messageId,
      receiptHandle: receipt,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: String(message.approximateReceiveCount),
        SentTimestamp: String(message.sentTimestamp),
        SenderId: 'AIDALOCAL',
        ApproximateFirstReceiveTimestamp: String(
          message.approximateFirstReceiveTimestamp ?? message.sentTimestamp,
        ),
      },
      messageAttributes: Object.fromEntries(
        Object.entries(message.messageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
          name,
          {
            ...(StringValue !== undefined && { stringValue: StringValue }),
            ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
            stringListValues: [],
            binaryListValues: [],
            dataType: DataType,
          },
        ]),
      ),
      md5OfBody: message.md5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: this.queue.arn,
      awsRegion: 'us-east-1',
    };
  }
}

function jsonOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
