import { expect, it } from 'vitest';
import { startLocalCloud } from '../../infra/local/client.ts';
import { type Api, caller, emergency, outage } from './api.ts';

/**
 * A storm: 1,000 escalations opened in one minute by 200 partners on one service. One outage pages once, each
 * partner watches its own clock, and one reply takes them all.
 */
const escalations = 1_000;
const partners = 200;
const night = '2026-11-24T07:00:00.000Z';

it('pages the primary at most five times in ten minutes, and one ALL takes all of them', async () => {
  const cloud = await startLocalCloud({ dataDir: '' });
  try {
    await cloud.clock({ set: '2026-11-24T06:50:00.000Z' });
    const admin = caller(cloud.baseUrl, cloud.demo.adminKey);
    const provider = await admin('GET', '/v1/provider');
    await admin('PUT', '/v1/provider', { ...provider.body, nightlyCap: 1_000 });
    expect((await admin('PUT', '/v1/services/storm-mail', { name: 'Mail' })).status).toBe(200);
    const consoles: Api[] = [];
    await eachOf(partners, async (n) => {
      const partner = await admin('POST', '/v1/partners', { name: `Partner ${n}`, plan: 'standard' });
      const scopes = ['tickets:read', 'tickets:write'] as const;
      const key = await admin('POST', '/v1/api-keys', { partner: partner.body.id, scopes: [...scopes] });
      consoles[n] = caller(cloud.baseUrl, key.body.key);
    });
    const consoleOf = (n: number): Api => consoles[n % partners] ?? admin;
    const numbers: string[] = [];
    await eachOf(escalations, async (n) => {
      const ticket = await consoleOf(n)('POST', '/v1/tickets', { ...outage, service: 'storm-mail' });
      expect(ticket.status).toBe(201);
      numbers[n] = ticket.body.number;
    });

    await cloud.clock({ set: night });
    const began = Date.now();
    await eachOf(escalations, async (n) => {
      const pressed = await consoleOf(n)('POST', `/v1/tickets/${numbers[n]}/escalation`, emergency);
      expect(pressed.status).toBe(202);
    });
    console.log(`pressed in ${Math.round((Date.now() - began) / 1000)} s`);
    await cloud.settle();
    await cloud.clock({ set: '2026-11-24T07:09:30.000Z' });

    const seen = async (n: number) =>
      (await consoleOf(n)('GET', `/v1/tickets/${numbers[n]}/escalation`)).body;
    const dues = new Set<string>();
    // One of each partner's five.
    await eachOf(partners, async (n) => {
      const { state, promise, startedAt } = await seen(n);
      expect(state).toBe('paging');
      expect(Date.parse(promise.dueAt) - Date.parse(startedAt)).toBe(1_800_000);
      dues.add(promise.dueAt);
    });
    expect(dues.size).toBeGreaterThan(partners / 2);
    const leads: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const found = await admin('GET', `/v1/escalations?state=paging&limit=100${after}` as '/v1/escalations');
      leads.push(...found.body.data.filter(({ follows }) => follows === null).map(({ ticket }) => ticket));
      cursor = found.body.nextCursor;
    }
    expect(leads).toHaveLength(1);

    const [dana] = cloud.demo.engineers;
    if (!dana) throw new Error('nobody is on call in the demo');
    const taken = Date.now();
    await cloud.text(dana.phone, 'all');
    await until(async () => (await seen(0)).state === 'acknowledged');
    await eachOf(partners, async (n) =>
      expect(await seen(n)).toMatchObject({ state: 'acknowledged', acknowledgedBy: { name: dana.name } }),
    );
    await cloud.settle();
    console.log(`all is settled ${Math.round((Date.now() - taken) / 1000)} s after ALL`);
    let latest = 0;
    await eachOf(escalations, async (n) => {
      const { body } = await consoleOf(n)('GET', `/v1/tickets/${numbers[n]}/events?limit=100`);
      const event = body.data.find(({ type }) => type === 'escalation.acknowledged');
      if (!event?.data) throw new Error(`${numbers[n]} was not taken`);
      const { acknowledgedAt } = event.data.escalation as { acknowledgedAt: string };
      latest = Math.max(latest, Date.parse(event.at) - Date.parse(acknowledgedAt));
    });
    console.log(`the last follower's event came ${latest / 1000} s after it was taken`);
    expect(latest).toBeLessThanOrEqual(30_000);
    const until10 = (await cloud.sms()).filter(
      ({ to, at }) => to === dana.phone && at < '2026-11-24T07:10:00',
    );
    expect(until10.length, until10.map(({ body }) => body).join('\n')).toBeLessThanOrEqual(5);
    expect(await cloud.deadLetters()).toEqual([]);
  } finally {
    await cloud.close();
  }
});

/** Side by side, eight at a time. */
async function eachOf(count: number, run: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}
