import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DescribeTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { openClock } from '../../infra/local/clock/clock.ts';
import { dynamoOn } from '../../infra/local/dynamodb/call.ts';
import { nextDue } from '../../infra/local/dynamodb/tables.ts';
import { openMemory } from '../../infra/local/memory.ts';
import { failedIdentifiers } from '../../infra/local/sources/source.ts';
import { Stream } from '../../infra/local/sources/stream.ts';
import type { FunctionPlan, TablePlan } from '../../infra/local/template/plan.ts';
import type { Outcome } from '../../infra/local/worker/pool.ts';
import { localDynamoDb } from './dynamodb.ts';
import { type Message, Queue } from './sqs-queue.ts';

/**
 * Between an event's row and its webhooks: the table's stream, the queues as SQS keeps them, and the real
 * functions in processes that may be killed at any instant. The clock runs on at its own speed, and jumps only when
 * nothing but time is missing.
 */
export type FunctionName = 'outbox' | 'spread-event' | 'deliver-webhook' | 'webhook-line' | 'timer' | 'sweep';

/** A message, to whom it is of interest. */
export interface Sent {
  to: string;
  body: string;
  delaySeconds?: number;
}
export type ToWorker =
  | { do: 'clock'; aheadMs: number }
  | { do: 'confirm'; call: number }
  | { do: 'invoke'; call: number; name: FunctionName; event: string };
export type FromWorker =
  | { is: 'ready' }
  | { is: 'sending'; call: number; sent: readonly Sent[] }
  | { is: 'done'; call: number; answer: string };

/** As infra/constructs makes them. */
const hiddenMs = 60_000;
const mostTries = 5;
const queueOf: Record<string, Exclude<FunctionName, 'outbox' | 'sweep'>> = {
  event: 'spread-event',
  delivery: 'deliver-webhook',
  line: 'webhook-line',
  timer: 'timer',
};

interface Running {
  name: FunctionName;
  ended(answer: string | null): void;
}
interface Worker {
  child: ChildProcess;
  ready: boolean;
  running: Map<number, Running>;
}

export interface WebhookCloud {
  now(): string;
  /** Ends one of the workers, whatever it is at, as a power cut would. */
  killOne(): void;
  /** Lets everything happen, also what is yet to fall due. */
  untilNothingIsLeft(): Promise<void>;
  /** What was tried five times, or cannot be read. */
  deadLetters: string[];
  /** How many messages were in the hands of a worker that was killed. */
  cutOff(): number;
  close(): void;
}

