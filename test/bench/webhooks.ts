import { randomUUID } from 'node:crypto';
import { type StartedCloud, startLocalCloud } from '../../infra/local/client.ts';
import { type Api, caller, outage } from '../flows/api.ts';
import { Machine } from './machine.ts';
import { type Figure, percentile, report } from './report.ts';

/**
 * Event → first attempt, over the whole local cloud in memory at 50 events a second: from the event's own
 * instant to the arrival at the receiver, both on the desk's clock. In turns with a healthy endpoint alone, and beside
 * one that hangs for 15 s a request and has 5,000 deliveries queued: how fast a machine is drifts while this runs, so
 * one stretch of each says more of the machine than of what is beside. The same calls at the same rate, counted once
 * they have run for a while. A machine that is slower now than where the limits were set is given as many events less in
 * a second, and as much longer.
 */
const perSecondWhereSet = 50;
const warmUpSeconds = 60;
const leadInSeconds = 10;
const seconds = 40;
const turns = 2;
const queuedForTheHanging = 5000;

const machine = await Machine.open();
await machine.measure();
const perSecond = perSecondWhereSet / machine.slowness(8);
const cloud = await startLocalCloud({ underLoad: true });
try {
  const partner = caller(cloud.baseUrl, cloud.demo.partnerKey);
  const other = caller(cloud.baseUrl, cloud.demo.otherPartnerKey);
  await endpoint(partner, 'healthy');
  const numbers = await Promise.all(Array.from({ length: 20 }, () => ticketOf(partner)));
  let turn = 0;
  const comment = () => commentOn(partner, numbers[turn++ % numbers.length] ?? '');

  await rate(perSecond * warmUpSeconds, comment);
  await cloud.settle();
  await cloud.answerHook('hanging', { status: 200, delayMs: 15_000 });
  const alone = [await measure(cloud, 'alone', comment)];
  const beside: Measured[] = [];
  const asked: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const hanging = await endpoint(other, 'hanging');
    await queueUp(cloud, other);
    const before = (await cloud.hooks('hanging')).length;
    beside.push(await measure(cloud, 'beside', comment));
    asked.push((await cloud.hooks('hanging')).length - before);
    // What still stands in its line is put aside now, which is work, too.
    await other('DELETE', `/v1/webhooks/${hanging}`);
    await cloud.settle();
    alone.push(await measure(cloud, 'alone', comment));
  }

  await machine.measure();
  report([
    ...machine.figures(),
    ...figuresOf('alone', alone, true),
    ...figuresOf('beside', beside, false),
    { what: 'beside: asked of the hanging one', value: Math.min(...asked), unit: '', least: 4 },
    {
      what: 'growth of the p99',
      value: 100 * (percentile(waitsOf(beside), 0.99) / percentile(waitsOf(alone), 0.99) - 1),
      unit: '%',
      most: 20,
    },
  ]);
} finally {
  await cloud.close();
  await machine.close();
}

function waitsOf(measured: readonly Measured[]): number[] {
  return measured.flatMap(({ waits }) => waits);
}

function figuresOf(what: string, measured: readonly Measured[], isLimited: boolean): Figure[] {
  const waits = waitsOf(measured);
  const inTurn = measured.map((each) => Math.round(percentile(each.waits, 0.99))).join(', ');
  return [
    {
      what: `${what}: events a second, as they happened`,
      value: Math.min(...measured.map(({ rate }) => rate)),
      unit: '',
      least: 0.98 * perSecond,
    },
    {
      what: `${what}: event to first attempt, p50`,
      value: percentile(waits, 0.5),
      unit: 'ms',
      ...(isLimited && { most: machine.limit(300, 8) }),
    },
    {
      what: `${what}: event to first attempt, p99 (in turn ${inTurn})`,
      value: percentile(waits, 0.99),
      unit: 'ms',
      ...(isLimited && { most: machine.limit(2000, 8) }),
    },
  ];
}

async function endpoint(api: Api, name: string): Promise<string> {
  const url = `${cloud.baseUrl}/local/hooks/${name}`;
  const { status, body } = await api('POST', '/v1/webhooks', { url, eventTypes: ['ticket.commented'] });
  if (status !== 201) throw new Error(`an endpoint was answered ${status}`);
  return body.id;
}

async function ticketOf(api: Api): Promise<string> {
  return (await api('POST', '/v1/tickets', outage)).body.number;
}

async function commentOn(api: Api, number: string): Promise<void> {
  const answer = await api('POST', `/v1/tickets/${number}/comments`, { body: 'Still nothing.' });
  if (answer.status !== 201) throw new Error(`a comment was answered ${answer.status}`);
}

/** So many deliveries for the other partner: one event of its own, and then as if it had happened anew each time. */
async function queueUp(to: StartedCloud, api: Api): Promise<void> {
  const number = await ticketOf(api);
  await commentOn(api, number);
  const { body } = await api('GET', `/v1/tickets/${number}/events`);
  const partner = body.data.at(-1)?.partner;
  for (let n = 1; n < queuedForTheHanging; n += 10) {
    const Records = Array.from({ length: Math.min(10, queuedForTheHanging - n) }, () => {
      const text = 'Somebody commented.';
      const event = { ...body.data.at(-1), id: `evt_${randomUUID()}`, ticket: number, internal: false, text };
      const message = { kind: 'event', event: { ...event, partner } };
      return { messageId: randomUUID(), body: JSON.stringify(message) };
    });
    const { batchItemFailures } = await to.invoke<{ batchItemFailures: unknown[] }>('spread-event', {
      Records,
    });
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} events were not spread`);
  }
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

/** Milliseconds from each event to its first arrival, and how many events there were a second. */
interface Measured {
  waits: number[];
  rate: number;
}

async function measure(from: StartedCloud, what: string, call: () => Promise<void>): Promise<Measured> {
  const known = (await from.hooks('healthy')).length;
  const count = Math.round(perSecond * (leadInSeconds + seconds));
  await rate(count, call);
  const first = new Map<string, { happened: number; waited: number }>();
  for (let tries = 0; first.size < count; tries++) {
    if (tries > 60) throw new Error(`${what}: only ${first.size} of ${count} arrived`);
    await new Promise((done) => setTimeout(done, 2000));
    for (const { at, body } of (await from.hooks('healthy')).slice(known)) {
      const { id, timestamp } = JSON.parse(body);
      const happened = Date.parse(timestamp);
      if (!first.has(id)) first.set(id, { happened, waited: Date.parse(at) - happened });
    }
  }
  const inOrder = [...first.values()].sort((a, b) => a.happened - b.happened);
  const counted = inOrder.slice(Math.round(perSecond * leadInSeconds));
  const spanMs = (counted.at(-1)?.happened ?? 0) - (counted[0]?.happened ?? 0);
  return { waits: counted.map(({ waited }) => waited), rate: ((counted.length - 1) * 1000) / spanMs };
}
