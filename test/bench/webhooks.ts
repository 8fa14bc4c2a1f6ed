import { type StartedCloud, startLocalCloud } from '../../infra/local/client.ts';
import { caller, outage } from '../flows/api.ts';
import { percentile, report } from './report.ts';

/**
 * Event → first attempt, over the whole local cloud in memory at 50 events a second: from the event's own
 * instant to the arrival at the receiver, both on the desk's clock. First with a healthy endpoint alone; then
 * beside one that hangs for 15 s a request and has 5,000 deliveries queued. The same events, the same rate.
 */
const perSecond = 50;
const seconds = 30;
const queuedForTheHanging = 5000;

const cloud = await startLocalCloud();
try {
  const partner = caller(cloud.baseUrl, cloud.demo.partnerKey);
  const hanging = caller(cloud.baseUrl, cloud.demo.otherPartnerKey);
  await cloud.answerHook('hanging', { status: 200, delayMs: 15_000 });
  await hanging('POST', '/v1/webhooks', { url: `${cloud.baseUrl}/local/hooks/hanging`, eventTypes: ['*'] });
  await partner('POST', '/v1/webhooks', { url: `${cloud.baseUrl}/local/hooks/healthy`, eventTypes: ['*'] });
  const ticketOf = async (api: typeof partner) => (await api('POST', '/v1/tickets', outage)).body.number;
  const [ours, theirs] = [await ticketOf(partner), await ticketOf(hanging)];
  const comment = async (api: typeof partner, number: string) => {
    const answer = await api('POST', `/v1/tickets/${number}/comments`, { body: 'Still nothing.' });
    if (answer.status !== 201) throw new Error(`a comment was answered ${answer.status}`);
  };

  await rate(200, () => comment(partner, ours)); // every worker is up before it counts
  const alone = await measure(cloud, 'alone', () => comment(partner, ours));

  // In small lots, so that what is queued is queued by the time that it counts.
  const tickets = [theirs, ...(await Promise.all([1, 2, 3].map(() => ticketOf(hanging))))];
  for (let n = 0; n < queuedForTheHanging / 4; n++)
    await Promise.all(tickets.map((number) => comment(hanging, number)));
  const beside = await measure(cloud, 'beside', () => comment(partner, ours));
  const sent = (await cloud.hooks('hanging')).length;

  const [p50, p99] = [percentile(alone, 0.5), percentile(alone, 0.99)];
  report([
    { what: 'events a second', value: alone.length / seconds, unit: '' },
    { what: 'event to first attempt, p50', value: p50, unit: 'ms', most: 300 },
    { what: 'event to first attempt, p99', value: p99, unit: 'ms', most: 2000 },
    { what: 'the hanging endpoint has been asked', value: sent, unit: 'times' },
    { what: 'beside it, p50', value: percentile(beside, 0.5), unit: 'ms' },
    { what: 'beside it, p99', value: percentile(beside, 0.99), unit: 'ms', most: 1.2 * p99 },
    { what: 'growth of the p99', value: 100 * (percentile(beside, 0.99) / p99 - 1), unit: '%', most: 20 },
  ]);
} finally {
  await cloud.close();
}

/** Calls at an even pace, whether or not earlier ones are done. */
async function rate(count: number, call: () => Promise<void>): Promise<void> {
  const began = performance.now();
  const calls: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    const wait = began + (n * 1000) / perSecond - performance.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    calls.push(call());
  }
  await Promise.all(calls);
}

/** Milliseconds from each event to its first arrival. */
async function measure(from: StartedCloud, what: string, call: () => Promise<void>): Promise<number[]> {
  const known = (await from.hooks('healthy')).length;
  const count = perSecond * seconds;
  await rate(count, call);
  const fresh = async () => (await from.hooks('healthy')).slice(known);
  for (let tries = 0; (await fresh()).length < count; tries++) {
    if (tries > 120) throw new Error(`${what}: only ${(await fresh()).length} of ${count} arrived`);
    await new Promise((done) => setTimeout(done, 500));
  }
  const first = new Map<string, number>();
  for (const { at, body } of await fresh()) {
    const { id, timestamp } = JSON.parse(body);
    if (!first.has(id)) first.set(id, Date.parse(at) - Date.parse(timestamp));
  }
  return [...first.values()];
}
