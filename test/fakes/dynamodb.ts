import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';

/**
 * DynamoDB Local in memory, for tests: one server a test process (or one for all, see `setup`), a fresh table a
 * test file. Each access key has a database of its own in it: the tests share one, each local cloud has another.
 */
export interface LocalDynamoDb {
  endpoint: string;
  port: number;
  /** A client of its own, so that faults injected into it disturb nobody else. */
  client(config?: DynamoDBClientConfig): DynamoDBClient;
  /** A fresh table as the infrastructure makes it, keys and indexes; its name. */
  createTable(): Promise<string>;
}

const emulator = join(import.meta.dirname, '../../node_modules/amplify-dynamodb-simulator/emulator');
const endpointVariable = 'NIGHTDESK_TEST_DYNAMODB';
let running: Promise<string> | null = null;
let tables = 0;

export async function localDynamoDb(): Promise<LocalDynamoDb> {
  running ??= process.env[endpointVariable] ? ready(process.env[endpointVariable]) : start().then(ready);
  const endpoint = await running;
  const client = (config: DynamoDBClientConfig = {}): DynamoDBClient => clientOf(endpoint, config);
  return {
    endpoint,
    port: Number(new URL(endpoint).port),
    client,
    async createTable() {
      tables += 1;
      const name = `test-${process.pid}-${tables}-${process.hrtime.bigint()}`;
      await client().send(new CreateTableCommand({ ...tableShape, TableName: name }));
      return name;
    },
  };
}

/** For vitest's `globalSetup`: one server for all test files. It is started, not waited for: who needs it waits. */
export async function setup(): Promise<void> {
  process.env[endpointVariable] = await start();
}

function clientOf(endpoint: string, config: DynamoDBClientConfig): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...config,
  });
}

/**
 * The shell waits for the end of its standard input, which is this process's: when that dies, however it
 * dies, the shell ends the JVM.
 */
async function start(): Promise<string> {
  const port = await freePort();
  const java = [
    'java',
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Xmx512m',
    `-Djava.library.path=${join(emulator, 'DynamoDBLocal_lib')}`,
    `-jar ${join(emulator, 'DynamoDBLocal.jar')}`,
    `-inMemory -disableTelemetry -port ${port}`,
  ].join(' ');
  const shell = spawn('sh', ['-c', `${java} </dev/null >/dev/null 2>&1 & read -r _; kill -9 $!`], {
    cwd: tmpdir(),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  // A pipe of a child is a net.Socket, which must not keep this process alive either.
  if (shell.stdin && 'unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref();
  return `http://127.0.0.1:${port}`;
}

async function ready(endpoint: string): Promise<string> {
  const client = clientOf(endpoint, { maxAttempts: 1 });
  for (let tried = 1; ; tried++) {
    try {
      await client.send(new ListTablesCommand({ Limit: 1 }));
      return endpoint;
    } catch (error) {
      if (tried === 600) throw new Error('DynamoDB Local did not start: is Java 17 there?', { cause: error });
      await wait(50);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port is free')),
      );
    });
  });
}

const indexes = [
  ['lists', 'listPk', 'listSk'],
  ['desk', 'deskPk', 'deskSk'],
  ['due', 'duePk', 'dueAt'],
] as const;

const schema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];

/** As infra/stacks/data.ts makes it; a test there compares. */
const tableShape = {
  BillingMode: 'PAY_PER_REQUEST' as const,
  KeySchema: schema('pk', 'sk'),
  AttributeDefinitions: ['pk', 'sk', ...indexes.flatMap(([, partition, sort]) => [partition, sort])].map(
    (AttributeName) => ({ AttributeName, AttributeType: 'S' as const }),
  ),
  GlobalSecondaryIndexes: indexes.map(([IndexName, partition, sort]) => ({
    IndexName,
    KeySchema: schema(partition, sort),
    Projection: { ProjectionType: 'ALL' as const },
  })),
};
