import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { typesWithNews } from '../../shared/contract/words.ts';
import type { DeskContext } from './desk-context.ts';
import type { DeskEvents } from './desk-events.ts';
import { DeskFunction, decides } from './desk-function.ts';
import { DeskQueue } from './desk-queue.ts';

/** One outage pages once: what happens to the escalation that leads is brought to those that follow it. */
export class Followers extends Construct {
  readonly fn: DeskFunction;

  constructor(scope: Construct, id: string, { desk, events }: { desk: DeskContext; events: DeskEvents }) {
    super(scope, id);
    const queue = new DeskQueue(this, 'Queue', {
      config: desk.config,
      name: 'followers',
      // The oldest follower pages when its lead is gone: a failure is tried again soon.
      visibilityTimeout: Duration.seconds(20),
      impact: 'An emergency that follows a known outage shows an old state, and may not be paged for.',
      runbook: 'followers',
    });
    events.feed(queue, ['event'], typesWithNews);
    this.fn = new DeskFunction(this, 'Fn', {
      desk,
      name: 'follow',
      description:
        'Brings followers in step with the escalation that leads them, and tickets with their incident.',
      timeout: Duration.seconds(10),
      environment: { FOLLOWER_QUEUE_URL: queue.queue.queueUrl },
    })
      .grantTable(decides)
      .grant(['sqs:SendMessage'], [queue.queue.queueArn])
      .consume(queue, { batchSize: 10, maxConcurrency: 20 });
  }
}
