import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DeskContext } from './desk-context.ts';
import type { DeskEvents } from './desk-events.ts';
import { DeskFunction, decides } from './desk-function.ts';
import { DeskQueue } from './desk-queue.ts';

export interface WebhooksProps {
  readonly desk: DeskContext;
  readonly events: DeskEvents;
}

/** More than one attempt takes, and little enough that what a lost worker had comes back within a minute. */
const hidden = Duration.seconds(60);

/**
 * Signed webhooks to integrators. Behind pages: their concurrency has a ceiling, that of pages a floor. Three
 * functions, so that an event is spread at once, a quick endpoint is served at once, and whatever may take
 * long waits by itself.
 */
export class Webhooks extends Construct {
  readonly spread: DeskFunction;
  readonly fn: DeskFunction;
  readonly line: DeskFunction;

  constructor(scope: Construct, id: string, { desk, events }: WebhooksProps) {
    super(scope, id);
    const { config } = desk;
    const impact = "An integrator was not told of an event: a partner's own systems show an old state.";
    const common = { config, runbook: 'webhooks', impact } as const;

    const spreading = new DeskQueue(this, 'Events', { ...common, name: 'events', visibilityTimeout: hidden });
    events.feed(spreading, ['event']);
    this.spread = new DeskFunction(this, 'Spread', {
      desk,
      name: 'spread-event',
      description: 'Makes a delivery of an event for each webhook endpoint that wants it.',
      timeout: Duration.seconds(10),
      memory: 512,
    })
      .grantTable(['GetItem', 'BatchGetItem', 'Query', 'PutItem'])
      .consume(spreading, { batchSize: 10, maxConcurrency: 20 });

    const deliveries = new DeskQueue(this, 'Deliveries', {
      ...common,
      name: 'webhooks',
      visibilityTimeout: hidden,
    });
    events.feed(deliveries, ['delivery']);
    this.fn = new DeskFunction(this, 'Fn', {
      desk,
      name: 'deliver-webhook',
      description: 'Attempts one delivery to a quick endpoint.',
      timeout: Duration.seconds(25),
      // It waits for other people's servers most of the time.
      memory: 512,
      environment: webhookEnvironment(desk),
    })
      .grantTable([...decides, 'BatchGetItem', 'UpdateItem'])
      .consume(deliveries, { batchSize: 10, maxConcurrency: 20 });

    const lines = new DeskQueue(this, 'Lines', {
      ...common,
      name: 'webhook-lines',
      visibilityTimeout: hidden,
    });
    events.feed(lines, ['line', 'recovery', 'test']);
    this.line = new DeskFunction(this, 'Line', {
      desk,
      name: 'webhook-line',
      description: 'Works off the lines of slow endpoints, recoveries and tests.',
      timeout: Duration.seconds(40),
      memory: 512,
      environment: {
        ...webhookEnvironment(desk),
        FAILURE_QUEUE_URL: lines.deadLetters.queueUrl,
      },
    })
      .grantTable([...decides, 'BatchGetItem', 'UpdateItem'], ['lists'])
      .grant(['sqs:SendMessage'], [lines.deadLetters.queueArn])
      .consume(lines, { batchSize: 10, maxConcurrency: 20 });
  }
}

/** Who checks a webhook's address, at its creation and at each delivery, must allow the same. */
export function webhookEnvironment({ config }: DeskContext): Record<string, string> {
  return config.webhookLocalOrigin ? { WEBHOOK_LOCAL_ORIGIN: config.webhookLocalOrigin } : {};
}
