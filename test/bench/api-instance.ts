import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { bundleFunctions } from '../../infra/bundle.ts';
import { makeApiKey } from '../../shared/runtime/api-key.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createStore } from '../../shared/store/index.ts';
import { ticketKey } from '../../shared/store/keys.ts';
import { defaultCalendar, defaultPlan, defaultPolicy } from '../domain/defaults.ts';
import { localDynamoDb } from '../fakes/dynamodb.ts';
import { outage } from '../flows/api.ts';
import { put, putProvider } from '../store/put.ts';

/** For `api.ts`: measures in turns, and sends its parent requests a second of each turn. */
const turns = 9;
const requests = 1_000;

const dynamo = await localDynamoDb();
const table = await dynamo.createTable();
const store = createStore({ table, client: dynamo.client(), clock: systemClock, random: systemRandom });
await put(store.directory, 'calendar', { id: 'default', ...defaultCalendar });
await put(store.directory, 'policy', defaultPolicy);
await put(store.directory, 'plan', defaultPlan);
await putProvider(store.directory, {
  name: 'Bench',
  phone: '+12025550199',
  phones: [],
  timezone: 'America/New_York',
  calendar: 'default',
  policy: 'default',
  nightlyCap: 10,
  drills: false,
  pagesPerMinute: 3,
});
const createdAt = systemClock.now();
await put(store.directory, 'partner', { id: 'ptn_bench', name: 'Bench', plan: 'default', createdAt });
const { key, record } = makeApiKey(systemRandom, {
  partner: 'ptn_bench',
  staff: null,
  scopes: ['tickets:read', 'tickets:write'],
  createdAt,
  expiresAt: null,
});
await store.keys.put(record);

Object.assign(process.env, {
  TABLE_NAME: table,
  STAGE: 'bench',
  PUBLIC_URL: 'http://localhost:4000',
  POWERTOOLS_SERVICE_NAME: 'api',
  REQUESTS_PER_MINUTE: '1000000000',
  TICKETS_PER_MINUTE: '1000000000',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SESSION_TOKEN: 'test',
  AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
});
const bundles = mkdtempSync(join(tmpdir(), 'nightdesk-bench-api-'));
const [bundle = ''] = bundleFunctions(bundles, ['api']);
const { handler } = await import(pathToFileURL(bundle).href);

const call = async (method: string, path: string, body?: object) => {
  const answer = await handler({
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: { requestId: systemRandom.id('req'), http: { method, path, sourceIp: '127.0.0.1' } },
  });
  if (answer.statusCode >= 300) throw new Error(`${method} ${path} was answered ${answer.statusCode}`);
  return JSON.parse(answer.body);
};
const { number } = await call('POST', '/v1/tickets', outage);
const documents = DynamoDBDocumentClient.from(dynamo.client());
const get = new GetCommand({
  TableName: table,
  Key: ticketKey({ partner: 'ptn_bench', number }),
  ConsistentRead: true,
});
const alone = () => documents.send(get);
const api = () => call('GET', `/v1/tickets/${number}`);

async function perSecond(once: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (let n = 0; n < requests; n++) await once();
  return (requests * 1_000) / (performance.now() - began);
}
if ((await alone()).Item?.subject !== outage.subject)
  throw new Error('The read alone does not find the ticket.');
await perSecond(alone);
await perSecond(api);
const measured: { api: number; alone: number }[] = [];
while (measured.length < turns) measured.push({ alone: await perSecond(alone), api: await perSecond(api) });
rmSync(bundles, { recursive: true, force: true });
process.send?.(measured, () => process.exit());
