import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type StartedCloud, startLocalCloud } from '../../infra/local/client.ts';
import { newDataDir } from '../fakes/data-dir.ts';
import { caller, emergency, outage } from './api.ts';

/**
 * Power cuts: `kill -9` while escalations are being pressed, then a restart on the same files. What the API
 * accepted is never lost and never stuck: it pages on time, and its promise breaks on time.
 */
const escalations = 200;
const cuts = [0.1, 0.35, 0.6, 0.9];
const night = '2026-11-24T07:00:00.000Z';

/** Minutes after the press at which each level of the default policy is due. */
const dueAfter: Record<number, number> = { 1: 0, 2: 5, 3: 10, 4: 20 };

interface Paged {
  readonly level: number;
  readonly state: string;
  readonly at: string;
}

it('loses no escalation and leaves none stuck over kill -9 at any instant', async () => {
  const dataDir = newDataDir();
  let cloud = await startLocalCloud({ dataDir });
  try {
    const { demo } = cloud;
    const admin = caller(cloud.baseUrl, demo.adminKey);
    const provider = await admin('GET', '/v1/provider');
    await admin('PUT', '/v1/provider', { ...provider.body, nightlyCap: 100_000, pagesPerMinute: null });
    await cloud.clock({ set: night });

    const accepted: { number: string; startedAt: string }[] = [];
    for (const [index, share] of [...cuts, 1].entries()) {
      const wanted = Math.round(escalations * share);
      // Cut at a random instant of the pressing: the jitter is in how far the last one got.
      const cutAt = wanted - 3 - Math.floor(Math.random() * 10);
      const reached = Promise.withResolvers<void>();
      const pressing = pressUntil(cloud, demo.partnerKey, accepted, wanted, () => {
        if (accepted.length >= cutAt) reached.resolve();
      });
      if (index === cuts.length) await pressing;
      else {
        await Promise.race([reached.promise, pressing]);
        await cloud.kill();
        await pressing;
        cloud = await startLocalCloud({ dataDir });
      }
    }
    expect(accepted.length).toBeGreaterThanOrEqual(escalations - 20);

    const partner = caller(cloud.baseUrl, demo.partnerKey);
    const read = async (number: string) => (await partner('GET', `/v1/tickets/${number}/escalation`)).body;
    const failuresTold = async (number: string) =>
      (await partner('GET', `/v1/tickets/${number}/events?limit=100`)).body.data.filter(
        ({ type }: { type: string }) => type === 'escalation.page_failed',
      ).length;
    await cloud.settle();
    await cloud.text(demo.engineers[0]!.phone, `ack ${accepted[0]!.number}`);
    await cloud.clock({ advance: 'PT12M' });
    for (const { number, startedAt } of accepted.slice(1)) {
      const { state, pages } = (await read(number)) as { state: string; pages: Paged[] };
      // A page that was lost with the power, and again in what had piled up after it, fails and brings the next level
      // at once: nobody waits for it, nothing is left on its way, and no level comes early for any other reason.
      const failed = pages.filter((page) => page.state === 'failed');
      const stuck = pages.filter((page) => page.state !== 'failed' && page.state !== 'sent');
      const levels = [...new Set(pages.map(({ level }) => level))];
      const early = levels.filter((level) => reachedEarly(startedAt, level, pages));
      expect({ number, state, stuck }).toEqual({ number, state: 'paging', stuck: [] });
      expect({ number, levels }).toEqual({
        number,
        levels: [1, 2, 3, 4].slice(0, Math.max(3, levels.length)),
      });
      expect({ number, unexplained: early.slice(failed.length) }).toEqual({ number, unexplained: [] });
      expect({ number, sent: pages.length > failed.length }).toEqual({ number, sent: true });
      expect({ number, told: await failuresTold(number) }).toEqual({ number, told: failed.length });
    }
    expect((await read(accepted[0]!.number)).state).toBe('acknowledged');
    await cloud.clock({ advance: 'PT20M' });
    for (const { number } of accepted.slice(1)) {
      const { promise } = await read(number);
      expect({ number, brokenAt: promise.brokenAt }).toEqual({ number, brokenAt: promise.dueAt });
    }
    expect(await cloud.deadLetters()).toEqual([]);
  } finally {
    await cloud.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});

/** Whether the level was paged before its offset from the press. */
function reachedEarly(startedAt: string, level: number, pages: readonly Paged[]): boolean {
  const first = Math.min(...pages.filter((page) => page.level === level).map(({ at }) => Date.parse(at)));
  return first < Date.parse(startedAt) + dueAfter[level]! * 60_000;
}

/** Presses until so many were accepted or the desk is gone. What was answered 202 counts, nothing else. */
async function pressUntil(
  cloud: StartedCloud,
  key: string,
  accepted: { number: string; startedAt: string }[],
  wanted: number,
  onAccepted: () => void,
): Promise<void> {
  const partner = caller(cloud.baseUrl, key);
  const one = async () => {
    while (accepted.length < wanted) {
      try {
        const ticket = await partner('POST', '/v1/tickets', outage);
        const pressed = await partner('POST', `/v1/tickets/${ticket.body.number}/escalation`, emergency);
        if (pressed.status !== 202) continue;
        accepted.push({ number: ticket.body.number, startedAt: pressed.body.startedAt });
        onAccepted();
      } catch {
        return; // The desk was cut off: that press was not accepted.
      }
    }
  };
  await Promise.all([one(), one(), one(), one()]);
}
