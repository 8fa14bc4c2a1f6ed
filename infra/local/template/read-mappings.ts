import { checkPattern } from '../sources/filter.ts';
import { CannotStart } from '../words.ts';
import type { ConsumerPlan, FunctionPlan, LogSubscriptionPlan, StreamPlan } from './plan.ts';
import { demand, demandPermission, functionNamed } from './read-functions.ts';
import type { ResourceSet } from './read-plan.ts';
import type { Resolved } from './resolve.ts';

const isStream = ({ properties }: Resolved) => String(properties.EventSourceArn).includes(':dynamodb:');

function common(mapping: Resolved, functions: readonly FunctionPlan[], defaultBatch: number) {
  const { FunctionName, BatchSize, FunctionResponseTypes, FilterCriteria } = mapping.properties;
  const filters = (FilterCriteria as { Filters: { Pattern: string }[] } | undefined)?.Filters;
  return {
    fn: functionNamed(functions, FunctionName, `Event source mapping ${mapping.id}`),
    batchSize: Number(BatchSize ?? defaultBatch),
    reportsFailures: ((FunctionResponseTypes ?? []) as string[]).includes('ReportBatchItemFailures'),
    filters: filters ? filters.map(({ Pattern }) => checkPattern(JSON.parse(Pattern))) : null,
  };
}

/** Functions that read a table's stream. */
export function readStreams(template: ResourceSet, functions: readonly FunctionPlan[]): StreamPlan[] {
  return template
    .of('AWS::Lambda::EventSourceMapping')
    .filter(isStream)
    .map((mapping) => {
      const { fn, ...rest } = common(mapping, functions, 100);
      const { EventSourceArn, BisectBatchOnFunctionError, MaximumRetryAttempts, ParallelizationFactor } =
        mapping.properties;
      const arn = String(EventSourceArn);
      for (const action of ['DescribeStream', 'GetRecords', 'GetShardIterator']) {
        demand(fn.statements, { action: `dynamodb:${action}`, resource: arn }, fn.name);
      }
      demand(fn.statements, { action: 'dynamodb:ListStreams', resource: arn }, fn.name);
      const retries = Number(MaximumRetryAttempts ?? -1);
      return {
        ...rest,
        id: mapping.id,
        functionName: fn.name,
        tableName: arn.split(/[:/]/)[6] ?? '',
        bisects: BisectBatchOnFunctionError === true,
        retries: retries < 0 ? null : retries,
        lanes: Number(ParallelizationFactor ?? 1),
      };
    });
}

/** Functions that are fed from a queue. */
export function readConsumers(template: ResourceSet, functions: readonly FunctionPlan[]): ConsumerPlan[] {
  return template
    .of('AWS::Lambda::EventSourceMapping')
    .filter((mapping) => !isStream(mapping))
    .map((mapping) => {
      const { fn, ...rest } = common(mapping, functions, 10);
      const { EventSourceArn, ScalingConfig } = mapping.properties;
      const queueArn = String(EventSourceArn);
      for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
        demand(fn.statements, { action: `sqs:${action}`, resource: queueArn }, fn.name);
      }
      const queue = template.of('AWS::SQS::Queue').find(({ name }) => queueArn.endsWith(`:${name}`));
      if (!queue) throw new CannotStart(`${mapping.id} reads ${queueArn}, which is not in the template.`);
      const hiddenMs = Number(queue.properties.VisibilityTimeout ?? 30) * 1000;
      if (hiddenMs < fn.timeoutMs) {
        // Lambda refuses such a mapping.
        throw new CannotStart(
          `Queue ${queue.name} hides a message for ${hiddenMs / 1000} s, less than ${fn.name} may take.`,
        );
      }
      const concurrency = (ScalingConfig as { MaximumConcurrency?: number } | undefined)?.MaximumConcurrency;
      return {
        ...rest,
        id: mapping.id,
        functionName: fn.name,
        queueArn,
        maxConcurrency: concurrency ?? null,
      };
    });
}

/** Functions that read a log group. */
export function readLogSubscriptions(
  template: ResourceSet,
  functions: readonly FunctionPlan[],
): LogSubscriptionPlan[] {
  return template.of('AWS::Logs::SubscriptionFilter').map(({ id, properties }) => {
    const { LogGroupName, DestinationArn, FilterPattern } = properties;
    if (FilterPattern !== '')
      throw new CannotStart(`Subscription filter ${id} has a pattern: only "" is known here.`);
    const fn = functionNamed(functions, DestinationArn, `Subscription filter ${id}`);
    const groupArn = `arn:aws:logs:us-east-1:000000000000:log-group:${LogGroupName}:*`;
    demandPermission(template, fn.name, 'logs.amazonaws.com', groupArn);
    return { name: id, logGroup: String(LogGroupName), functionName: fn.name };
  });
}
