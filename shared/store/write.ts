import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Bind, type Condition } from './conditions.ts';
import { Conflict } from './conflict.ts';
import type { Item } from './item.ts';
import type { Key } from './keys.ts';

/** One row's part of a transaction. Repositories return these; `Table.transact` commits them. */
export type Piece =
  | ({ put: Item & Key } & Conditional)
  | ({ delete: Key } & Conditional)
  | ({ set: Item; add?: Readonly<Record<string, number>>; key: Key } & Conditional);

interface Conditional {
  /** What the row is, for the names of a failure: `ticket`, `page`. */
  what: string;
  if?: readonly Condition[];
  /** The error that a failed condition means, when it is not a Conflict. */
  taken?: (old: Item) => Error;
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export function transactItem(table: string, piece: Piece): TransactItem {
  const bind = new Bind();
  const shared = { TableName: table, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  if ('put' in piece) return { Put: { ...shared, Item: piece.put, ...conditionOf(piece, bind) } };
  if ('delete' in piece) {
    const { pk, sk } = piece.delete;
    return { Delete: { ...shared, Key: { pk, sk }, ...conditionOf(piece, bind) } };
  }
  const assignments = Object.entries(piece.set).map(
    ([name, value]) => `${bind.path(name)} = ${bind.value(value)}`,
  );
  const additions = Object.entries(piece.add ?? {}).map(
    ([name, value]) => `${bind.path(name)} ${bind.value(value)}`,
  );
  return {
    Update: {
      ...shared,
      Key: piece.key,
      UpdateExpression: `SET ${assignments.join(', ')}${additions.length > 0 ? ` ADD ${additions.join(', ')}` : ''}`,
      ...conditionOf(piece, bind),
    },
  };
}

function conditionOf(piece: Piece, bind: Bind) {
  const expression = piece.if?.map((condition) => condition.expression(bind)).join(' AND ');
  return {
    ...(expression && { ConditionExpression: expression }),
    ...(Object.keys(bind.names).length > 0 && { ExpressionAttributeNames: bind.names }),
    ...(Object.keys(bind.values).length > 0 && { ExpressionAttributeValues: bind.values }),
  };
}

/**
 * What a failed transaction means. Reasons come in the order of the pieces. A cancellation for another cause
 * (throttling, an item too large) stays what it is.
 */
export function explained(error: unknown, pieces: readonly Piece[]): unknown {
  if (!(error instanceof TransactionCanceledException)) return error;
  const failed: string[] = [];
  for (const [index, reason] of (error.CancellationReasons ?? []).entries()) {
    const piece = pieces[index];
    if (piece && reason.Code === 'TransactionConflict') failed.push(`${piece.what}.busy`);
    if (piece && reason.Code === 'ConditionalCheckFailed') {
      const old = reason.Item ? unmarshall(reason.Item) : null;
      if (piece.taken && old) return piece.taken(old);
      failed.push(...namesOf(piece, old));
    }
  }
  return failed.length > 0 ? new Conflict(failed, { cause: error }) : error;
}

function namesOf(piece: Piece, old: Item | null): string[] {
  const broken = (piece.if ?? []).filter((condition) => !condition.holds(old));
  return broken.length > 0 ? broken.map(({ name }) => `${piece.what}.${name}`) : [`${piece.what}.moved`];
}
