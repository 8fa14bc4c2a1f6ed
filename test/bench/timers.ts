import { startLocalCloud } from '../../infra/local/client.ts';
import { caller, outage } from '../flows/api.ts';
import { Machine } from './machine.ts';
import { percentile, report } from './report.ts';

/**
 * 2,000 timers that fall due within one minute, in memory, at normal speed: each ticket's warning at 75 % of
 * its first response. All must fire, none early; the time is the event's stamp less the timer's due time, and its limit as
 * much longer as a plain transaction takes here.
 */
const count = 2000;
const atATime = 4;
/** A Tuesday 10:00 in New York: the clock of an outage runs at once, its warning is due after 22.5 minutes. */
const morning = '2026-11-24T15:00:00.000Z';
const warningAfterMs = 22.5 * 60_000;

const machine = await Machine.open();
const cloud = await startLocalCloud({ underLoad: true });
try {
  const partner = caller(cloud.baseUrl, cloud.demo.partnerKey);
  await cloud.clock({ set: morning });
  const opened: { number: string; dueAt: number }[] = [];
  // Spread over the minute: as many a second as the limit speaks of, not as many as can be made.
  const startedAt = performance.now();
  let started = 0;
  const open = async () => {
    while (started < count) {
      const turn = (started++ / count) * 55_000 - (performance.now() - startedAt);
      if (turn > 0) await new Promise((resolve) => setTimeout(resolve, turn));
      const { body } = await partner('POST', '/v1/tickets', outage);
      opened.push({ number: body.number, dueAt: Date.parse(body.createdAt) + warningAfterMs });
    }
  };
  await Promise.all(Array.from({ length: atATime }, open));
  const due = opened.map(({ dueAt }) => dueAt).sort((a, b) => a - b);
  const [first = 0, last = 0] = [due[0], due.at(-1)];

  await machine.measure();
  await cloud.clock({ set: new Date(first - 3000).toISOString() });
  // From here on the clock runs by itself; nothing is asked of the desk until the last is well past its time.
  await new Promise((resolve) => setTimeout(resolve, last - first + 6000));
  await cloud.settle();
  await machine.measure();

  const late: number[] = [];
  let unfired = 0;
  for (const { number, dueAt } of opened) {
    const { body } = await partner('GET', `/v1/tickets/${number}/events`);
    const warning = body.data.find((event: { type: string }) => event.type === 'sla.warning');
    if (warning) late.push(Date.parse(warning.at) - dueAt);
    else unfired += 1;
  }
  report([
    ...machine.figures(),
    { what: 'timers due', value: opened.length, unit: '' },
    { what: 'within', value: (last - first) / 1000, unit: 's', most: 60 },
    { what: 'not fired', value: unfired, unit: '', most: 0 },
    { what: 'fired early', value: late.filter((ms) => ms < 0).length, unit: '', most: 0 },
    { what: 'due to committed, p50', value: percentile(late, 0.5), unit: 'ms' },
    {
      what: 'due to committed, p99',
      value: percentile(late, 0.99),
      unit: 'ms',
      most: machine.limit(1000, 8),
    },
  ]);
} finally {
  await cloud.close();
  await machine.close();
}
