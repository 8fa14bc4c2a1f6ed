import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startLocalCloud } from '../../infra/local/client.ts';
import { localDynamoDb } from '../fakes/dynamodb.ts';
import { caller, emergency, outage } from './api.ts';
import { run } from './guide.ts';

it('an empty desk is set up by the first steps of the README as they stand, and then pages', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const [, steps = ''] = /^9\. \*\*The first steps\*\*.*?```sh\n(.*?)```/ms.exec(readme) ?? [];
  const { port } = await localDynamoDb();
  const now = '2026-11-24T03:10:00.000Z';
  const cloud = await startLocalCloud({ dynamoPort: port, warm: false, demo: false, now });
  try {
    const { key } = await cloud.invoke<{ key: string }>('setup', {});
    const code = steps.replace('https://desk.provider.example', cloud.baseUrl).replace('nd_…', key);
    const said = await run('sh', code, {});
    expect(said).toContain('{"ready":true,"missing":[]}');
    const [, partnerKey = ''] = /"key":"(nd_[^"]+)"/.exec(said) ?? [];
    await cloud.settle();
    for (const phone of ['+12025550101', '+12025550102', '+12025550103'])
      expect(await cloud.sms(phone)).toHaveLength(1);

    const partner = caller(cloud.baseUrl, partnerKey);
    const { body } = await partner('POST', '/v1/tickets', outage);
    expect((await partner('POST', `/v1/tickets/${body.number}/escalation`, emergency)).status).toBe(202);
    await cloud.settle();
    const paged = (await cloud.sms()).filter((sms) => sms.body.startsWith(body.number));
    expect(paged).toMatchObject([{ body: expect.stringMatching(/Acme MSP.*Reply \d+a to take/) }]);
  } finally {
    await cloud.close();
  }
});
