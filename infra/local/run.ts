import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { localAssembly } from './assembly/build.ts';
import { openClock } from './clock/clock.ts';
import { installMovedDate } from './clock/date.ts';
import type { Cloud } from './cloud.ts';
import { joinDynamo, startDynamo } from './dynamodb/java.ts';
import { ControlApi } from './http/control.ts';
import { Gateway } from './http/gateway.ts';
import { type LocalServer, listen } from './http/server.ts';
import { DataDirInUse, openMemory } from './memory.ts';
import { type Demo, seed } from './seed.ts';
import { wireCloud } from './wire.ts';
import { CannotStart } from './words.ts';

export interface RunOptions {
  /** 0 chooses a free one. */
  readonly port: number;
  /** Where everything is kept; null keeps it in memory. */
  readonly dataDir: string | null;
  /** A cloud assembly to run instead of that of these sources. */
  readonly assemblyDir?: string;
  /** The port of a DynamoDB Local that runs already, for a cloud in memory. */
  readonly dynamoPort?: number;
  /** What the clock is set to if this data has never had a moved one. */
  readonly now?: number;
  /** Whether to make the demo provider, if it is not there. */
  readonly demo: boolean;
  /** Whether to load every function before anybody asks for it. */
  readonly warm: boolean;
  /** Whether it is to be fast after minutes of much work rather than soon. */
  readonly underLoad: boolean;
  /** Something went wrong inside, or the local cloud has to end. */
  report(line: string): void;
  died(line: string): void;
}

export interface Running {
  readonly baseUrl: string;
  /** The demo provider; null when none was wanted. */
  readonly demo: Demo | null;
  close(): Promise<void>;
}

/**
 * Starts the local cloud in this process, whose `Date` it replaces. Everything slow begins at once: Java, the
 * assembly, the queues.
 */
export async function runLocalCloud(options: RunOptions): Promise<Running> {
  const { dataDir, report } = options;
  const server = await listen(options.port, report);
  const baseUrl = `http://localhost:${server.port}`;
  const memory = openOwnMemory(dataDir);
  const clock = openClock(memory, options.now);
  installMovedDate(clock.offset);

  const java = options.dynamoPort
    ? joinDynamo(options.dynamoPort)
    : await startDynamo(tablesIn(dataDir), options.underLoad);
  const assembly = options.assemblyDir ? Promise.resolve(options.assemblyDir) : localAssembly();
  // Each is awaited further down; whichever fails first is what is told.
  for (const early of [java.ready, assembly]) early.catch(() => {});

  const { warm } = options;
  const cloud = await wireCloud({
    ...{ assembly, database: java, dataDir, memory, clock, origin: baseUrl, warm, report },
  });
  const { died, stop } = java;
  let closing = false;
  void died.then((sentence) => closing || options.died(sentence));

  let demo: Demo | null = null;
  openServer(server, cloud, () => demo);
  await cloud.start();
  if (options.demo) demo = await seed({ cloud, baseUrl, memory, dataDir });
  return {
    baseUrl,
    demo,
    async close() {
      closing = true;
      await server.close();
      await cloud.close();
      await stop();
      memory.close();
    },
  };
}

function tablesIn(dataDir: string | null): string | null {
  if (!dataDir) return null;
  const tables = join(dataDir, 'dynamodb');
  mkdirSync(tables, { recursive: true });
  return tables;
}

function openServer(server: LocalServer, cloud: Cloud, demo: () => unknown): void {
  const control = new ControlApi({ cloud, demo });
  const { plan, poolOf, clock } = cloud.parts;
  const gateway = plan.api ? new Gateway(plan.api, poolOf, clock) : null;
  server.open(async (request, response) => {
    if (/^\/local(\/|\?|$)/.test(request.url ?? '')) return control.handle(request, response);
    if (gateway) return gateway.handle(request, response);
    response.writeHead(404).end();
  });
}

function openOwnMemory(dataDir: string | null) {
  try {
    return openMemory(dataDir);
  } catch (error) {
    if (!(error instanceof DataDirInUse)) throw error;
    throw new CannotStart(
      `Another Nightdesk is running on ${dataDir}. Choose another: DATA_DIR=.local2 npm start`,
    );
  }
}
