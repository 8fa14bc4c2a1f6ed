import { Metrics } from '@aws-lambda-powertools/metrics';
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { described, log, logger } from './logging.ts';

/** Counts and durations, written with the log once an invocation; CloudWatch makes metrics of them. */
export const metrics = new Metrics();

/** What came in is not what this function takes. Says where, never what. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Every event-driven function: its request id on each line, what it threw in the log, its metrics at the end. */
export function eventFunction<Event, Result>(handle: (event: Event, context: Context) => Promise<Result>) {
  return middy<Event, Result>({ timeoutEarlyInMillis: 0 }).use(observed()).handler(handle);
}

function observed(): MiddlewareObj {
  const publish = () => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return {
    before: ({ context }) => logger.addContext(context),
    after: publish,
    onError: ({ error }) => {
      log.error('The invocation failed.', described(error));
      publish();
    },
  };
}

/**
 * A function that an SQS queue feeds: the messages of a batch side by side, each failing for itself. What
 * fails is shown again after the visibility time-out, and after its last try goes to the dead-letter queue.
 * `begin` makes what the messages of one batch share.
 */
export function queueFunction<Message, Shared = undefined>(
  schema: () => z.ZodType<Message>,
  handle: (message: Message, record: SQSRecord, shared: Shared) => Promise<void>,
  begin?: () => Shared,
) {
  return eventFunction<SQSEvent, SQSBatchResponse>(async ({ Records }) => {
    const shared = begin?.() as Shared;
    const fates = await Promise.all(
      Records.map(async (record) => {
        try {
          await handle(parseJson(schema(), record.body), record, shared);
          return [];
        } catch (error) {
          log.error('A message was not handled.', {
            messageId: record.messageId,
            tries: Number(record.attributes?.ApproximateReceiveCount ?? 1),
            ...described(error),
          });
          return [{ itemIdentifier: record.messageId }];
        }
      }),
    );
    return { batchItemFailures: fates.flat() };
  });
}

/** @throws Unreadable, which names the fields but quotes nothing */
export function parseJson<T>(schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Unreadable('It is not JSON.');
  }
  return parse(schema, value);
}

/** @throws Unreadable, which names the fields but quotes nothing */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(whole)'}: ${issue.code}`);
  throw new Unreadable(`It has not the expected form: ${fields.join('; ')}`);
}
