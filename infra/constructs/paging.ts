import { Duration } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { counted, DeskAlarm } from './desk-alarm.ts';
import { type DeskContext, named } from './desk-context.ts';
import type { DeskEvents } from './desk-events.ts';
import { DeskFunction, decides } from './desk-function.ts';
import { DeskQueue } from './desk-queue.ts';

export interface PagingProps {
  readonly desk: DeskContext;
  readonly events: DeskEvents;
}

/** Pages to people: by SMS to those on call, by e-mail and whatever else subscribes to the desk. */
export class Paging extends Construct {
  readonly fn: DeskFunction;
  /** The alerts of the desk: in business hours, and when nobody on call can be paged. */
  readonly alerts: Topic;

  constructor(scope: Construct, id: string, { desk, events }: PagingProps) {
    super(scope, id);
    const { config } = desk;

    this.alerts = new Topic(this, 'DeskAlerts', {
      topicName: named(config, 'desk-alerts'),
      displayName: 'Nightdesk',
      enforceSSL: true,
    });
    for (const address of config.deskAlertEmails) {
      this.alerts.addSubscription(new EmailSubscription(address));
    }

    const queue = new DeskQueue(this, 'Pages', {
      config,
      name: 'pages',
      // Twice the function's timeout, not six times: see decisions/0002-page-queue.md.
      visibilityTimeout: Duration.seconds(20),
      impact: 'A page could not be handled in five tries: a person on call may not know of an emergency.',
      runbook: 'pages',
    });
    events.feed(queue, ['page']);

    const reserved = config.reservedConcurrency?.pageOnCall;
    this.fn = new DeskFunction(this, 'Fn', {
      desk,
      name: 'page-on-call',
      description: 'Claims one page, sends it, and records what SNS answered.',
      timeout: Duration.seconds(10),
      reservedConcurrency: reserved,
      wildcards:
        'sns:CheckIfPhoneNumberIsOptedOut takes no resource; the two sms-voice actions are what SNS calls in our name for any phone, and are granted through SNS alone (aws:CalledViaLast).',
      environment: {
        DESK_ALERTS_TOPIC_ARN: this.alerts.topicArn,
        ...(config.originationNumber ? { ORIGINATION_NUMBER: config.originationNumber } : {}),
        ...(config.linkUrl ? { LINK_URL: config.linkUrl } : {}),
      },
    })
      .grantTable([...decides, 'BatchGetItem'])
      .grant(['sns:Publish'], [this.alerts.topicArn])
      .grant(['sns:CheckIfPhoneNumberIsOptedOut'], ['*'])
      // One page an invocation: a slow SNS delays nobody else's page, and a failure repeats nobody else's.
      .consume(queue, { batchSize: 1, maxConcurrency: reserved });

    // A phone has no ARN: "everything but topics" is the narrowest grant there is.
    // https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html
    this.fn.lambda.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['sns:Publish'],
        notResources: ['arn:aws:sns:*:*:*'],
      }),
    );
    // SNS sends, and asks for opt-outs, through AWS End User Messaging in the caller's name; never directly.
    // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSNSFullAccess.html
    this.fn.lambda.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['sms-voice:SendTextMessage', 'sms-voice:DescribeOptedOutNumbers'],
        resources: ['*'],
        conditions: {
          StringEquals: { 'aws:CalledViaLast': 'sns.amazonaws.com' },
        },
      }),
    );

    new DeskAlarm(this, 'Waiting', {
      config,
      name: 'pages-waiting',
      metric: queue.queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 60,
      impact: 'A page has waited for a minute: a person on call does not know of an emergency yet.',
      runbook: 'pages',
    });
    // One phone that is refused costs two: its page and the one at once after it. When SNS refuses all, the ladder is
    // climbed within seconds and tried again each minute.
    new DeskAlarm(this, 'NotSent', {
      config,
      name: 'pages-not-sent',
      metric: counted('page-on-call', 'PagesNotSent', Duration.minutes(5)),
      threshold: 3,
      impact: 'SNS does not take pages: the people on call do not know of an emergency.',
      runbook: 'pages',
    });
  }
}
