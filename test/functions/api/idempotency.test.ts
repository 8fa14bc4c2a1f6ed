import { beforeAll, describe, expect, test } from 'vitest';
import { makeWorld, mondayNight, pressBody, ticketBody, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

let keys = 0;
function withKey(key = `key ${++keys}`) {
  return { headers: { 'idempotency-key': key } };
}

function later(seconds: number): void {
  world.time.now = new Date(Date.parse(world.time.now) + seconds * 1_000).toISOString();
}

describe('the same key and body', () => {
  test('open one ticket and give the same answer byte for byte, also when the clock has moved', async () => {
    const request = withKey();
    const first = await world.post('/v1/tickets', { ...ticketBody, subject: 'Only once' }, request);
    later(3_600);
    const second = await world.post('/v1/tickets', { ...ticketBody, subject: 'Only once' }, request);
    expect(second).toMatchObject({ status: 201, text: first.text });
    expect(second.headers).toMatchObject({ location: first.headers.location, etag: first.headers.etag });
    expect(second.headers['idempotent-replayed']).toBe('true');
    const found = await world.get('/v1/tickets', { query: { q: 'only once' } });
    expect(found.body.data).toHaveLength(1);
  });

  test('open one ticket when sent eight times at once', async () => {
    const request = withKey();
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => world.post('/v1/tickets', ticketBody, request)),
    );
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  });

  test('say one thing in one comment', async () => {
    const number = await world.open();
    const request = withKey();
    const path = `/v1/tickets/${number}/comments`;
    const first = await world.post(path, { body: 'Hello' }, request);
    const second = await world.post(path, { body: 'Hello' }, request);
    expect(second.text).toBe(first.text);
    expect((await world.get(`/v1/tickets/${number}/events`)).body.data).toHaveLength(2);
  });

  test('press once: the answer stays that of the press, also after it was cancelled', async () => {
    const number = await world.open();
    const path = `/v1/tickets/${number}/escalation`;
    const request = withKey();
    const first = await world.post(path, pressBody, request);
    const unchanged = withKey();
    const again = await world.post(path, pressBody, unchanged);
    await world.del(path);
    for (const [sent, reply] of [
      [request, first],
      [unchanged, again],
    ] as const) {
      const repeated = await world.post(path, pressBody, sent);
      expect(repeated).toMatchObject({ status: reply.status, text: reply.text });
    }
    expect((await world.get(path)).body.state).toBe('cancelled');
  });

  test('hire one person, and make one override', async () => {
    const request = { ...withKey(), key: world.keys.ada };
    const person = { name: 'Lou', role: 'agent', email: 'lou@desk.example' };
    const first = await world.post('/v1/staff', person, request);
    const second = await world.post('/v1/staff', person, request);
    expect(second).toMatchObject({ status: 201, text: first.text });
    const staff = await world.get('/v1/staff', { key: world.keys.ada });
    expect(staff.body.data.filter(({ name }: { name: string }) => name === 'Lou')).toHaveLength(1);
  });

  test('hire one person when sent four times at once: the others learn that the first still runs', async () => {
    const request = { ...withKey(), key: world.keys.ada };
    const person = { name: 'Max', role: 'agent', email: 'max@desk.example' };
    const replies = await Promise.all(
      Array.from({ length: 4 }, () => world.post('/v1/staff', person, request)),
    );
    const made = replies.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    for (const { status, body, headers } of replies.filter((reply) => reply.status !== 201)) {
      expect(status).toBe(409);
      expect(body.code).toBe('idempotency_in_progress');
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    const staff = await world.get('/v1/staff', { key: world.keys.ada });
    expect(staff.body.data.filter(({ name }: { name: string }) => name === 'Max')).toHaveLength(1);
  });
});

