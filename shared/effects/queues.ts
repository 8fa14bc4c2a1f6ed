import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { addSeconds, type Instant, secondsBetween } from '../domain/time.ts';
import type { Timer } from '../domain/timer.ts';
import { errorName } from './aws-errors.ts';
import { type Fate, fateOf, inCalls } from './batches.ts';
import type { FollowMessage, InformMessage } from './messages.ts';

/** The longest delay of SQS. What is due later waits for the sweep. */
const longestDelaySeconds = 900;

export interface TimerQueue {
  /** Each message is seen at its timer's due time, or up to a second before; never after, if it is not late already. */
  send(timers: readonly Timer[], now: Instant): Promise<Fate[]>;
}

export interface FollowerQueue {
  /** @throws when any of them was not taken */
  send(messages: readonly (FollowMessage | InformMessage)[]): Promise<void>;
}

export interface FailureQueue {
  /** Keeps what could not be parsed, whole. @throws when it cannot be kept */
  keep(record: unknown): Promise<void>;
}

/** The last instant that the timer queue can hold a message for. */
export function queueHorizon(now: Instant): Instant {
  return addSeconds(now, longestDelaySeconds);
}

/** Whole seconds, rounded down: the timer function waits out the rest. */
export function delaySeconds(dueAt: Instant, now: Instant): number {
  return Math.min(longestDelaySeconds, Math.max(0, Math.floor(secondsBetween(now, dueAt))));
}

function createClient(): SQSClient {
  return new SQSClient({ requestHandler: { connectionTimeout: 1000, socketTimeout: 3000 } });
}

export function createTimerQueue(options: { queueUrl: string; client?: SQSClient }): TimerQueue {
  const client = options.client ?? createClient();

  async function sendCall(timers: readonly Timer[], now: Instant): Promise<Fate[]> {
    const Entries = timers.map(({ home, subject, kind, dueAt, generation }, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({ home, subject, kind, dueAt, generation }),
      DelaySeconds: delaySeconds(dueAt, now),
    }));
    try {
      const { Failed } = await client.send(
        new SendMessageBatchCommand({ QueueUrl: options.queueUrl, Entries }),
      );
      return timers.map((_, index) => fateOf(Failed, String(index)));
    } catch (error) {
      return timers.map(() => ({ state: 'failed', because: errorName(error) }));
    }
  }

  return {
    async send(timers, now) {
      const fates = inCalls(timers, () => 0).map((call) => sendCall(call, now));
      return (await Promise.all(fates)).flat();
    },
  };
}

export function createFollowerQueue(options: { queueUrl: string; client?: SQSClient }): FollowerQueue {
  const client = options.client ?? createClient();

  async function sendCall(messages: readonly (FollowMessage | InformMessage)[]): Promise<void> {
    const Entries = messages.map((message, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(message),
    }));
    const { Failed } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: options.queueUrl, Entries }),
    );
    if (Failed?.length) throw new Error(`${Failed.length} of ${messages.length} messages were not taken.`);
  }

  return {
    async send(messages) {
      await Promise.all(inCalls(messages, () => 0).map(sendCall));
    },
  };
}

export function createFailureQueue(options: { queueUrl: string; client?: SQSClient }): FailureQueue {
  const client = options.client ?? createClient();
  return {
    async keep(record) {
      await client.send(
        new SendMessageCommand({ QueueUrl: options.queueUrl, MessageBody: JSON.stringify(record) }),
      );
    },
  };
}
