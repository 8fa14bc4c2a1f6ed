import type { TablePlan } from '../template/plan.ts';
import { CannotStart } from '../words.ts';
import { type Dynamo, DynamoError } from './call.ts';

interface Description {
  readonly Table: {
    readonly KeySchema: unknown;
    readonly LatestStreamArn?: string;
    readonly GlobalSecondaryIndexes?: readonly { IndexName: string; KeySchema: unknown }[];
  };
}

/** Makes the table as the template has it, or the indexes that it lacks. Answers the ARN of its stream. */
export async function ensureTable(dynamo: Dynamo, plan: TablePlan): Promise<string | null> {
  const found = await describe(dynamo, plan.name);
  if (!found) {
    await dynamo.table('CreateTable', plan.definition);
  } else {
    const differs = new CannotStart(
      `Table ${plan.name} in DATA_DIR has other keys than the template. Remove the directory to start afresh.`,
    );
    if (!same(found.Table.KeySchema, plan.definition.KeySchema)) throw differs;
    for (const index of plan.indexes) {
      const existing = found.Table.GlobalSecondaryIndexes?.find(
        ({ IndexName }) => IndexName === index.IndexName,
      );
      if (existing && !same(existing.KeySchema, index.KeySchema)) throw differs;
      if (existing) continue;
      await dynamo.table('UpdateTable', {
        TableName: plan.name,
        AttributeDefinitions: plan.definition.AttributeDefinitions,
        GlobalSecondaryIndexUpdates: [{ Create: index }],
      });
    }
  }
  const described = await describe(dynamo, plan.name);
  return described?.Table.LatestStreamArn ?? null;
}

async function describe(dynamo: Dynamo, name: string): Promise<Description | null> {
  try {
    return await dynamo.table<Description>('DescribeTable', { TableName: name });
  } catch (error) {
    if (error instanceof DynamoError && error.code === 'ResourceNotFoundException') return null;
    throw error;
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** When the next row of an index falls due after this instant: any row, of any shard. */
export async function nextDue(
  dynamo: Dynamo,
  { name, index, attribute }: DueIndex,
  after: number,
): Promise<number | null> {
  let next: number | null = null;
  let from: unknown;
  do {
    const page: { Items: Record<string, { S?: string; N?: string }>[]; LastEvaluatedKey?: unknown } =
      await dynamo.table('Scan', {
        TableName: name,
        IndexName: index,
        ProjectionExpression: '#due',
        FilterExpression: '#due > :after',
        ExpressionAttributeNames: { '#due': attribute },
        ExpressionAttributeValues: { ':after': { S: new Date(after).toISOString() } },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
    for (const item of page.Items) {
      const due = Date.parse(item[attribute]?.S ?? '');
      if (due > after && (next === null || due < next)) next = due;
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return next;
}

/** An index of what falls due, by a sort key that is an instant in ISO 8601. */
export interface DueIndex {
  readonly name: string;
  readonly index: string;
  readonly attribute: string;
}

/** The indexes named `due` of these tables: what moves of the clock stop at. */
export function dueIndexes(tables: readonly TablePlan[]): DueIndex[] {
  return tables.flatMap(({ name, indexes }) =>
    indexes.flatMap(({ IndexName, KeySchema }) => {
      const range = (KeySchema as { AttributeName: string; KeyType: string }[]).find(
        ({ KeyType }) => KeyType === 'RANGE',
      );
      return IndexName === 'due' && range ? [{ name, index: 'due', attribute: range.AttributeName }] : [];
    }),
  );
}