describe('a request that finds it done by another that came at the same time', () => {
  test('keeps its answer all the same', async () => {
    const hook = { url: 'https://hooks.acme.example/n', eventTypes: ['*'] };
    const { id } = (await world.post('/v1/webhooks', hook)).body;
    await world.post(`/v1/webhooks/${id}/disable`, {});
    const path = `/v1/webhooks/${id}/enable`;
    const requests = Array.from({ length: 6 }, () => withKey());
    const first = await Promise.all(requests.map((request) => world.post(path, {}, request)));
    const second = await Promise.all(requests.map((request) => world.post(path, {}, request)));
    expect(first.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(second.map(({ status, text }) => [status, text])).toEqual(
      first.map(({ status, text }) => [status, text]),
    );
  });
});

describe('answers that hold a secret', () => {
  test('come again for an hour, and are not in the table in clear', async () => {
    const key = `secret ${++keys}`;
    const request = { headers: { 'idempotency-key': key } };
    const body = { url: 'https://hooks.acme.example/n', eventTypes: ['*'] };
    const first = await world.post('/v1/webhooks', body, request);
    expect(first.body.secret).toMatch(/^whsec_/);
    expect((await world.post('/v1/webhooks', body, request)).text).toBe(first.text);
    const kept = await world.store.idempotency.read('partner:ptn_acme', key);
    expect(JSON.stringify(kept)).not.toContain(first.body.secret.slice(6, 20));
    const other = await world.keyFor({ partner: 'ptn_acme' }, ['webhooks:write']);
    const byOther = await world.post('/v1/webhooks', body, { ...request, key: other.key });
    expect(byOther.body.code).toBe('idempotency_key_reused');
    later(3_601);
    const fresh = await world.post('/v1/webhooks', body, request);
    expect(fresh.body.id).not.toBe(first.body.id);
  });

  test('make one API key', async () => {
    const request = { ...withKey(), key: world.keys.ada };
    const body = { partner: 'ptn_acme', scopes: ['tickets:read'] };
    const first = await world.post('/v1/api-keys', body, request);
    expect((await world.post('/v1/api-keys', body, request)).text).toBe(first.text);
  });
});

describe('a process that dies at any request to the database', () => {
  const hook = { url: 'https://hooks.acme.example/n', eventTypes: ['*'] };
  const ada = () => ({ key: world.keys.ada });
  const own = async () => ({
    key: (await world.keyFor({ partner: 'ptn_acme' }, ['keys:rotate', 'webhooks:read', 'webhooks:write']))
      .key,
  });
  type Sender = { key: string };

  /** Sends it until nothing dies any more, each time once more after a death; gives what each pair of them left. */
  async function dying(
    sender: () => Promise<Sender> | Sender,
    path: (sender: Sender) => Promise<string>,
    body: () => unknown,
    left: (sender: Sender) => Promise<unknown>,
  ): Promise<void> {
    for (let requests = 0; ; requests++) {
      const by = await sender();
      const [to, sent, request] = [await path(by), body(), { ...by, ...withKey() }];
      const before = await left(by);
      world.faults.diesAfter = requests;
      const first = await world.post(to, sent, request).catch(() => null);
      world.faults.diesAfter = Number.POSITIVE_INFINITY;
      later(31);
      const second = await world.post(to, sent, request);
      expect([200, 201]).toContain(second.status);
      expect((await world.post(to, sent, request)).text).toBe(second.text);
      expect(await left(by)).toBe(Number(before) + 1);
      if (first) return expect(second.text).toBe(first.text);
      expect(requests).toBeLessThan(20);
    }
  }
  const count = (path: string) => async (by: Sender) =>
    (await world.get(path, { ...by, query: { limit: '100' } })).body.data.length;
  let ids = 0;

  test('leaves one webhook, whose secret is told', async () => {
    const owner = async () => {
      const partner = `ptn_dying${++ids}`;
      await world.post('/v1/partners', { id: partner, name: partner, plan: 'default' }, ada());
      return { key: (await world.keyFor({ partner }, ['webhooks:read', 'webhooks:write'])).key };
    };
    await dying(
      owner,
      async () => '/v1/webhooks',
      () => hook,
      count('/v1/webhooks'),
    );
  });

  test('leaves one new secret of a webhook, and one more former secret', async () => {
    let id = '';
    const make = async (by: Sender) => {
      id = (await world.post('/v1/webhooks', hook, { key: by.key })).body.id;
      return `/v1/webhooks/${id}/rotate-secret`;
    };
    await dying(
      own,
      make,
      () => ({}),
      async (by) => {
        const { body } = await world.get(`/v1/webhooks/${id}`, by);
        return body.formerSecretsUntil.length;
      },
    );
  });

  test('leaves one key in the place of one, and it is told', async () => {
    await dying(
      own,
      async () => '/v1/api-keys/self/rotate',
      () => ({}),
      async ({ key }) => {
        const old = await world.store.keys.read(key.slice(3, -65));
        return old?.rotatedTo ? 1 : 0;
      },
    );
  });

  test('leaves one partner, one plan, one person and one incident', async () => {
    for (const [path, body] of [
      ['/v1/partners', { name: 'Once', plan: 'default' }],
      ['/v1/plans', { name: 'Once' }],
      ['/v1/staff', { name: 'Once', role: 'agent', email: 'once@desk.example' }],
      ['/v1/incidents', { title: 'Once', service: 'hosted-mail' }],
    ] as const)
      await dying(
        ada,
        async () => path,
        () => body,
        count(path),
      );
  });
});

describe('a key', () => {
  test('with another body, or on another path, is refused', async () => {
    const request = withKey();
    const { body } = await world.post('/v1/tickets', ticketBody, request);
    const other = await world.post('/v1/tickets', { ...ticketBody, subject: 'Another' }, request);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const elsewhere = await world.post(`/v1/tickets/${body.number}/comments`, { body: 'x' }, request);
    expect(elsewhere.body.code).toBe('idempotency_key_reused');
  });

  test('belongs to its owner: another partner may use the same', async () => {
    const request = withKey();
    const ours = await world.post('/v1/tickets', ticketBody, request);
    const theirs = await world.post('/v1/tickets', ticketBody, { ...request, key: world.keys.other });
    expect(theirs.body.number).not.toBe(ours.body.number);
  });

  test('is forgotten after 24 hours', async () => {
    world.time.now = mondayNight;
    const request = withKey();
    const first = await world.post('/v1/tickets', ticketBody, request);
    later(24 * 3_600 + 1);
    const second = await world.post('/v1/tickets', ticketBody, request);
    expect(second.body.number).not.toBe(first.body.number);
  });

  test('is not spent by a request that was refused', async () => {
    const request = withKey();
    const bad = await world.post('/v1/tickets', { ...ticketBody, service: 'telex' }, request);
    expect(bad.status).toBe(422);
    expect((await world.post('/v1/tickets', ticketBody, request)).status).toBe(201);
  });

  test('of a wrong form is refused', async () => {
    for (const key of ['', 'x'.repeat(256), 'é', 'a\nb']) {
      const { body } = await world.post('/v1/tickets', ticketBody, withKey(key));
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'Idempotency-Key' }] });
    }
  });
});
