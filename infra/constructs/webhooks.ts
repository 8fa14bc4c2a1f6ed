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

/** Signed webhooks to integrators. Behind pages: their concurrency has a ceiling, that of pages a floor. */
export class Webhooks extends Construct {
  readonly fn: DeskFunction;

  constructor(scope: Construct, id: string, { desk, events }: WebhooksProps) {
    super(scope, id);
    const { config } = desk;
    const timeout = Duration.seconds(30);
    const queue = new DeskQueue(this, 'Deliveries', {
      config,
      name: 'webhooks',
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
      impact: "An integrator was not told of an event: a partner's own systems show an old state.",
      runbook: 'webhooks',
    });
    events.feed(queue, ['event', 'delivery']);
    this.fn = new DeskFunction(this, 'Fn', {
      desk,
      name: 'deliver-webhook',
      description: 'Makes the deliveries of an event, and attempts one delivery.',
      timeout,
      // It waits for other people's servers most of the time.
      memory: 512,
      environment: webhookEnvironment(desk),
    })
      .grantTable(decides)
      .consume(queue, { batchSize: 10, maxConcurrency: 20 });
  }
}

/** Who checks a webhook's address, at its creation and at each delivery, must allow the same. */
export function webhookEnvironment({ config }: DeskContext): Record<string, string> {
  return config.webhookLocalOrigin ? { WEBHOOK_LOCAL_ORIGIN: config.webhookLocalOrigin } : {};
}
