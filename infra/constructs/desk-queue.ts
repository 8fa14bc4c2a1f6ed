import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { type AlarmText, DeskAlarm } from './desk-alarm.ts';
import { named } from './desk-context.ts';

export interface DeadLettersProps extends AlarmText {
  readonly config: StageConfig;
  /** Of the queue, without the stage. */
  readonly name: string;
}

/** Where ends up what could not be handled: kept 14 days (the most that SQS allows), with an alarm on the first. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: DeadLettersProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      queueName: named(props.config, props.name),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This queue is itself where messages end that could not be handled; an alarm watches it.',
    });
    new DeskAlarm(this, 'Alarm', {
      config: props.config,
      name: props.name,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      impact: props.impact,
      runbook: props.runbook,
    });
  }
}

export interface DeskQueueProps extends AlarmText {
  readonly config: StageConfig;
  readonly name: string;
  /** How long a message that is being handled, or that failed, stays hidden: the time to the next try. */
  readonly visibilityTimeout: Duration;
}

/**
 * A queue before a function, with its dead letters. A message is tried five times, the least that AWS advises
 * for Lambda, so that throttling alone does not condemn it:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export class DeskQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: DeskQueueProps) {
    super(scope, id);
    const dead = new DeadLetters(this, 'DeadLetters', { ...props, name: `${props.name}-dead` });
    this.deadLetters = dead.queue;
    this.queue = new Queue(this, 'Queue', {
      queueName: named(props.config, props.name),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: props.visibilityTimeout,
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: dead.queue, maxReceiveCount: 5 },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
