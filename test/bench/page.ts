import { type StartedCloud, startLocalCloud } from '../../infra/local/client.ts';
import { caller, emergency, outage } from '../flows/api.ts';
import { Machine } from './machine.ts';
import { percentile, report } from './report.ts';

/**
 * Escalate → `SNS Publish` accepted, over the whole local cloud in memory: 500 presses one at a time, then
 * 500 eight at a time. Times are the carrier's own stamp less the press, on the desk's clock. The limits hold where
 * they were set; where the machine is slower now, they are as much longer as a plain transaction is.
 */
const presses = 500;
/** A Tuesday 02:00 in New York: every press pages at once. */
const night = '2026-11-24T07:00:00.000Z';

const machine = await Machine.open();
const cloud = await startLocalCloud({ underLoad: true });
try {
  const admin = caller(cloud.baseUrl, cloud.demo.adminKey);
  const partner = caller(cloud.baseUrl, cloud.demo.partnerKey);
  const provider = await admin('GET', '/v1/provider');
  await admin('PUT', '/v1/provider', { ...provider.body, nightlyCap: 100_000, pagesPerMinute: null });
  await cloud.clock({ set: night });

  const press = async (ticket: { number: string }) => {
    const pressedAt = performance.timeOrigin + performance.now();
    const answer = await partner('POST', `/v1/tickets/${ticket.number}/escalation`, emergency);
    if (answer.status !== 202)
      throw new Error(`the press was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return { number: ticket.number, pressedAt };
  };
  /** So many presses at the same instant, on tickets that are there already; then the next so many. */
  const measure = async (atATime: number, count = presses): Promise<number[]> => {
    const tickets: { number: string }[] = [];
    while (tickets.length < count) tickets.push((await partner('POST', '/v1/tickets', outage)).body);
    await cloud.settle();
    const pressed: { number: string; pressedAt: number }[] = [];
    while (pressed.length < count) {
      pressed.push(
        ...(await Promise.all(tickets.slice(pressed.length, pressed.length + atATime).map(press))),
      );
      await cloud.settle();
    }
    return latencies(cloud, pressed);
  };

  await measure(8, 40); // every worker is up before it counts
  await machine.measure();
  const one = await measure(1);
  await machine.measure();
  const eight = await measure(8);
  await machine.measure();
  report([
    ...machine.figures(),
    {
      what: 'press to Publish, one at a time, p50',
      value: percentile(one, 0.5),
      unit: 'ms',
      most: machine.limit(60, 1),
    },
    {
      what: 'press to Publish, one at a time, p99',
      value: percentile(one, 0.99),
      unit: 'ms',
      most: machine.limit(250, 1),
    },
    {
      what: 'press to Publish, eight at a time, p50',
      value: percentile(eight, 0.5),
      unit: 'ms',
      most: machine.limit(200, 8),
    },
    {
      what: 'press to Publish, eight at a time, p99',
      value: percentile(eight, 0.99),
      unit: 'ms',
      most: machine.limit(600, 8),
    },
  ]);
} finally {
  await cloud.close();
  await machine.close();
}

/** The clock of the desk runs at normal speed between moves, so one offset turns both into the same time. */
async function latencies(
  cloud: StartedCloud,
  pressed: { number: string; pressedAt: number }[],
): Promise<number[]> {
  const before = performance.timeOrigin + performance.now();
  const deskNow = Date.parse(await cloud.now());
  const offset = deskNow - (before + performance.timeOrigin + performance.now()) / 2;
  const acceptedAt = new Map((await cloud.sms()).map((sms) => [sms.body.split(' ')[0], Date.parse(sms.at)]));
  return pressed.map(({ number, pressedAt }) => {
    const at = acceptedAt.get(number);
    if (at === undefined) throw new Error(`${number} paged nobody`);
    return at - offset - pressedAt;
  });
}
