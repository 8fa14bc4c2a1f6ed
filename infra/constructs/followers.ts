import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DeskContext } from './desk-context.ts';
import type { DeskEvents } from './desk-events.ts';
import { DeskFunction, decides } from './desk-function.ts';
import { DeskQueue } from './desk-queue.ts';

/**
 * What may have happened to an escalation that leads an outage, as far as it matters to those that follow it; words
 * on one of them, which count for the lead; and what happened to an incident.
 */
const news = [
  'escalation.acknowledged',
  'escalation.page_failed',
  'escalation.passed',
  'escalation.not_contacted',
  'escalation.contact_lost',
  'escalation.promoted',
  'escalation.split',
  'escalation.exhausted',
  'escalation.resolved',
  'escalation.cancelled',
  'ticket.commented',
  'incident.updated',
  'incident.resolved',
];

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
    events.feed(queue, ['event'], news);
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
