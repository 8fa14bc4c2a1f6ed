import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { DeskAlarm } from './desk-alarm.ts';
import { type DeskContext, named } from './desk-context.ts';
import { DeskFunction, decides } from './desk-function.ts';
import { DeskQueue } from './desk-queue.ts';

/**
 * Timers that are due within 15 minutes (the longest delay of SQS) wait on the queue; the sweep brings those
 * that are due later, and those that got lost.
 */
export class Timers extends Construct {
  readonly queue: DeskQueue;
  readonly timer: DeskFunction;
  readonly sweep: DeskFunction;

  constructor(scope: Construct, id: string, { desk }: { desk: DeskContext }) {
    super(scope, id);
    const { config } = desk;
    const reserved = config.reservedConcurrency?.timer;

    this.queue = new DeskQueue(this, 'Due', {
      config,
      name: 'timers',
      // As for pages, and for the same reason: a level that failed to start is tried again soon.
      visibilityTimeout: Duration.seconds(20),
      impact: 'A timer did not fire: a next level may not be paged, or a broken promise not be told.',
      runbook: 'timers',
    });
    this.timer = new DeskFunction(this, 'Timer', {
      desk,
      name: 'timer',
      description: 'Waits out the last fraction of a second and lets a timer fire.',
      // The delay of SQS is whole seconds, rounded down: under one second to wait, the rest to decide in.
      timeout: Duration.seconds(10),
      reservedConcurrency: reserved,
    })
      .grantTable([...decides, 'UpdateItem'])
      .consume(this.queue, { batchSize: 10, maxConcurrency: reserved });

    this.sweep = new DeskFunction(this, 'Sweep', {
      desk,
      name: 'sweep',
      description: 'Each minute: puts on the queue what falls due in the next 15 minutes or is overdue.',
      timeout: Duration.seconds(50),
      environment: { TIMER_QUEUE_URL: this.queue.queue.queueUrl },
      asynchronous: {
        // The next sweep, a minute later, covers whatever this one missed.
        retries: 0,
        maxAge: Duration.minutes(1),
        impact: 'A sweep failed: timers that are due in more than 15 minutes rely on the next one.',
        runbook: 'timers',
      },
    })
      .grantTable(['GetItem', 'PutItem'], ['due'])
      .grant(['sqs:SendMessage'], [this.queue.queue.queueArn]);
    new Rule(this, 'EachMinute', {
      ruleName: named(config, 'sweep'),
      description: 'Sweeps the timers each minute.',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaTarget(this.sweep.lambda, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    new DeskAlarm(this, 'NoSweep', {
      config,
      name: 'sweep-silent',
      metric: this.sweep.lambda.metricInvocations({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      silenceIsBad: true,
      impact: 'No sweep for five minutes: within ten more, promises and reminders stop being kept.',
      runbook: 'timers',
    });
  }
}
