import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  AddressRefused,
  checkWebhookUrl,
  guardConnector,
  guardedLookup,
  isPublicAddress,
  type Resolve,
} from '../../shared/effects/address-guard.ts';
import { createWebhookSender } from '../../shared/effects/webhook-sender.ts';
import { systemClock } from '../../shared/runtime/clock.ts';

const forbidden: [what: string, address: string][] = [
  ['loopback', '127.0.0.1'],
  ['loopback, elsewhere', '127.8.8.8'],
  ['unspecified', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['private 10', '10.1.2.3'],
  ['private 172', '172.16.0.1'],
  ['private 172, end', '172.31.255.255'],
  ['private 192', '192.168.1.1'],
  ['link-local, instance metadata', '169.254.169.254'],
  ['container credentials', '169.254.170.2'],
  ['CGNAT', '100.64.0.1'],
  ['CGNAT, end', '100.127.255.255'],
  ['multicast', '224.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['protocol assignments', '192.0.0.8'],
  ['documentation', '192.0.2.1'],
  ['documentation 2', '198.51.100.7'],
  ['documentation 3', '203.0.113.9'],
  ['benchmarking', '198.18.0.1'],
  ['6to4 relay', '192.88.99.1'],
  ['v6 loopback', '::1'],
  ['v6 unspecified', '::'],
  ['v6 link-local', 'fe80::1'],
  ['v6 link-local with zone', 'fe80::1%eth0'],
  ['v6 unique local', 'fd00::1'],
  ['instance metadata v6', 'fd00:ec2::254'],
  ['v6 site-local', 'fec0::1'],
  ['v6 multicast', 'ff02::1'],
  ['v6 documentation', '2001:db8::1'],
  ['v6 discard', '100::1'],
  ['Teredo', '2001::1'],
  ['6to4 of loopback', '2002:7f00:1::'],
  ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
  ['IPv4-mapped in hex', '::ffff:7f00:1'],
  ['IPv4-mapped public', '::ffff:93.184.216.34'],
  ['IPv4-compatible', '::7f00:1'],
  ['IPv4-translated', '::ffff:0:127.0.0.1'],
  ['NAT64 of loopback', '64:ff9b::7f00:1'],
  ['NAT64 of metadata', '64:ff9b::a9fe:a9fe'],
  ['NAT64 local use', '64:ff9b:1::1'],
  ['not yet given out', '4000::1'],
  ['no address', 'example.com'],
  ['nothing', ''],
];

const allowed = [
  '93.184.216.34',
  '1.1.1.1',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700:4700::1111',
  '2a00:1450:4001:80b::200e',
];

const nowhere: Resolve = async () => {
  throw Object.assign(new Error('nope'), { code: 'ENOTFOUND' });
};
const to =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('what counts as the public internet', () => {
  it.each(forbidden)('%s is forbidden: %s', (_what, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  it.each(allowed)('%s is allowed', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('a URL at creation and before each attempt', () => {
  const check = (url: string, resolve: Resolve = nowhere, localOrigin: string | null = null) =>
    checkWebhookUrl(url, { localOrigin, resolve });

  it.each([
    'https://127.0.0.1/x',
    'https://127.1/x',
    'https://2130706433/x',
    'https://0x7f.0.0.1/x',
    'https://0177.0.0.1/x',
    'https://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://[64:ff9b::7f00:1]/x',
    'https://１２７.０.０.１/x',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.1.1/x',
  ])('refuses the literal %s', async (url) => {
    expect(await check(url)).toMatchObject({
      ok: false,
      because: 'It is not an address of the public internet.',
    });
  });

  it.each([
    ['http://hooks.acme.example/x', /HTTPS/],
    ['ftp://hooks.acme.example/x', /HTTPS/],
    ['javascript:alert(1)', /HTTPS/],
    ['https://user:secret@hooks.acme.example/x', /user name or password/],
    ['hooks.acme.example', /not a URL/],
    ['', /not a URL/],
  ])('refuses %s', async (url, because) => {
    expect(await check(url, to('93.184.216.34'))).toMatchObject({
      ok: false,
      because: expect.stringMatching(because),
    });
  });

  it.each([
    'https://localhost/hook',
    'https://localhost./hook',
    'https://LOCALHOST:4000/local/hooks/a',
    'https://foo.localhost/',
    'https://ip6-localhost/',
    'https://localhost.localdomain/',
    'https://printer.local/',
    'https://printer.local./',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://nas.home.arpa/',
    'https://desk.test/',
    'https://hooks.invalid/',
    'https://hooks.onion/',
    'https://hooks.alt/',
    'https://intranet/hook',
    'https://ｌｏｃａｌｈｏｓｔ/',
    'https://com/',
  ])(
    'refuses the name %s by its form, whatever it resolves to, also where it resolves to nothing',
    async (url) => {
      const refused = { ok: false, because: 'It is not a name of the public internet.', unresolved: false };
      expect(await check(url, to('93.184.216.34'))).toEqual(refused);
      const unknown = { localOrigin: 'http://localhost:4000', resolve: nowhere, atCreation: true };
      expect(await checkWebhookUrl(url, unknown)).toEqual(refused);
    },
  );

  it.each(['https://local.acme.example/', 'https://mylocalhost.example/', 'https://hooks.acme.example./'])(
    'takes %s',
    async (url) => {
      expect(await check(url, to('93.184.216.34'))).toEqual({ ok: true });
    },
  );

  it('takes a name that resolves to public addresses only', async () => {
    expect(await check('https://hooks.acme.example/x', to('93.184.216.34', '2606:4700::1'))).toEqual({
      ok: true,
    });
  });

  it.each(forbidden.filter(([, address]) => /^[\d:]/.test(address)))(
    'refuses a name with one bad address among good ones: %s',
    async (_what, address) => {
      const answer = await check('https://hooks.acme.example/x', to('93.184.216.34', address));
      expect(answer).toMatchObject({ ok: false });
    },
  );

  it('says when a name cannot be resolved, or has no address', async () => {
    expect(await check('https://nowhere.example/')).toEqual({
      ok: false,
      because: 'The name cannot be resolved (ENOTFOUND).',
      unresolved: true,
    });
    expect(await check('https://nowhere.example/', to())).toMatchObject({ ok: false });
  });

  it.each(['http://localhost:4000/local/hooks/acme', 'http://127.0.0.1:4000/local/hooks/acme'])(
    'takes %s where the stage configures that origin',
    async (url) => {
      expect(await check(url, nowhere, 'http://localhost:4000')).toEqual({ ok: true });
      expect(await check(url)).toMatchObject({ ok: false });
    },
  );

  it.each([
    'http://localhost:4000/local/clock',
    'http://localhost:4000/local/hooks/../clock',
    'http://localhost:4000/local/hooks/%2e%2e/clock',
    'http://localhost:4001/local/hooks/acme',
    'http://localhost/local/hooks/acme',
    'http://user@localhost:4000/local/hooks/acme',
    'http://127.0.0.2:4000/local/hooks/acme',
    'http://[::1]:4000/local/hooks/acme',
    'https://localhost:4000/local/hooks/acme',
    'http://localhost.evil.example:4000/local/hooks/acme',
  ])('does not stretch the local exception to %s', async (url) => {
    expect(await check(url, to('127.0.0.1'), 'http://localhost:4000')).toMatchObject({ ok: false });
  });
});

describe('while connecting', () => {
  const lookup = (resolve: Resolve, all: boolean) =>
    new Promise((done, failed) => {
      guardedLookup(resolve)('hooks.acme.example', { all }, (error, address, family) =>
        error ? failed(error) : done(all ? address : { address, family }),
      );
    });

  it('hands on public addresses, all or one', async () => {
    expect(await lookup(to('93.184.216.34'), true)).toEqual([{ address: '93.184.216.34', family: 4 }]);
    expect(await lookup(to('93.184.216.34'), false)).toEqual({ address: '93.184.216.34', family: 4 });
  });

  it('refuses a name of which any address is not public', async () => {
    await expect(lookup(to('93.184.216.34', '10.0.0.1'), true)).rejects.toBeInstanceOf(AddressRefused);
  });

  const connected = (hostname: string, remoteAddress: string | undefined) => {
    let connects = 0;
    const destroyed: unknown[] = [];
    const socket = { remoteAddress, destroy: (error?: Error) => destroyed.push(error) };
    const connect = guardConnector<{ hostname: string }, typeof socket>((_options, callback) => {
      connects++;
      callback(null, socket);
    });
    return new Promise<{ error: Error | null; connects: number; destroyed: number }>((done) => {
      connect({ hostname }, (...[error]) => done({ error, connects, destroyed: destroyed.length }));
    });
  };

  it('does not even connect to a forbidden literal, which never reaches lookup', async () => {
    for (const hostname of ['127.0.0.1', '[::1]', '::ffff:10.0.0.1']) {
      expect(await connected(hostname, '93.184.216.34')).toMatchObject({
        error: expect.any(AddressRefused),
        connects: 0,
      });
    }
  });

  it('cuts a connection whose peer turns out not to be public', async () => {
    for (const peer of ['127.0.0.1', '::1', '10.0.0.1', undefined]) {
      expect(await connected('hooks.acme.example', peer)).toMatchObject({
        error: expect.any(AddressRefused),
        connects: 1,
        destroyed: 1,
      });
    }
  });

  it('lets a public peer through', async () => {
    expect(await connected('hooks.acme.example', '93.184.216.34')).toEqual({
      error: null,
      connects: 1,
      destroyed: 0,
    });
  });

  it('holds against a name that is rebound between the check and the connection', async () => {
    let reached = 0;
    const inside = createServer((socket) => {
      reached++;
      socket.destroy();
    });
    await new Promise<void>((listening) => inside.listen(0, '127.0.0.1', listening));
    const { port } = inside.address() as { port: number };
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked++;
      return [{ address: asked === 1 ? '93.184.216.34' : '127.0.0.1', family: 4 }];
    };
    const url = `https://rebinding.example:${port}/`;
    expect(await checkWebhookUrl(url, { localOrigin: null, resolve: rebinding })).toEqual({ ok: true });
    const sender = createWebhookSender({ clock: systemClock, localOrigin: null, resolve: rebinding });
    const result = await sender.send({
      url,
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      id: 'evt_1',
      body: '{}',
    });
    expect(result).toMatchObject({ statusCode: null, errorCode: 'address_refused' });
    // Once for each: what was asked is what is connected to.
    expect(asked).toBe(2);
    expect(reached).toBe(0);
    inside.close();
  });
});
