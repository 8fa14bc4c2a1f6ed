import { roleStatements } from '../iam/policies.ts';
import { CannotStart } from '../words.ts';
import { refuseUnknown } from './known.ts';
import type { Plan, TablePlan } from './plan.ts';
import { readApi, readSchedules } from './read-entries.ts';
import { readFunctions } from './read-functions.ts';
import { readConsumers, readLogSubscriptions, readStreams } from './read-mappings.ts';
import { readQueues, readSubscriptions, smsInboundTopic } from './read-messaging.ts';
import type { Resolved } from './resolve.ts';

/** Turns resolved resources into what is to be run, and stops in words at what would not work in the cloud. */
export function readPlan(resources: readonly Resolved[], assets: ReadonlyMap<string, string>): Plan {
  refuseUnknown(resources);
  const template = new ResourceSet(resources);
  const functions = readFunctions(template, roleStatements(resources), assets);
  return {
    tables: template.of('AWS::DynamoDB::Table').map(readTable),
    buckets: template.of('AWS::S3::Bucket').map(({ name }) => name.toLowerCase()),
    queues: readQueues(template),
    topics: template.of('AWS::SNS::Topic').map(({ name }) => name),
    subscriptions: readSubscriptions(template),
    functions,
    streams: readStreams(template, functions),
    consumers: readConsumers(template, functions),
    schedules: readSchedules(template, functions),
    logSubscriptions: readLogSubscriptions(template, functions),
    api: readApi(template, functions),
    smsInboundTopic: smsInboundTopic(template),
  };
}

/** The resources by type. */
export class ResourceSet {
  private readonly all: readonly Resolved[];

  constructor(all: readonly Resolved[]) {
    this.all = all;
  }

  of(type: string): readonly Resolved[] {
    return this.all.filter((resource) => resource.type === type);
  }
}

function readTable({ name, id, properties }: Resolved): TablePlan {
  const { KeySchema, AttributeDefinitions, BillingMode, GlobalSecondaryIndexes, StreamSpecification } =
    properties;
  if (BillingMode !== 'PAY_PER_REQUEST') {
    throw new CannotStart(`Table ${id} is not PAY_PER_REQUEST, which is all that the local cloud makes.`);
  }
  const indexes = (GlobalSecondaryIndexes ?? []) as Record<string, unknown>[];
  return {
    name,
    arn: `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`,
    indexes,
    definition: {
      TableName: name,
      KeySchema,
      AttributeDefinitions,
      BillingMode,
      ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
      ...(StreamSpecification !== undefined && {
        StreamSpecification: { StreamEnabled: true, ...(StreamSpecification as object) },
      }),
    },
  };
}
