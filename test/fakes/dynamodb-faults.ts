import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';

/** What was asked of DynamoDB, in order. */
export interface Request {
  /** `TransactWriteItems`, `Query`… */
  operation: string;
  index: string | null;
  /** Capacity units, all tables and indexes together. */
  units: number;
}

/** Records each request of this client from now on, with the capacity that it consumed. */
export function recordRequests(client: DynamoDBClient): Request[] {
  const requests: Request[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      requests.push({
        operation: String(context.commandName).replace(/Command$/, ''),
        index: text(member(args.input, 'IndexName')),
        units: unitsOf(result.output),
      });
      return result;
    },
    { step: 'initialize', priority: 'low', name: 'recordRequests' },
  );
  return requests;
}

/** What DynamoDB Local never shows by itself. */
export interface Faults {
  /** So many of the next transactions are cancelled with a TransactionConflict on their first item. */
  nextConflicts: number;
  /** And any transaction, with this probability. */
  conflictRate: number;
  /** So many of the next transactions are carried out, and then their answer is lost on the way. */
  nextLostAnswers: number;
  /** So many of the next batches that are read come back empty, with all that was asked for left out. */
  nextLeftOut: number;
  /** The process dies after so many requests more: none that follows is answered, or arrives. */
  diesAfter: number;
  /** From now on the indexes show nothing that this client writes… */
  freezeIndexes(): void;
  /** …until now: they have caught up. */
  thawIndexes(): void;
}

class Died extends Error {
  override readonly name = 'Died';
}

/** Lets a client meet the faults that are set on what this returns; none at first. `fraction` decides by chance. */
export function injectFaults(client: DynamoDBClient, fraction: () => number = Math.random): Faults {
  let hidden: Set<string> | null = null;
  const faults: Faults = {
    nextConflicts: 0,
    conflictRate: 0,
    nextLostAnswers: 0,
    nextLeftOut: 0,
    diesAfter: Number.POSITIVE_INFINITY,
    freezeIndexes() {
      hidden ??= new Set();
    },
    thawIndexes() {
      hidden = null;
    },
  };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (faults.diesAfter <= 0) throw new Died();
      faults.diesAfter -= 1;
      if (context.commandName === 'TransactWriteItemsCommand') {
        if (faults.nextConflicts > 0 || fraction() < faults.conflictRate) {
          faults.nextConflicts = Math.max(0, faults.nextConflicts - 1);
          throw conflict(itemsOf(args.input).length);
        }
      }
      for (const key of keysWritten(args.input)) hidden?.add(key);
      const result = await next(args);
      if (context.commandName === 'BatchGetItemCommand' && faults.nextLeftOut > 0) {
        faults.nextLeftOut -= 1;
        Object.assign(result.output, { Responses: {}, UnprocessedKeys: member(args.input, 'RequestItems') });
      }
      const frozen = hidden;
      const found = member(result.output, 'Items');
      if (frozen && member(args.input, 'IndexName') !== undefined && Array.isArray(found))
        Object.assign(result.output, { Items: found.filter((item) => !frozen.has(keyOf(item))) });
      return result;
    },
    { step: 'initialize', priority: 'low', name: 'injectFaults' },
  );
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context.commandName === 'TransactWriteItemsCommand' && faults.nextLostAnswers > 0) {
        faults.nextLostAnswers -= 1;
        throw Object.assign(new Error('the answer was lost'), { name: 'TimeoutError', code: 'ECONNRESET' });
      }
      return result;
    },
    // After the retries' step, so that the SDK sees it as an answer that did not come.
    { step: 'finalizeRequest', priority: 'low', name: 'loseAnswers' },
  );
  return faults;
}

function conflict(items: number): TransactionCanceledException {
  return new TransactionCanceledException({
    $metadata: {},
    message: 'Transaction cancelled (injected)',
    CancellationReasons: Array.from({ length: items }, (_, index) => ({
      Code: index === 0 ? 'TransactionConflict' : 'None',
    })),
  });
}

function keysWritten(input: unknown): string[] {
  const alone = member(input, 'Item') ?? (member(input, 'UpdateExpression') && member(input, 'Key'));
  const together = itemsOf(input).flatMap((write) => {
    const put = member(member(write, 'Put'), 'Item');
    const update = member(member(write, 'Update'), 'Key');
    return [put ?? update];
  });
  return [alone, ...together].filter((row) => row !== undefined).map(keyOf);
}

function itemsOf(input: unknown): unknown[] {
  const items = member(input, 'TransactItems');
  return Array.isArray(items) ? items : [];
}

const keyOf = (row: unknown): string =>
  `${text(member(member(row, 'pk'), 'S'))} ${text(member(member(row, 'sk'), 'S'))}`;

function unitsOf(output: unknown): number {
  const consumed = [member(output, 'ConsumedCapacity') ?? []].flat();
  return consumed.reduce<number>((sum, each) => sum + Number(member(each, 'CapacityUnits') ?? 0), 0);
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
