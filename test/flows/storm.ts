import type { StartedCloud } from '../../infra/local/client.ts';
import { type Api, caller, emergency, outage } from './api.ts';

/** What was seen of a storm: 1,000 escalations opened in one minute by 200 partners on one service. */
export interface Storm {
  /** One of each partner's five, ten minutes later. */
  readonly before: readonly { state: string; promisedSeconds: number; dueAt: string }[];
  /** The tickets whose escalations follow nobody. */
  readonly leads: readonly string[];
  /** The same, as soon as the primary's ALL has taken the lead. */
  readonly taken: readonly { state: string; holder: string | undefined }[];
  /** For each of the 1,000: how long after it was taken its own event was written; null if that never came. */
  readonly eventAfterSeconds: readonly (number | null)[];
  /** What the primary's phone got in the first ten minutes. */
  readonly texts: readonly string[];
}

const escalations = 1_000;
const partners = 200;
export const stormSize = { escalations, partners };
const night = '2026-11-24T07:00:00.000Z';

/** Plays the storm against a local cloud with its demo provider, in which nothing has happened yet. */
export async function storm(cloud: StartedCloud): Promise<Storm> {
  await cloud.clock({ set: '2026-11-24T06:50:00.000Z' });
  const admin = caller(cloud.baseUrl, cloud.demo.adminKey);
  const provider = await admin('GET', '/v1/provider');
  await admin('PUT', '/v1/provider', { ...provider.body, nightlyCap: escalations });
  await admin('PUT', '/v1/services/storm-mail', { name: 'Mail' });
  const consoles = await eachOf(partners, async (n): Promise<Api> => {
    const partner = await admin('POST', '/v1/partners', { name: `Partner ${n}`, plan: 'standard' });
    const scopes = ['tickets:read', 'tickets:write'] as const;
    const key = await admin('POST', '/v1/api-keys', { partner: partner.body.id, scopes: [...scopes] });
    return caller(cloud.baseUrl, key.body.key);
  });
  const consoleOf = (n: number): Api => consoles[n % partners] ?? admin;
  const numbers = await eachOf(escalations, async (n) => {
    const ticket = await consoleOf(n)('POST', '/v1/tickets', { ...outage, service: 'storm-mail' });
    return ticket.body.number;
  });

  await cloud.clock({ set: night });
  await eachOf(escalations, async (n) => {
    const pressed = await consoleOf(n)('POST', `/v1/tickets/${numbers[n]}/escalation`, emergency);
    if (pressed.status !== 202) throw new Error(`a press was answered ${pressed.status}`);
  });
  await cloud.settle();
  await cloud.clock({ set: '2026-11-24T07:09:30.000Z' });

  const seen = async (n: number) => (await consoleOf(n)('GET', `/v1/tickets/${numbers[n]}/escalation`)).body;
  const before = await eachOf(partners, async (n) => {
    const { state, promise, startedAt } = await seen(n);
    return { state, dueAt: promise.dueAt, promisedSeconds: secondsFrom(startedAt, promise.dueAt) };
  });
  const leads: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const found = await admin('GET', `/v1/escalations?state=paging&limit=100${after}` as '/v1/escalations');
    leads.push(...found.body.data.filter(({ follows }) => follows === null).map(({ ticket }) => ticket));
    cursor = found.body.nextCursor;
  }

  const [primary] = cloud.demo.engineers;
  if (!primary) throw new Error('nobody is on call in the demo');
  await cloud.text(primary.phone, 'all');
  while ((await seen(0)).state !== 'acknowledged') await new Promise((resolve) => setTimeout(resolve, 100));
  const taken = await eachOf(partners, async (n) => {
    const { state, acknowledgedBy } = await seen(n);
    return { state, holder: acknowledgedBy?.name };
  });
  await cloud.settle();
  const eventAfterSeconds = await eachOf(escalations, async (n) => {
    const { body } = await consoleOf(n)('GET', `/v1/tickets/${numbers[n]}/events?limit=100`);
    const event = body.data.find(({ type }) => type === 'escalation.acknowledged');
    if (!event?.data) return null;
    const { acknowledgedAt } = event.data.escalation as { acknowledgedAt: string };
    return secondsFrom(acknowledgedAt, event.at);
  });
  const texts = (await cloud.sms(primary.phone)).filter(({ at }) => at < '2026-11-24T07:10:00');
  return { before, leads, taken, eventAfterSeconds, texts: texts.map(({ body }) => body) };
}

const secondsFrom = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;

/** Side by side, eight at a time; what each gave, in their order. */
async function eachOf<T>(count: number, run: (n: number) => Promise<T>): Promise<T[]> {
  const given: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const n = next++;
      given[n] = await run(n);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return given;
}
