import type { Activity } from './activity.ts';
import type { Carrier } from './carrier/carrier.ts';
import type { Clock } from './clock/clock.ts';
import { moveClock } from './clock/move.ts';
import { settle } from './clock/settle.ts';
import type { Dynamo } from './dynamodb/call.ts';
import { dueIndexes, nextDue } from './dynamodb/tables.ts';
import type { Faults } from './faults.ts';
import type { Hooks } from './hooks.ts';
import type { FunctionLogs } from './logs.ts';
import type { Mailboxes } from './mail.ts';
import type { MessagingHost } from './queues/host.ts';
import type { Schedules } from './sources/schedules.ts';
import type { Source } from './sources/source.ts';
import type { Plan } from './template/plan.ts';
import { Refusal } from './words.ts';
import type { FunctionPool, Outcome } from './worker/pool.ts';

/** What of a message could not be handled. */
export interface DeadLetter {
  readonly queue: string;
  readonly body: string;
  readonly error: string | null;
}

/** The parts of a running local cloud; wire.ts puts them together. */
export interface CloudParts {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly dynamo: Dynamo;
  readonly messaging: MessagingHost;
  readonly carrier: Carrier;
  readonly mailboxes: Mailboxes;
  readonly hooks: Hooks;
  readonly faults: Faults;
  readonly logs: FunctionLogs;
  readonly pools: ReadonlyMap<string, FunctionPool>;
  /** The pool of a function that the template has. */
  poolOf(functionName: string): FunctionPool;
  readonly sources: readonly Source[];
  readonly schedules: Schedules;
  readonly activity: Activity;
  /** Why messages failed, by message id. */
  readonly failures: ReadonlyMap<string, string>;
}

/** The local cloud as its control API and its tests use it. */
export class Cloud {
  readonly parts: CloudParts;
  private moving: Promise<void> = Promise.resolve();

  constructor(parts: CloudParts) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    for (const source of this.parts.sources) await source.start();
    this.parts.schedules.start();
  }

  now(): number {
    return this.parts.clock.now();
  }

  settle(): Promise<void> {
    return settle(this.parts.activity, this.parts.sources);
  }

  /** Moves the clock, and answers when all that fell due on the way is done. One move at a time. */
  move(target: (now: number) => number): Promise<void> {
    const { clock, sources, schedules, dynamo, plan } = this.parts;
    const indexes = dueIndexes(plan.tables);
    const earliest = (times: readonly (number | null)[]) => {
      const known = times.filter((at) => at !== null);
      return known.length > 0 ? Math.min(...known) : null;
    };
    const move = async () => {
      const to = target(clock.now());
      await moveClock(
        {
          clock,
          settle: () => this.settle(),
          runSchedules: () => schedules.runDue(),
          clockMoved: () => {
            for (const source of sources) source.poke();
          },
          nextMessageAt: () => earliest(sources.map((source) => source.nextDueAt())),
          nextTimerAfter: async (after) =>
            earliest(await Promise.all(indexes.map((index) => nextDue(dynamo, index, after)))),
        },
        to,
      );
    };
    const moved = this.moving.then(move);
    this.moving = moved.catch(() => {});
    return moved;
  }

  /** Somebody answers by SMS. */
  text(from: string, body: string): { id: string } {
    const { carrier, messaging, plan } = this.parts;
    if (!plan.smsInboundTopic) throw new Refusal(409, 'The template has no topic for SMS that come in.');
    const sms = carrier.inbound(from, body);
    messaging.publish(plan.smsInboundTopic, JSON.stringify(sms));
    return { id: sms.inboundMessageId };
  }

  /** Messages that were given up, on every queue that no function reads. */
  deadLetters(): DeadLetter[] {
    const { plan, messaging, failures } = this.parts;
    const read = plan.consumers.map(({ queueArn }) => queueArn);
    return plan.queues
      .filter(({ arn }) => !read.includes(arn))
      .flatMap(({ name, arn }) =>
        (messaging.queue(arn)?.all() ?? []).map(({ messageId, body, messageAttributes }) => ({
          queue: name,
          body,
          error: messageAttributes.ErrorMessage?.StringValue ?? failures.get(messageId) ?? null,
        })),
      );
  }

  /** Invokes a function by its name, in full or without the stage's prefix. */
  invoke(name: string, event: unknown): Promise<Outcome> {
    const pool = [...this.parts.pools.values()].find(
      ({ plan }) => plan.name === name || plan.name.endsWith(`-${name}`),
    );
    if (!pool) throw new Refusal(404, `There is no function ${name}.`);
    return pool.invoke(JSON.stringify(event));
  }

  async close(): Promise<void> {
    const { schedules, sources, pools, messaging, logs } = this.parts;
    schedules.close();
    for (const source of sources) source.close();
    await Promise.all([...pools.values()].map((pool) => pool.close()));
    await messaging.close();
    logs.close();
  }
}
