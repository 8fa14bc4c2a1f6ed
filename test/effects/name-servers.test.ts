import { promises } from 'node:dns';
import { afterEach, expect, it } from 'vitest';
import { checkWebhookUrl } from '../../shared/effects/address-guard.ts';
import { nameServers } from '../../shared/effects/name-servers.ts';
import { nameServer } from '../fakes/name-server.ts';

let server: Awaited<ReturnType<typeof nameServer>>;
let resolver: promises.Resolver;
afterEach(() => {
  resolver.cancel();
  server.close();
});

const asking = (timeout: number) => {
  resolver = new promises.Resolver({ timeout, tries: 1 });
  resolver.setServers([server.address]);
  return nameServers(resolver);
};

it('a name is told with its addresses, also when it has those of one kind alone', async () => {
  server = await nameServer({ 'hooks.example': ['93.184.216.34', '1.1.1.1'] });
  expect(await asking(500)('hooks.example')).toEqual([
    { address: '93.184.216.34', family: 4 },
    { address: '1.1.1.1', family: 4 },
  ]);
  await expect(asking(500)('nowhere.example')).rejects.toMatchObject({ code: 'ENODATA' });
});

it('names whose servers are silent hold up no other, however many they are', async () => {
  const silent = Array.from({ length: 20 }, (_, n) => `hangs${n}.example`);
  server = await nameServer({
    ...Object.fromEntries(silent.map((name) => [name, 'hangs' as const])),
    'hooks.example': ['93.184.216.34'],
  });
  const resolve = asking(60_000);
  let over = 0;
  for (const name of silent)
    void resolve(name).then(
      () => over++,
      () => over++,
    );
  expect(await checkWebhookUrl('https://hooks.example/', { localOrigin: null, resolve })).toEqual({
    ok: true,
  });
  expect(over).toBe(0);
});

it('a name whose servers are silent is not resolved, in time', async () => {
  server = await nameServer({ 'hangs.example': 'hangs' });
  const url = 'https://hangs.example/';
  expect(await checkWebhookUrl(url, { localOrigin: null, resolve: asking(200) })).toMatchObject({
    because: 'The name cannot be resolved (ETIMEOUT).',
    unresolved: true,
  });
});
