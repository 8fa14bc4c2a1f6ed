import { ConditionalCheckFailedException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Random } from '../runtime/random.ts';
import { Bind, type Condition } from './conditions.ts';
import { Conflict } from './conflict.ts';
import type { Item } from './item.ts';
import type { Key } from './keys.ts';
import { fullJitter } from './until-no-conflict.ts';
import { explained, type Piece, transactItem } from './write.ts';

const indexKeys = {
  table: ['pk', 'sk'],
  lists: ['listPk', 'listSk'],
  desk: ['deskPk', 'deskSk'],
  due: ['duePk', 'dueAt'],
} as const;

/** Rows of one partition in the order of their sort keys. The table is read consistently, an index cannot be. */
export interface Query {
  from: keyof typeof indexKeys;
  pk: string;
  /** All when left out. `between` has both ends in, `above` and `below` leave theirs out. */
  range?: { between: readonly [string, string] } | { above: string } | { below: string };
  descending?: boolean;
  /** Rows a request; at most 1 MB come anyway. */
  limit?: number;
}

/** A path is an attribute, and then members of maps. */
type Path = readonly [string, ...string[]];
interface AttributeChange {
  set?: readonly (readonly [Path, unknown])[];
  remove?: readonly Path[];
}

/** DynamoDB limits one transaction, and one BatchGetItem, to this many items. */
const itemsPerTransaction = 100;
const keysPerBatch = 100;

/** A commit has happened by then or never does: lists of events hold back 5 s for those that are under way. */
const longestCommitMs = 4_000;

/** So often a batch is asked for when nothing comes of it. */
const batchTries = 8;

/** The one table: what the repositories need of DynamoDB, and nothing else. No Scan is offered. */
export class Table {
  private readonly client: DynamoDBDocumentClient;
  private readonly name: string;
  private readonly random: Pick<Random, 'fraction'>;

  constructor(client: DynamoDBDocumentClient, name: string, random: Pick<Random, 'fraction'>) {
    this.client = client;
    this.name = name;
    this.random = random;
  }

  async get(key: Key): Promise<Item | null> {
    const answer = await this.client.send(
      new GetCommand({ TableName: this.name, Key: key, ConsistentRead: true }),
    );
    return answer.Item ?? null;
  }

  /**
   * In the order asked for, a request for each hundred; those that are not there are left out. What DynamoDB leaves
   * out, being busy or because its answer is full, is asked for again, ever later while nothing comes:
   * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
   */
  async batchGet(keys: readonly Key[]): Promise<Item[]> {
    const found = new Map<string, Item>();
    let left: Item[] = [...new Map(keys.map(({ pk, sk }) => [`${pk} ${sk}`, { pk, sk }])).values()];
    let tried = 0;
    while (left.length > 0) {
      const Keys = left.slice(0, keysPerBatch);
      const answer: BatchGetCommandOutput = await this.client.send(
        new BatchGetCommand({ RequestItems: { [this.name]: { Keys, ConsistentRead: true } } }),
      );
      const items = answer.Responses?.[this.name] ?? [];
      for (const item of items) found.set(`${item.pk} ${item.sk}`, item);
      const leftOut = answer.UnprocessedKeys?.[this.name]?.Keys ?? [];
      left = [...leftOut, ...left.slice(keysPerBatch)];
      if (leftOut.length === 0) continue;
      tried = items.length > 0 ? 1 : tried + 1;
      if (tried === batchTries)
        throw new Error(`DynamoDB left out ${leftOut.length} of ${Keys.length} rows, ${tried} times.`);
      await fullJitter(this.random, tried);
    }
    return keys.map((key) => found.get(`${key.pk} ${key.sk}`)).filter((item) => item !== undefined);
  }

  /** Request by request, until the partition ends or the reader has enough. */
  async *pages(query: Query): AsyncGenerator<Item[], void> {
    const [pk, sk] = indexKeys[query.from];
    const [range, values] = rangeOf(query.range);
    let after: Item | undefined;
    do {
      const answer = await this.client.send(
        new QueryCommand({
          TableName: this.name,
          ...(query.from === 'table' ? { ConsistentRead: true } : { IndexName: query.from }),
          KeyConditionExpression: `#pk = :pk${range}`,
          ExpressionAttributeNames: { '#pk': pk, ...(query.range && { '#sk': sk }) },
          ExpressionAttributeValues: { ':pk': query.pk, ...values },
          ScanIndexForward: !query.descending,
          Limit: query.limit,
          ExclusiveStartKey: after,
        }),
      );
      yield answer.Items ?? [];
      after = answer.LastEvaluatedKey;
    } while (after);
  }