export async function webhookCloud(options: {
  table: string;
  startsAt: string;
  localOrigin: string;
  workers: number;
}): Promise<WebhookCloud> {
  const server = await localDynamoDb();
  const memory = openMemory(null);
  const clock = openClock(memory, Date.parse(options.startsAt));
  const deadLetters: string[] = [];
  const queues = {
    'spread-event': new Queue(),
    'deliver-webhook': new Queue(),
    'webhook-line': new Queue(),
    timer: new Queue(),
  };
  const workers = new Set<Worker>();
  const forOutbox: (() => void)[] = [];
  let calls = 0;
  let cutOff = 0;
  let closed = false;

  const tell = ({ child }: Worker, message: ToWorker) => child.connected && child.send(message);
  const free = (name: FunctionName) =>
    [...workers].find(
      ({ ready, running }) => ready && ![...running.values()].some((each) => each.name === name),
    );

  /** null: the worker died of it, or with it. */
  function invoke(worker: Worker, name: FunctionName, event: object): Promise<string | null> {
    const call = ++calls;
    tell(worker, { do: 'invoke', call, name, event: JSON.stringify(event) });
    return new Promise((ended) => worker.running.set(call, { name, ended }));
  }

  async function handle(worker: Worker, name: keyof typeof queues, batch: Message[]): Promise<void> {
    const until = clock.now() + hiddenMs;
    const Records = batch.map(({ id: messageId, body, tries }) => ({
      ...{ messageId, body, attributes: { ApproximateReceiveCount: String(tries + 1) } },
    }));
    const answer = await invoke(worker, name, { Records });
    if (answer === null) cutOff += batch.length;
    const failed = answer === null ? batch.map(({ id }) => id) : failedIdentifiers(answer);
    for (const message of batch.filter(({ id }) => failed?.includes(id))) {
      message.tries += 1;
      if (message.tries < mostTries) queues[name].hide(message, until);
      else deadLetters.push(message.body);
    }
    pump();
  }

  function pump(): void {
    if (closed) return;
    for (let worker = free('outbox'); worker && forOutbox.length > 0; worker = free('outbox'))
      forOutbox.shift()?.();
    for (const [name, queue] of Object.entries(queues) as [keyof typeof queues, Queue][])
      for (let worker = free(name); worker; worker = free(name)) {
        const batch = queue.take(clock.now());
        if (batch.length === 0) break;
        void handle(worker, name, batch);
      }
  }

  function hire(): void {
    const child = fork(
      fileURLToPath(new URL('./webhook-worker.ts', import.meta.url)),
      [options.table, server.endpoint, options.localOrigin],
      { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
    );
    const worker: Worker = { child, ready: false, running: new Map() };
    workers.add(worker);
    child.on('message', (message: FromWorker) => {
      if (message.is === 'sending') {
        for (const { to, body, delaySeconds = 0 } of message.sent) {
          if (to === 'dead') deadLetters.push(body);
          const name = queueOf[to];
          if (name) queues[name].send(body, clock.now() + delaySeconds * 1000);
        }
        tell(worker, { do: 'confirm', call: message.call });
      } else if (message.is === 'done') {
        worker.running.get(message.call)?.ended(message.answer);
        worker.running.delete(message.call);
      } else {
        worker.ready = true;
        tell(worker, { do: 'clock', aheadMs: clock.now() - Date.now() });
      }
      pump();
    });
    // What cannot be told to one that is being killed.
    child.on('error', () => {});
    child.on('exit', () => {
      workers.delete(worker);
      for (const { ended } of worker.running.values()) ended(null);
      if (!closed) hire();
    });
  }

  const dynamo = server.client();
  const TableName = options.table;
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' as const };
  await dynamo.send(new UpdateTableCommand({ TableName, StreamSpecification }));
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName }));
  // The database of the tests' own access key.
  const local = dynamoOn(server.port, 'test');
  const stream = new Stream({
    plan: {
      ...{ id: 'outbox', functionName: 'outbox', tableName: TableName, batchSize: 100, lanes: 4 },
      ...{ reportsFailures: true, bisects: true, retries: null },
      filters: [{ dynamodb: { NewImage: { outbox: { S: [{ exists: true }] } } } }],
    },
    table: { definition: { KeySchema: Table?.KeySchema } } as unknown as TablePlan,
    streamArn: Table?.LatestStreamArn ?? '',
    dynamo: local,
    ...{ memory, clock },
    pool: {
      plan: {} as FunctionPlan,
      capacity: options.workers,
      async invoke(event): Promise<Outcome> {
        let worker = free('outbox');
        while (!worker) {
          await new Promise<void>((resume) => forOutbox.push(resume));
          worker = free('outbox');
        }
        const payload = await invoke(worker, 'outbox', JSON.parse(event));
        pump();
        if (payload !== null) return { ok: true, payload };
        return { ok: false, error: { errorType: 'Runtime.ExitError', errorMessage: 'killed' } };
      },
    },
    report: (line) => void deadLetters.push(line),
  });
  for (let n = 0; n < options.workers; n++) hire();
  stream.start();

  function jump(to: number): void {
    if (to > clock.now() && to !== Number.POSITIVE_INFINITY) clock.set(to);
    for (const worker of workers) tell(worker, { do: 'clock', aheadMs: clock.now() - Date.now() });
  }

  /** Puts on the queue what falls due next and is further off than the queue can hold; false when nothing will. */
  async function sweep(): Promise<boolean> {
    const due = await nextDue(local, { name: TableName, index: 'due', attribute: 'dueAt' }, 0);
    const worker = free('sweep');
    if (due === null || !worker) return due !== null;
    jump(due > clock.now() ? due - 30_000 : clock.now() + 61_000);
    await invoke(worker, 'sweep', {});
    return true;
  }

  const isBusy = () => [...workers].some(({ ready, running }) => !ready || running.size > 0);
  return {
    now: () => new Date(clock.now()).toISOString(),
    killOne() {
      const ready = [...workers].filter((worker) => worker.ready);
      const worker = ready[Math.floor(Math.random() * ready.length)];
      if (worker) worker.ready = false;
      worker?.child.kill('SIGKILL');
    },
    async untilNothingIsLeft() {
      for (;;) {
        pump();
        const before = calls;
        // The stream is asked, which costs a request, when nothing else is at work.
        if (isBusy() || !(await stream.isDrained()) || isBusy() || before !== calls) {
          await wait(5);
          continue;
        }
        const next = Math.min(
          stream.nextDueAt() ?? Number.POSITIVE_INFINITY,
          ...Object.values(queues).map(({ nextAt }) => nextAt),
        );
        if (next === Number.POSITIVE_INFINITY && !(await sweep())) return;
        jump(next);
        stream.poke();
      }
    },
    deadLetters,
    cutOff: () => cutOff,
    close() {
      closed = true;

      stream.close();
      for (const { child } of workers) child.kill('SIGKILL');
    },
  };
}
