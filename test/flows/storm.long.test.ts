import { expect, it } from 'vitest';
import { startLocalCloud } from '../../infra/local/client.ts';
import { storm, stormSize } from './storm.ts';

/**
 * One outage pages once, each partner watches its own clock, and one reply takes them all. How soon is measured by
 * `npm run bench:storm`.
 */
it('in a storm the primary is paged at most five times in ten minutes, and one ALL takes all of it', async () => {
  const cloud = await startLocalCloud({ dataDir: '' });
  try {
    const { before, leads, taken, eventAfterSeconds, texts } = await storm(cloud);
    expect(before).toHaveLength(stormSize.partners);
    for (const each of before) expect(each).toMatchObject({ state: 'paging', promisedSeconds: 1_800 });
    expect(new Set(before.map(({ dueAt }) => dueAt)).size).toBeGreaterThan(stormSize.partners / 2);
    expect(leads).toHaveLength(1);
    const holder = cloud.demo.engineers[0]?.name;
    expect(taken).toEqual(before.map(() => ({ state: 'acknowledged', holder })));
    expect(eventAfterSeconds).toHaveLength(stormSize.escalations);
    expect(eventAfterSeconds).not.toContain(null);
    expect(texts.length, texts.join('\n')).toBeLessThanOrEqual(5);
    expect(await cloud.deadLetters()).toEqual([]);
  } finally {
    await cloud.close();
  }
});
