import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startLocalCloud } from '../../infra/local/client.ts';
import { caller, outage } from './api.ts';

/**
 * 10,000 deliveries, twenty endpoints to an event, while everything is cut off with `kill -9` at random instants
 * and started again on the same files: each arrives at least once, and one that comes again has its own id.
 */
const endpoints = 20;
const events = 500;
const cuts = 6;

it('delivers every event to every endpoint over kill -9 at any instant, duplicates under the same id', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'nightdesk-webhook-kill-'));
  let cloud = await startLocalCloud({ dataDir });
  try {
    const { port } = new URL(cloud.baseUrl);
    const { demo } = cloud;
    const api: ReturnType<typeof caller> = (...call) => caller(cloud.baseUrl, demo.partnerKey)(...call);
    for (let n = 0; n < endpoints; n++)
      await api('POST', '/v1/webhooks', {
        url: `${cloud.baseUrl}/local/hooks/h${n}`,
        eventTypes: ['ticket.commented'],
      });

    const accepted = new Set<string>();
    let cutting = false;
    const write = async () => {
      let number: string | null = null;
      while (accepted.size < events) {
        try {
          number ??= (await api('POST', '/v1/tickets', outage)).body.number as string;
          const { status, body } = await api('POST', `/v1/tickets/${number}/comments`, { body: 'Still.' });
          if (status === 201) accepted.add(body.id);
        } catch (error) {
          if (!cutting) throw error; // Cut off: that comment was not accepted.
          await until(() => !cutting);
        }
      }
    };
    const writing = [write(), write(), write(), write()];
    for (let cut = 1; cut <= cuts; cut++) {
      // Within the last the writing is over, and only deliveries are cut off.
      await until(() => accepted.size >= (events * cut) / cuts - Math.random() * 20);
      cutting = true;
      await cloud.kill();
      cloud = await startLocalCloud({ dataDir, port: Number(port) });
      cutting = false;
    }
    await Promise.all(writing);
    await cloud.settle();
    // What was in flight at a cut comes back, and what found the receiver cut off is tried again, for the third time
    // after half an hour.
    await cloud.clock({ advance: 'PT45M' });

    let deliveries = 0;
    for (let n = 0; n < endpoints; n++) {
      const bodies = new Map<string, Set<string>>();
      for (const { headers, body } of await cloud.hooks(`h${n}`)) {
        const id = headers['webhook-id'] ?? '';
        expect(JSON.parse(body).id).toBe(id);
        bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
      }
      const missing = [...accepted].filter((id) => !bodies.has(id));
      expect({ endpoint: n, missing }).toEqual({ endpoint: n, missing: [] });
      for (const [id, same] of bodies) expect({ id, bodies: same.size }).toEqual({ id, bodies: 1 });
      deliveries += bodies.size;
    }
    expect(deliveries).toBeGreaterThanOrEqual(endpoints * events);
    expect(await cloud.deadLetters()).toEqual([]);
  } finally {
    await cloud.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
