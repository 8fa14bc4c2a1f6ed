import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { errorName } from './aws-errors.ts';
import { type Fate, fateOf, inCalls } from './batches.ts';
import type { DeskMessage } from './messages.ts';

/** The topic that every effect's queue hangs on; `kind` and, for events, `type` are what subscriptions filter by. */
export interface DeskEvents {
  /** In their order, ten a call; how each one fared. */
  publish(messages: readonly DeskMessage[]): Promise<Fate[]>;
}

export function createDeskEvents(options: { topicArn: string; client?: SNSClient }): DeskEvents {
  const client =
    options.client ?? new SNSClient({ requestHandler: { connectionTimeout: 1000, socketTimeout: 3000 } });

  async function publishCall(bodies: readonly Entry[]): Promise<Fate[]> {
    try {
      const { Failed } = await client.send(
        new PublishBatchCommand({
          TopicArn: options.topicArn,
          PublishBatchRequestEntries: bodies.map(({ body, attributes }, index) => ({
            Id: String(index),
            Message: body,
            MessageAttributes: Object.fromEntries(
              Object.entries(attributes).map(([name, value]) => [
                name,
                { DataType: 'String', StringValue: value },
              ]),
            ),
          })),
        }),
      );
      return bodies.map((_, index) => fateOf(Failed, String(index)));
    } catch (error) {
      const because = errorName(error);
      if (!isAboutContent(error)) return bodies.map(() => ({ state: 'failed', because }));
      if (bodies.length === 1) return [{ state: 'rejected', because }];
      // One of them spoils the call: each is asked about alone.
      return (await Promise.all(bodies.map((body) => publishCall([body])))).flat();
    }
  }

  return {
    async publish(messages) {
      const entries = messages.map(entryOf);
      const calls = inCalls(entries, ({ bytes }) => bytes);
      return (await Promise.all(calls.map(publishCall))).flat();
    },
  };
}

interface Entry {
  body: string;
  attributes: Record<string, string>;
  bytes: number;
}

function entryOf(message: DeskMessage): Entry {
  const body = JSON.stringify(message);
  const attributes =
    message.kind === 'event' ? { kind: 'event', type: message.event.type } : { kind: message.kind };
  return { body, attributes, bytes: Buffer.byteLength(body) };
}

/** Refused for what is in it, such as its size; anything else may pass. */
function isAboutContent(error: unknown): boolean {
  return error instanceof Error && /InvalidParameter|BatchRequestTooLong|Validation/.test(error.name);
}
