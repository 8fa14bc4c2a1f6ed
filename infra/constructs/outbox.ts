import { Duration } from 'aws-cdk-lib';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { DeskAlarm } from './desk-alarm.ts';
import type { DeskContext } from './desk-context.ts';
import type { DeskEvents } from './desk-events.ts';
import { DeskFunction } from './desk-function.ts';
import { DeadLetters, type DeskQueue } from './desk-queue.ts';

export interface OutboxProps {
  readonly desk: DeskContext;
  readonly events: DeskEvents;
  readonly timers: DeskQueue;
}

/**
 * From the table's stream to the topic and the timer queue. The store marks each row that the outbox must see
 * with a string attribute `outbox`, which says what it is (shared/effects/stream.ts); the filter drops the rest unpaid.
 *
 * A record is retried until it expires. One that cannot be parsed the function itself sends, whole, to the
 * failure queue, because an event source's own destination gets metadata only:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export class Outbox extends Construct {
  readonly fn: DeskFunction;

  constructor(scope: Construct, id: string, { desk, events, timers }: OutboxProps) {
    super(scope, id);
    const { config, table } = desk;

    const failures = new DeadLetters(this, 'Failures', {
      config,
      name: 'outbox-failures',
      impact: 'Something that happened was not passed on: a page, a webhook or a timer may be missing.',
      runbook: 'outbox',
    });
    this.fn = new DeskFunction(this, 'Fn', {
      desk,
      name: 'outbox',
      description: 'Publishes what was committed: events, pages and deliveries to SNS, timers to SQS.',
      timeout: Duration.seconds(30),
      reservedConcurrency: config.reservedConcurrency?.outbox,
      wildcards: 'dynamodb:ListStreams, which Lambda needs to read a stream, is granted on all streams.',
      environment: {
        EVENTS_TOPIC_ARN: events.topic.topicArn,
        TIMER_QUEUE_URL: timers.queue.queueUrl,
        FAILURE_QUEUE_URL: failures.queue.queueUrl,
      },
    })
      .grant(['sns:Publish'], [events.topic.topicArn])
      .grant(['sqs:SendMessage'], [timers.queue.queueArn, failures.queue.queueArn]);

    const { lambda } = this.fn;
    const stream = lambda.addEventSourceMapping('Stream', {
      ...(table.tableStreamArn === undefined ? {} : { eventSourceArn: table.tableStreamArn }),
      // From the oldest record: what was committed before this mapping existed is published, too.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      // A table on demand starts with four shards: sixteen batches at once, below the reserved concurrency.
      // Order within a shard may go, because consumers order by subjectSeq alone.
      parallelizationFactor: 4,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: -1,
      filters: [
        FilterCriteria.filter({
          eventName: ['INSERT', 'MODIFY'],
          dynamodb: { NewImage: { outbox: { S: FilterRule.exists() } } },
        }),
      ],
    });
    table.grantStreamRead(lambda);
    stream.node.addDependency(lambda.role?.node.findChild('DefaultPolicy') ?? lambda);

    new DeskAlarm(this, 'Lag', {
      config,
      name: 'outbox-lag',
      metric: lambda.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: Duration.seconds(30).toMilliseconds(),
      impact: 'Pages leave late: nobody is woken by what was escalated in the last half minute or longer.',
      runbook: 'outbox',
    });
  }
}
