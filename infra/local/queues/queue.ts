import { type MessageAttributeValue, type SqsMessage, type SqsQueue, SqsStore } from './fauxqs.ts';

/** A message that was taken and is hidden until it is deleted or its time is up. */
export interface Taken {
  readonly receipt: string;
  readonly message: SqsMessage;
}

/** A queue as the local cloud uses it: in this process, and told at once of what arrives. */
export class LocalQueue {
  readonly name: string;
  readonly arn: string;
  private readonly queue: SqsQueue;
  private readonly byArn: (arn: string) => SqsQueue | undefined;
  private listeners: (() => void)[] = [];

  constructor(queue: SqsQueue, byArn: (arn: string) => SqsQueue | undefined) {
    this.queue = queue;
    this.byArn = byArn;
    this.name = queue.name;
    this.arn = queue.arn;
    const enqueue = queue.enqueue.bind(queue);
    queue.enqueue = (message) => {
      enqueue(message);
      for (const listener of this.listeners) listener();
    };
  }

  /** Calls this whenever a message has been put on the queue, delayed or not. */
  onArrival(listener: () => void): void {
    this.listeners.push(listener);
  }

  send(
    body: string,
    options: { delaySeconds?: number; attributes?: Record<string, MessageAttributeValue> } = {},
  ): void {
    const delay = options.delaySeconds || undefined;
    this.queue.enqueue(SqsStore.createMessage(body, options.attributes ?? {}, delay));
  }

  /** Takes up to this many messages that are visible now. */
  take(most: number): Taken[] {
    const taken: Taken[] = [];
    while (taken.length < most) {
      const received = this.queue.dequeue(Math.min(10, most - taken.length), undefined, this.byArn);
      if (received.length === 0) break;
      for (const { ReceiptHandle } of received) {
        const entry = this.queue.inflightMessages.get(ReceiptHandle);
        if (entry) taken.push({ receipt: ReceiptHandle, message: entry.message });
      }
    }
    return taken;
  }

  delete(receipt: string): void {
    this.queue.deleteMessage(receipt);
  }

  /** Hides a taken message for this long from now. */
  hide(receipt: string, seconds: number): void {
    this.queue.changeVisibility(receipt, seconds);
  }

  /**
   * Shows again what was taken and not deleted: for a start after a crash, when nobody has it any more. It counts
   * as not taken, or a message would become a dead letter by nothing but restarts.
   */
  releaseAll(): void {
    for (const [receipt, { message }] of this.queue.inflightMessages) {
      message.approximateReceiveCount = Math.max(0, message.approximateReceiveCount - 1);
      this.queue.changeVisibility(receipt, -1);
    }
  }

  /** How much there is to take now. */
  visible(): number {
    this.queue.processTimers();
    return this.queue.messages.length;
  }

  /** When the next message that is delayed or hidden may be taken. */
  nextVisibleAt(): number | null {
    let next = Number.POSITIVE_INFINITY;
    for (const { delayUntil } of this.queue.delayedMessages) next = Math.min(next, delayUntil ?? next);
    for (const { visibilityDeadline } of this.queue.inflightMessages.values())
      next = Math.min(next, visibilityDeadline);
    return Number.isFinite(next) ? next : null;
  }

  /**
   * SQS delays by whole seconds, so a timer's message appears up to a second before its `dueAt`, and the function
   * waits out the rest in real time. Where the clock is moved there is nothing to wait for: this delays each such
   * message to its very instant.
   */
  delayToDueInstants(): void {
    for (const message of this.queue.delayedMessages) {
      const { delayUntil = 0, body } = message;
      const due = Date.parse(/"dueAt":"([^"]+)"/.exec(body)?.[1] ?? '');
      if (due > delayUntil && due <= delayUntil + 1000) message.delayUntil = due;
    }
  }

  /** Everything that is on the queue, taken or not. */
  all(): SqsMessage[] {
    const { ready, delayed, inflight } = this.queue.inspectMessages();
    return [...ready, ...delayed, ...inflight.map(({ message }) => message)];
  }
}
