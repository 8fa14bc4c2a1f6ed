import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { systemRandom } from '../../shared/runtime/random.ts';
import { isBusy } from '../../shared/store/busy.ts';
import { Table } from '../../shared/store/table.ts';

test('a commit is not tried any more when lists of events no longer wait for it', async () => {
  let asked = 0;
  const silent = createServer(() => {
    asked++;
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: { requestTimeout: 3_000, throwOnRequestTimeout: true },
  });
  const table = new Table(DynamoDBDocumentClient.from(client), 'silent', systemRandom);
  const failure = await table.transact([{ what: 'row', put: { pk: 'a', sk: 'b' } }]).catch((error) => error);
  expect(isBusy(failure)).toBe(true);
  // The first try gave up after 3 s, and the second was cut short: by itself the SDK tries for 12.
  expect(asked).toBeLessThanOrEqual(2);
  silent.closeAllConnections();
  silent.close();
});
