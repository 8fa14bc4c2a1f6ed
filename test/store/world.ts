import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { addSeconds, type Instant } from '../../shared/domain/time.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import type { BadRow } from '../../shared/store/bad-row.ts';
import { createStore } from '../../shared/store/index.ts';
import type { Store } from '../../shared/store/store.ts';
import { localDynamoDb } from '../fakes/dynamodb.ts';
import { type Faults, injectFaults, type Request, recordRequests } from '../fakes/dynamodb-faults.ts';

export const start: Instant = '2026-01-06T03:10:00.000Z';

/** A store over a fresh table, with a clock that stands until it is moved. */
export interface World {
  store: Store;
  clock: { now(): Instant; advance(seconds: number): void };
  /** Every request of this store since `requests.length = 0`. */
  requests: Request[];
  faults: Faults;
  badRows: BadRow[];
  /** The table itself, for what the store does not show. */
  documents: DynamoDBDocumentClient;
  table: string;
  /** Another process: the same table, caches of its own. */
  another(): Store;
}

export async function world(): Promise<World> {
  const server = await localDynamoDb();
  const table = await server.createTable();
  const client: DynamoDBClient = server.client();
  const requests = recordRequests(client);
  const faults = injectFaults(client);
  const badRows: BadRow[] = [];
  let now = start;
  const clock = {
    now: () => now,
    advance: (seconds: number) => {
      now = addSeconds(now, seconds);
    },
  };
  const onBadRow = (row: BadRow): void => {
    badRows.push(row);
  };
  const open = (through: DynamoDBClient): Store =>
    createStore({ table, client: through, random: systemRandom, clock, onBadRow });
  return {
    store: open(client),
    clock,
    requests,
    faults,
    badRows,
    documents: DynamoDBDocumentClient.from(server.client()),
    table,
    another: () => open(server.client()),
  };
}