  async all(query: Query): Promise<Item[]> {
    const rows: Item[] = [];
    for await (const page of this.pages(query)) rows.push(...page);
    return rows;
  }

  /** How many rows a partition has. */
  async countOf(pk: string): Promise<number> {
    let count = 0;
    let after: Item | undefined;
    do {
      const answer = await this.client.send(
        new QueryCommand({
          TableName: this.name,
          ConsistentRead: true,
          KeyConditionExpression: '#pk = :pk',
          ExpressionAttributeNames: { '#pk': 'pk' },
          ExpressionAttributeValues: { ':pk': pk },
          Select: 'COUNT',
          ExclusiveStartKey: after,
        }),
      );
      count += answer.Count ?? 0;
      after = answer.LastEvaluatedKey;
    } while (after);
    return count;
  }

  /** A write without a condition: done twice it is the same. */
  async put(item: Item & Key): Promise<void> {
    await this.client.send(new PutCommand({ TableName: this.name, Item: item }));
  }

  /**
   * One row put or deleted on its conditions; false when they did not hold. Only where false means that
   * nothing is left to do: the SDK's retry after a lost answer meets its own write and says false too.
   * @throws Conflict while a transaction has the row.
   */
  async writeOne(piece: Piece & ({ put: Item } | { delete: Key })): Promise<boolean> {
    const { Put, Delete } = transactItem(this.name, piece);
    try {
      if (Put) await this.client.send(new PutCommand(Put));
      if (Delete) await this.client.send(new DeleteCommand(Delete));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      if (error instanceof TransactionConflictException)
        throw new Conflict([`${piece.what}.busy`], { cause: error });
      throw error;
    }
  }

  /** Changes attributes, also members of maps; the row as it became, or null when the conditions did not hold. */
  async update(key: Key, change: AttributeChange, conditions: readonly Condition[]): Promise<Item | null> {
    const bind = new Bind();
    const set = (change.set ?? []).map(([path, value]) => `${bind.path(...path)} = ${bind.value(value)}`);
    const remove = (change.remove ?? []).map((path) => bind.path(...path));
    const expression = [
      ...(set.length > 0 ? [`SET ${set.join(', ')}`] : []),
      ...(remove.length > 0 ? [`REMOVE ${remove.join(', ')}`] : []),
    ];
    const condition = conditions.map((each) => each.expression(bind)).join(' AND ');
    try {
      const answer = await this.client.send(
        new UpdateCommand({
          TableName: this.name,
          Key: key,
          UpdateExpression: expression.join(' '),
          ConditionExpression: condition,
          ExpressionAttributeNames: bind.names,
          ...(Object.keys(bind.values).length > 0 && { ExpressionAttributeValues: bind.values }),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return answer.Attributes ?? null;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return null;
      if (error instanceof TransactionConflictException)
        throw new Conflict([`${key.sk}.busy`], { cause: error });
      throw error;
    }
  }

  /**
   * All of it or nothing, as one TransactWriteItems. The SDK sends one
   * ClientRequestToken with all its retries, so a lost answer is not taken for somebody else's write.
   * @throws Conflict, or what the failed piece says with `taken`; throttling, 5xx and time-outs come as they are.
   */
  async transact(pieces: readonly Piece[]): Promise<void> {
    if (pieces.length > itemsPerTransaction)
      throw new RangeError(
        `A transaction of ${pieces.length} items: DynamoDB takes ${itemsPerTransaction}. Decide less at once.`,
      );
    try {
      await this.client.send(
        new TransactWriteCommand({ TransactItems: pieces.map((piece) => transactItem(this.name, piece)) }),
        { abortSignal: AbortSignal.timeout(longestCommitMs) },
      );
    } catch (error) {
      throw explained(error, pieces);
    }
  }
}

function rangeOf(range: Query['range']): [string, Item] {
  if (range === undefined) return ['', {}];
  if ('between' in range)
    return [' AND #sk BETWEEN :from AND :to', { ':from': range.between[0], ':to': range.between[1] }];
  if ('above' in range) return [' AND #sk > :from', { ':from': range.above }];
  return [' AND #sk < :to', { ':to': range.below }];
}
