import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../runtime/clock.ts';
import { log } from '../runtime/logging.ts';
import type { Random } from '../runtime/random.ts';
import { apiKeyStore } from './api-keys.ts';
import { auditedCommit } from './audited.ts';
import type { BadRow } from './bad-row.ts';
import { caseStore } from './cases/cases.ts';
import { catalog } from './directory/catalog.ts';
import { deskDirectory } from './directory/desk.ts';
import { entryStore } from './directory/entries.ts';
import { people } from './directory/people.ts';
import { schedules } from './directory/schedules.ts';
import { eventLog } from './events.ts';
import { idempotencyStore } from './idempotency.ts';
import { incidentStore } from './incidents.ts';
import { deskLog } from './log.ts';
import { outageStore } from './outages.ts';
import { pageStore } from './pages.ts';
import type { OnBadRow } from './parse.ts';
import { phoneStore } from './phones.ts';
import { reachStore } from './reach.ts';
import type { Store } from './store.ts';
import { Table } from './table.ts';
import { timerStore } from './timers.ts';
import { webhookStore } from './webhooks/index.ts';

export interface StoreOptions {
  /** The table's name. */
  table: string;
  client?: DynamoDBClient;
  random: Random;
  clock: Clock;
  /** Told of each row that a list left out because it cannot be read; an error in the log when left out. */
  onBadRow?: OnBadRow;
}

/** The store over one DynamoDB table. Reads of one row throw `BadRow` when it is not what its schema says. */
export function createStore({
  table: name,
  client = newClient(),
  random,
  clock,
  onBadRow = logged,
}: StoreOptions): Store {
  // Of a map whose keys come from others (answers, the headers of an answer) the marshaller takes an entry named
  // `constructor` for its class, which it knows nothing of: such a thing is a map as well.
  const marshallOptions = { removeUndefinedValues: true, convertClassInstanceToMap: true };
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions });
  const table = new Table(documents, name, random);
  const audited = auditedCommit(table, random, clock);
  const entries = entryStore(table, random, clock, audited);
  return {
    cases: caseStore(table, random, onBadRow),
    pages: pageStore(table),
    phones: phoneStore(table, clock, onBadRow),
    outages: outageStore(table),
    incidents: incidentStore(table, onBadRow),
    log: deskLog(table, random, onBadRow),
    reach: reachStore(table, random, clock, audited, onBadRow),
    timers: timerStore(table, onBadRow),
    directory: {
      change: entries.change,
      ...deskDirectory(table, entries, onBadRow),
      ...catalog(table, entries, onBadRow),
      ...people(table, random, audited, onBadRow),
      ...schedules(table, random, clock, audited, onBadRow),
    },
    keys: apiKeyStore(table, clock, audited, onBadRow),
    webhooks: webhookStore(table, random, clock, audited, onBadRow),
    events: eventLog(table, clock, onBadRow),
    idempotency: idempotencyStore(table, clock),
  };
}

/** A connection that hangs costs one retry, not the function's whole time. */
function newClient(): DynamoDBClient {
  return new DynamoDBClient({
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });
}

function logged({ message, pk, sk, fields }: BadRow): void {
  log.error(message, { pk, sk, fields });
}
