import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MessagingHost } from '../../infra/local/queues/host.ts';

it('what was taken when the process died comes back at the next start, and restarts alone condemn nothing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'nightdesk-queues-'));
  const open = async () => {
    const host = await MessagingHost.open(directory, () => null);
    const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
    const dead = host.ensureQueue('dead', arnOf('dead'), {});
    const redrive = { deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 5 };
    const attributes = { VisibilityTimeout: '60', RedrivePolicy: JSON.stringify(redrive) };
    const work = host.ensureQueue('work', arnOf('work'), attributes);
    work.releaseAll();
    return { host, dead, work };
  };
  const first = await open();
  first.work.send('{"n":1}');
  await first.host.close();
  for (let starts = 0; starts < 8; starts++) {
    const { host, work } = await open();
    expect(work.take(10).map(({ message }) => message.body)).toEqual(['{"n":1}']);
    await host.close();
  }
  const { host, dead, work } = await open();
  // Failing is counted as ever.
  for (let tries = 0; tries < 5; tries++) for (const { receipt } of work.take(10)) work.hide(receipt, -1);
  expect(work.take(10)).toEqual([]);
  expect(dead.all().map(({ body }) => body)).toEqual(['{"n":1}']);
  await host.close();
  rmSync(directory, { recursive: true, force: true });
});
