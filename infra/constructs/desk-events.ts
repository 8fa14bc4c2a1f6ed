import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { named } from './desk-context.ts';
import type { DeskQueue } from './desk-queue.ts';

/**
 * The message attribute `kind`:
 *
 * | kind       | the message is                                       |
 * |------------|------------------------------------------------------|
 * | `event`    | a row of the event log, with its `type` beside it    |
 * | `page`     | a page or a notice to send                           |
 * | `delivery` | an attempt at a webhook delivery                     |
 * | `line`     | a turn of an endpoint's line: it may take long       |
 * | `recovery` | a turn of a recovery: it may take long               |
 * | `test`     | a test of an endpoint that somebody waits for        |
 */
export type EventKind = 'event' | 'page' | 'delivery' | 'line' | 'recovery' | 'test';

/** The topic to which the outbox publishes all that happened; each effect has a queue with the kinds it wants. */
export class DeskEvents extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { config }: { config: StageConfig }) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { topicName: named(config, 'desk-events'), enforceSSL: true });
  }

  /** Puts these kinds, and of events these types, on the queue as they were published: raw, without SNS's envelope. */
  feed({ queue }: DeskQueue, kinds: readonly EventKind[], types?: readonly string[]): void {
    this.topic.addSubscription(
      new SqsSubscription(queue, {
        rawMessageDelivery: true,
        filterPolicy: {
          kind: SubscriptionFilter.stringFilter({ allowlist: [...kinds] }),
          ...(types && { type: SubscriptionFilter.stringFilter({ allowlist: [...types] }) }),
        },
      }),
    );
  }
}
