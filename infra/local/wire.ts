import { join } from 'node:path';
import { Activity } from './activity.ts';
import { readAssembly } from './assembly/read.ts';
import { Carrier } from './carrier/carrier.ts';
import { failureLogGroup, logEvent } from './carrier/delivery-failure.ts';
import type { Clock } from './clock/clock.ts';
import { Cloud } from './cloud.ts';
import type { DynamoProcess } from './dynamodb/java.ts';
import { ensureTable } from './dynamodb/tables.ts';
import { Faults } from './faults.ts';
import { Hooks } from './hooks.ts';
import { FunctionLogs } from './logs.ts';
import { Mailboxes } from './mail.ts';
import type { Memory } from './memory.ts';
import { MessagingHost } from './queues/host.ts';
import { AsynchronousInvocations, asynchronousQueue } from './sources/asynchronous.ts';
import { Consumer } from './sources/consumer.ts';
import { requiredAttributes } from './sources/filter.ts';
import { Schedules } from './sources/schedules.ts';
import type { Source } from './sources/source.ts';
import { Stream } from './sources/stream.ts';
import { readPlan } from './template/read-plan.ts';
import { resolveStacks } from './template/resolve.ts';
import { CannotStart } from './words.ts';
import { FunctionPool } from './worker/pool.ts';
import { placeOf, Turns } from './worker/turns.ts';

/** What a local cloud is made from. */
export interface WireOptions {
  /** The directory of the cloud assembly. */
  readonly assembly: Promise<string>;
  readonly database: Pick<DynamoProcess, 'dynamo' | 'ready'>;
  readonly dataDir: string | null;
  readonly memory: Memory;
  readonly clock: Clock;
  /** Where this machine's people reach the desk. */
  readonly origin: string;
  /** Whether every function is loaded before anybody asks for it, while the database starts. */
  readonly warm: boolean;
  /** Tells whoever runs this what went wrong in it. */
  report(line: string): void;
}

/** Puts the template's resources together as they run here. Nothing moves before `start`. */
export async function wireCloud(options: WireOptions): Promise<Cloud> {
  const { database, dataDir, memory, clock, origin, report } = options;
  const logs = new FunctionLogs(dataDir);
  const failures = new Map<string, string>();
  const sources: Source[] = [];

  // The carrier tells of failures through functions that are wired further down.
  const failureReaders: ((record: string) => void)[] = [];
  const carrier = new Carrier(memory, clock, (record) => {
    for (const tell of failureReaders) tell(record);
  });
  const messaging = await MessagingHost.open(dataDir && join(dataDir, 'messaging'), carrier.answer);

  const stacks = readAssembly(await options.assembly, origin);
  const resources = resolveStacks(stacks, {
    queueUrl: (name) => messaging.queueUrl(name),
    apiEndpoint: origin,
  });
  const plan = readPlan(resources, new Map(stacks.flatMap(({ assets }) => [...assets])));

  const queues = new Map(
    plan.queues.map(({ name, arn, attributes }) => [arn, messaging.ensureQueue(name, arn, attributes)]),
  );
  const queueOf = (arn: string) => {
    const queue = queues.get(arn);
    if (!queue) throw new CannotStart(`The template refers to the queue ${arn} and does not have it.`);
    return queue;
  };
  const ownQueue = (name: string, attributes = {}) =>
    messaging.ensureQueue(`local-${name}`, `arn:aws:sqs:us-east-1:000000000000:local-${name}`, attributes);

  const mailboxes = new Mailboxes(memory);
  for (const topic of plan.topics) messaging.createTopic(topic);
  for (const [index, subscription] of plan.subscriptions.entries()) {
    if (subscription.protocol === 'sqs') {
      messaging.subscribe(subscription, subscription.endpoint);
    } else {
      const mail = ownQueue(`mail-${index}`);
      messaging.subscribe(subscription, mail.arn);
      mailboxes.subscribe(subscription.endpoint, mail);
    }
  }
  for (const bucket of plan.buckets) messaging.ensureBucket(bucket);

  const { dynamo } = database;
  const activity = new Activity();
  const faults = new Faults();
  const turns = new Turns();
  const pools = new Map(
    plan.functions.map((fn) => [
      fn.name,
      new FunctionPool(
        {
          plan: fn,
          clockOffset: clock.offset,
          faults: faults.flag,
          dynamo,
          messagingPort: messaging.port,
          faultFor: (service, action) => faults.take(service, action),
          streamed: requiredAttributes(plan.streams.map(({ filters }) => filters)),
          wrote: () => {
            for (const stream of streams) stream.poke();
          },
          log: (text) => logs.add(fn.name, text),
        },
        activity,
        report,
        turns,
        placeOf(fn.name, plan),
      ),
    ]),
  );
  const poolOf = (name: string) => {
    const pool = pools.get(name);
    if (!pool) throw new CannotStart(`The template refers to the function ${name} and does not have it.`);
    return pool;
  };

  if (options.warm) for (const pool of pools.values()) pool.warm();

  await database.ready;
  const streamArns = new Map<string, string | null>();
  for (const table of plan.tables) streamArns.set(table.name, await ensureTable(dynamo, table));
  const streams = plan.streams.map((stream) => {
    const table = plan.tables.find(({ name }) => name === stream.tableName);
    const streamArn = streamArns.get(stream.tableName);
    if (!table || !streamArn)
      throw new CannotStart(`Table ${stream.tableName} has no stream for ${stream.functionName}.`);
    const pool = poolOf(stream.functionName);
    return new Stream({ plan: stream, table, streamArn, dynamo, memory, clock, pool, report });
  });
  sources.push(...streams);

  for (const consumer of plan.consumers) {
    const queue = queueOf(consumer.queueArn);
    queue.releaseAll();
    const failed = (messageId: string, why: string) => failures.set(messageId, why);
    sources.push(new Consumer(consumer, queue, poolOf(consumer.functionName), clock, failed));
  }

  const asynchronous = new Map<string, AsynchronousInvocations>();
  const invocationsOf = (functionName: string) => {
    const known = asynchronous.get(functionName);
    if (known) return known;
    const pool = poolOf(functionName);
    const { deadLetterArn } = pool.plan;
    const queue = ownQueue(`asynchronous-${functionName}`, asynchronousQueue);
    queue.releaseAll();
    const made = new AsynchronousInvocations(
      pool,
      queue,
      deadLetterArn ? queueOf(deadLetterArn) : null,
      clock,
    );
    asynchronous.set(functionName, made);
    sources.push(made);
    return made;
  };
  const schedules = new Schedules(
    plan.schedules.map((schedule) => ({ plan: schedule, invocations: invocationsOf(schedule.functionName) })),
    clock,
  );
  for (const subscription of plan.logSubscriptions) {
    if (subscription.logGroup !== failureLogGroup) continue;
    const invocations = invocationsOf(subscription.functionName);
    // The log is written after whoever published has its answer and is done with it.
    failureReaders.push((record) =>
      invocations.accept(logEvent(subscription, record, clock.now()), activity.whenTheseEnd()),
    );
  }

  const hooks = new Hooks(memory, clock);
  return new Cloud({
    ...{ plan, clock, dynamo, messaging, carrier, mailboxes, hooks, faults, logs, pools, poolOf },
    ...{ sources, schedules, activity, failures },
  });
}
