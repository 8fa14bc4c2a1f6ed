import { Aws, Duration } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type DeskContext, named } from './desk-context.ts';
import { DeskFunction, decides } from './desk-function.ts';
import { DeskQueue } from './desk-queue.ts';

/**
 * Answers by SMS. The two-way setting of the origination number publishes to this topic; it is set by hand,
 * once (README, "Deploy"), because a number belongs to an account and not to a stack.
 */
export class SmsInbound extends Construct {
  readonly fn: DeskFunction;
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { desk }: { desk: DeskContext }) {
    super(scope, id);
    const { config } = desk;
    this.topic = new Topic(this, 'Topic', { topicName: named(config, 'sms-inbound'), enforceSSL: true });
    // https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-iam-policy-auto.html
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('sms-voice.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    const queue = new DeskQueue(this, 'Messages', {
      config,
      name: 'sms-inbound',
      visibilityTimeout: Duration.seconds(25),
      impact: 'An answer by SMS was not understood by the system: a person who took it may be paged on.',
      runbook: 'sms',
    });
    this.topic.addSubscription(new SqsSubscription(queue.queue, { rawMessageDelivery: true }));
    this.fn = new DeskFunction(this, 'Fn', {
      desk,
      name: 'sms-inbound',
      description: 'Reads what somebody answered by SMS, and does it.',
      timeout: Duration.seconds(20),
    })
      .grantTable([...decides, 'BatchGetItem'])
      .consume(queue, { batchSize: 10 });
  }
}
