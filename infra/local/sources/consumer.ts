import type { Clock } from '../clock/clock.ts';
import type { LocalQueue, Taken } from '../queues/queue.ts';
import type { ConsumerPlan } from '../template/plan.ts';
import { matchesPattern } from './filter.ts';
import { failedIdentifiers, type Invokable, type Source } from './source.ts';
import { Wake } from './wake.ts';

/**
 * Feeds a function from a queue as Lambda does: batches of what is visible, several at a time; what succeeded is
 * deleted, what failed stays hidden until its time is up and is then tried again or goes to the dead letters.
 */
export class Consumer implements Source {
  private readonly plan: ConsumerPlan;
  private readonly queue: LocalQueue;
  private readonly pool: Invokable;
  private readonly wake: Wake;
  private readonly most: number;
  private readonly failed: (messageId: string, why: string) => void;
  private running = 0;
  private closed = false;

  /** `failed` is told why a message was not handled, for whoever looks into the dead letters. */
  constructor(
    plan: ConsumerPlan,
    queue: LocalQueue,
    pool: Invokable,
    clock: Clock,
    failed: (messageId: string, why: string) => void,
  ) {
    this.plan = plan;
    this.failed = failed;
    this.queue = queue;
    this.pool = pool;
    this.most = Math.min(pool.capacity, plan.maxConcurrency ?? pool.capacity);
    this.wake = new Wake(clock, () => this.poke());
    queue.onArrival(() => this.poke());
  }

  start(): void {
    this.poke();
  }

  poke(): void {
    if (this.closed) return;
    while (this.running < this.most) {
      const batch = this.wanted(this.queue.take(this.plan.batchSize));
      if (batch.length === 0 && !this.queue.hasVisible()) break;
      if (batch.length > 0) void this.handle(batch);
    }
    this.wake.set(this.queue.nextVisibleAt());
  }

  async isDrained(): Promise<boolean> {
    this.poke();
    return this.running === 0 && !this.queue.hasVisible();
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

  private async handle(batch: readonly Taken[]): Promise<void> {
    this.running++;
    const event = { Records: batch.map((taken) => this.record(taken)) };
    const outcome = await this.pool.invoke(JSON.stringify(event));
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
