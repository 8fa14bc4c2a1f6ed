import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { startDynamo } from '../../infra/local/dynamodb/java.ts';
import { type Figure, median } from './report.ts';

/**
 * The limits in milliseconds were set on a machine on which DynamoDB Local, in memory and asked by the SDK, did so many
 * transactions of three rows a second, by so many clients at a time.
 */
const whereSet = { 1: 860, 8: 1114 } as const;
type Clients = keyof typeof whereSet;

const rounds = 5;
const transactionsARound = 400;

/**
 * What this machine can do, measured beside what is judged: the same machine is at times half as fast as at others, and
 * a limit that does not know it says nothing of the desk.
 */
export class Machine {
  private readonly samples: Record<Clients, number[]> = { 1: [], 8: [] };
  private readonly documents: DynamoDBDocumentClient;
  private readonly stop: () => Promise<void>;

  private constructor(client: DynamoDBClient, stop: () => Promise<void>) {
    this.documents = DynamoDBDocumentClient.from(client);
    this.stop = stop;
  }

  /** A DynamoDB Local of its own, long enough in use that its code is compiled. */
  static async open(): Promise<Machine> {
    const { dynamo, ready, stop } = await startDynamo(null, true);
    await ready;
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${dynamo.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    });
    await client.send(
      new CreateTableCommand({
        TableName: 'bench',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      }),
    );
    const machine = new Machine(client, stop);
    for (let round = 0; round < 3 * rounds; round++) await machine.perSecond(8);
    return machine;
  }

  /** Measures what it can do now; to be called while nothing else runs, before and after what is judged. */
  async measure(): Promise<void> {
    for (let round = 0; round < rounds; round++)
      for (const clients of [1, 8] as const) this.samples[clients].push(await this.perSecond(clients));
  }

  /** How many times longer a transaction takes here, as measured so far; at least 1. */
  slowness(clients: Clients): number {
    return Math.max(1, whereSet[clients] / median(this.samples[clients]));
  }

  /** A limit of so many milliseconds there, on this machine. */
  limit(milliseconds: number, clients: Clients): number {
    return Math.round(milliseconds * this.slowness(clients));
  }

  figures(): Figure[] {
    return ([1, 8] as const).map((clients) => ({
      what: `this machine: transactions of three rows, clients: ${clients}`,
      value: median(this.samples[clients]),
      unit: `/s (${whereSet[clients]} where the limits were set)`,
    }));
  }

  async close(): Promise<void> {
    this.documents.destroy();
    await this.stop();
  }

  private async perSecond(clients: number): Promise<number> {
    const began = performance.now();
    let left = transactionsARound;
    const one = async () => {
      while (left-- > 0) {
        const TransactItems = Array.from({ length: 3 }, () => ({
          Put: { TableName: 'bench', Item: { pk: randomUUID(), value: 'three rows of it' } },
        }));
        await this.documents.send(new TransactWriteCommand({ TransactItems }));
      }
    };
    await Promise.all(Array.from({ length: clients }, one));
    return (transactionsARound * 1000) / (performance.now() - began);
  }
}
