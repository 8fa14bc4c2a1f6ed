import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startLocalCloud } from '../../infra/local/client.ts';
import { caller, outage } from './api.ts';

/**
 * 10,000 deliveries, ten endpoints to an event, while everything is cut off with `kill -9` at random instants
 * and started again on the same files: each arrives at least once, and one that comes again has its own id.
 */
const endpoints = 10;
const events = 1000;
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
        eventTypes: ['ticket.created', 'ticket.commented'],
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
      await until(() => accepted.size >= (events * cut) / (cuts + 1) + Math.random() * 20);
      cutting = true;
      await cloud.kill();
      cloud = await startLocalCloud({ dataDir, port: Number(port) });
      cutting = false;
    }
    await Promise.all(writing);
    await cloud.settle();
    // What was in flight at a cut comes back when its minute is over.
    await cloud.clock({ advance: 'PT10M' });

    for (let n = 0; n < endpoints; n++) {
      const got = await cloud.hooks(`h${n}`);
      const ids = new Set(got.map(({ headers }) => headers['webhook-id']));
      const missing = [...accepted].filter((id) => !ids.has(id));
      expect({ endpoint: n, missing }).toEqual({ endpoint: n, missing: [] });
      for (const { headers, body } of got) expect(JSON.parse(body).id).toBe(headers['webhook-id']);
    }
    expect(await cloud.deadLetters()).toEqual([]);
  } finally {
    await cloud.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
