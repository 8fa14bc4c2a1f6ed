import { beforeAll, describe, expect, test, vi } from 'vitest';
import { catalogue } from '../../../shared/contract/events/catalogue.ts';
import { wants } from '../../../shared/domain/webhook/endpoint.ts';
import { verifyChain } from '../../../shared/store/chain.ts';
import { makeWorld, ticketBody, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const admin = () => ({ key: world.keys.ada });
const use = async (key: string) => (await world.get('/v1/services', { key })).status;

function later(seconds: number): void {
  world.time.now = new Date(Date.parse(world.time.now) + seconds * 1_000).toISOString();
}

async function make(body: object = {}) {
  const given = { partner: 'ptn_acme', scopes: ['tickets:read', 'keys:rotate'], ...body };
  const made = await world.post('/v1/api-keys', given, admin());
  expect(made.status).toBe(201);
  return made.body as { id: string; key: string; expiresAt: string | null };
}

describe('rotation', () => {
  test('by the key itself: both work until the overlap ends, then the new one alone', async () => {
    const old = await make({ name: 'Console' });
    const rotated = await world.post('/v1/api-keys/self/rotate', { overlapHours: 2 }, { key: old.key });
    expect(rotated).toMatchObject({
      status: 201,
      body: {
        name: 'Console',
        partner: 'ptn_acme',
        scopes: ['tickets:read', 'keys:rotate'],
        expiresAt: null,
      },
      headers: { location: `/v1/api-keys/${rotated.body.id}` },
    });
    expect([await use(old.key), await use(rotated.body.key)]).toEqual([200, 200]);
    const shown = await world.get(`/v1/api-keys/${old.id}`, admin());
    expect(shown.body.rotatedTo).toBe(rotated.body.id);
    later(2 * 3_600 - 1);
    expect(await use(old.key)).toBe(200);
    later(1);
    expect([await use(old.key), await use(rotated.body.key)]).toEqual([401, 200]);
  });

  test('shows the new key to a repetition, and rotates once', async () => {
    const old = await make();
    const request = { key: old.key, headers: { 'idempotency-key': 'rotate once' } };
    const first = await world.post('/v1/api-keys/self/rotate', {}, request);
    const second = await world.post('/v1/api-keys/self/rotate', {}, request);
    expect(second).toMatchObject({ status: 201, text: first.text });
    const again = await world.post('/v1/api-keys/self/rotate', {}, { key: old.key });
    expect(again).toMatchObject({ status: 409, body: { code: 'key_ended' } });
  });

  test('of four at once, one makes a key', async () => {
    const old = await make();
    const replies = await Promise.all(
      Array.from({ length: 4 }, () => world.post(`/v1/api-keys/${old.id}/rotate`, {}, admin())),
    );
    const won = replies.filter(({ status }) => status === 201);
    expect(won).toHaveLength(1);
    for (const { status } of replies) expect([201, 409]).toContain(status);
    const { data } = (await world.get('/v1/api-keys', { ...admin(), query: { limit: '100' } })).body;
    const successors = data.filter(({ id }: { id: string }) => id === won[0]?.body.id);
    expect(successors).toHaveLength(1);
  });

  test('is refused for what has ended, for others’ keys, and without the scope', async () => {
    const gone = await make();
    await world.del(`/v1/api-keys/${gone.id}`, admin());
    expect((await world.post(`/v1/api-keys/${gone.id}/rotate`, {}, admin())).body.code).toBe('key_ended');
    const [one, other] = [await make(), await make({ partner: 'ptn_other' })];
    const theirs = await world.post(`/v1/api-keys/${other.id}/rotate`, {}, { key: one.key });
    const none = await world.post('/v1/api-keys/key_none/rotate', {}, { key: one.key });
    expect(theirs.status).toBe(404);
    expect({ ...theirs.body, requestId: '' }).toEqual({ ...none.body, requestId: '' });
    const plain = await make({ scopes: ['tickets:read'] });
    const refused = await world.post('/v1/api-keys/self/rotate', {}, { key: plain.key });
    expect(refused.body).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('keys:rotate') });
    const past = { expiresAt: '2026-01-01T00:00:00Z' };
    const field = await world.post(`/v1/api-keys/${one.id}/rotate`, past, admin());
    expect(field.body.errors).toMatchObject([{ field: 'expiresAt' }]);
    const self = { expiresAt: '2030-01-01T00:00:00Z' };
    const longer = await world.post('/v1/api-keys/self/rotate', self, { key: one.key });
    expect(longer.body.errors).toMatchObject([
      { field: 'expiresAt', message: expect.stringMatching(/admins/) },
    ]);
    const long = await world.post(`/v1/api-keys/${one.id}/rotate`, { overlapHours: 169 }, admin());
    expect(long.body.errors).toMatchObject([{ field: 'overlapHours' }]);
  });
});

describe('a key', () => {
  test('reads about itself, and about no other', async () => {
    const { id, key } = await make({ name: 'Console', expiresAt: '2027-01-01T00:00:00Z' });
    const self = await world.get('/v1/api-keys/self', { key });
    expect(self.body).toMatchObject({ id, name: 'Console', expiresAt: '2027-01-01T00:00:00.000Z' });
    expect(self.text).not.toMatch(/secret|[0-9a-f]{64}/);
    const byId = await world.get(`/v1/api-keys/${id}`, { key });
    // Its first use may be noted in between.
    expect({ ...byId.body, lastUsedAt: null }).toEqual({ ...self.body, lastUsedAt: null });
    const other = await make();
    expect((await world.get(`/v1/api-keys/${other.id}`, { key })).status).toBe(404);
    expect((await world.get(`/v1/api-keys/${other.id}`, { key: world.keys.kim })).status).toBe(404);
  });

  test('was last used: noted at its first use and then once an hour, and never by a wrong secret', async () => {
    const { id, key } = await make();
    const lastUsed = async () => (await world.get(`/v1/api-keys/${id}`, admin())).body.lastUsedAt;
    const wrong = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    expect(await use(wrong)).toBe(401);
    expect(await lastUsed()).toBeNull();
    const first = world.time.now;
    await use(key);
    await vi.waitFor(async () => expect(await lastUsed()).toBe(first));
    later(3_599);
    world.sent.length = 0;
    await use(key);
    expect(world.sent).not.toContain('UpdateItem');
    later(1);
    await use(key);
    await vi.waitFor(async () => expect(await lastUsed()).toBe(world.time.now));
  });

  test('that is used for the first time opens its ticket in one transaction all the same', async () => {
    const { key } = await make({ scopes: ['tickets:write'] });
    await world.post('/v1/tickets', ticketBody, { key });
    world.sent.length = 0;
    await world.post('/v1/tickets', ticketBody, { key });
    expect(world.sent).toEqual(['TransactWriteItems']);
  });
});

test('what a rotated key does is no echo for the endpoints of the one before it', async () => {
  const old = await make({ scopes: ['tickets:write', 'keys:rotate', 'webhooks:write'] });
  const url = 'http://localhost:4000/local/hooks/echo';
  const hook = await world.post('/v1/webhooks', { url, ignoreOwn: true }, { key: old.key });
  let { key } = old;
  for (let n = 0; n < 2; n++) ({ key } = (await world.post('/v1/api-keys/self/rotate', {}, { key })).body);
  const { number } = (await world.post('/v1/tickets', ticketBody, { key })).body;
  const other = (await world.post('/v1/tickets', ticketBody)).body.number;
  const endpoint = await world.store.webhooks.read('ptn_acme', hook.body.id);
  const told = async (ticket: string) => {
    const { data } = await world.store.cases.events({ partner: 'ptn_acme', number: ticket }, { limit: 10 });
    return data.map((event) => endpoint && wants(endpoint, event));
  };
  expect(await told(number)).toEqual([false]);
  expect(await told(other)).toEqual([true]);
});

describe('a key that is revoked', () => {
  test('says which of its successors still work: whoever found it may have rotated it', async () => {
    const first = await make({ scopes: ['tickets:read', 'keys:rotate'] });
    const rotate = async (key: string) =>
      (await world.post('/v1/api-keys/self/rotate', { overlapHours: 1 }, { key })).body;
    const second = await rotate(first.key);
    const third = await rotate(second.key);
    const revoked = await world.del(`/v1/api-keys/${first.id}`, admin());
    expect(revoked).toMatchObject({
      status: 200,
      body: {
        revoked: { id: first.id, revokedAt: world.time.now },
        successors: [{ id: second.id }, { id: third.id }],
      },
    });
    expect(revoked.text).not.toContain(third.key);
    expect((await world.get('/v1/tickets', { key: third.key })).status).toBe(200);
    later(3_601);
    const again = await world.del(`/v1/api-keys/${first.id}`, admin());
    expect(again.body.successors.map(({ id }: { id: string }) => id)).toEqual([third.id]);
    expect((await world.del(`/v1/api-keys/${third.id}`, admin())).status).toBe(204);
    expect((await world.del(`/v1/api-keys/${first.id}`, admin())).status).toBe(204);
  });
});

describe('the desk’s log', () => {
  /** The events that `work` brings. */
  async function during(work: () => Promise<unknown>) {
    const { seq } = await world.store.log.head();
    await work();
    const events = await world.store.log.events(seq, 100);
    for (const { type, data, internal, partner } of events) {
      expect(catalogue[type].data().parse(data), type).toEqual(data);
      expect(internal).toBe(true);
      const endpoint = { partner: 'ptn_acme', eventTypes: ['*'], ignoredKey: null };
      expect(wants(endpoint, { type, partner, internal })).toBe(false);
      expect(wants({ ...endpoint, partner: null }, { type, partner, internal })).toBe(true);
    }
    return events;
  }

  test('has each change of partners, keys, staff and configuration, with who did it', async () => {
    const plan = { name: 'Gold', calendar: 'default' };
    const events = await during(async () => {
      await world.post('/v1/partners', { id: 'ptn_log', name: 'Log MSP', plan: 'default' }, admin());
      await world.patch('/v1/partners/ptn_log', { name: 'Log Inc.' }, admin());
      const key = await make({ partner: 'ptn_log' });
      const rotated = await world.post(`/v1/api-keys/${key.id}/rotate`, { overlapHours: 1 }, admin());
      await world.del(`/v1/api-keys/${rotated.body.id}`, admin());
      const lou = { name: 'Lou', role: 'agent', email: 'lou@desk.example', phone: '+12025550142' };
      const { body } = await world.post('/v1/staff', lou, admin());
      await world.patch(`/v1/staff/${body.id}`, { phone: '+12025550143', role: 'engineer' }, admin());
      await world.post('/v1/plans', { ...plan, id: 'gold' }, admin());
      await world.put('/v1/services/web', { name: 'Web' }, admin());
      await world.put('/v1/services/web', { name: 'Web' }, admin());
    });
    expect(events.map(({ type, text }) => [type, text])).toEqual([
      ['partner.created', 'The desk has a new partner, Log MSP, says ada.'],
      ['partner.updated', 'The desk had its partner Log Inc. changed by ada (name).'],
      ['api_key.created', 'The desk has a new API key for ptn_log, made by ada.'],
      ['api_key.rotated', expect.stringContaining('the old one works until ')],
      ['api_key.revoked', 'The desk had an API key of ptn_log revoked by ada.'],
      ['staff.created', 'The desk has somebody new on its staff, Lou, says ada.'],
      ['staff.updated', 'The desk had Lou of its staff changed by ada (phone, role).'],
      ['configuration.updated', 'The desk had its plan gold made by ada.'],
      ['configuration.updated', 'The desk had its service web made by ada.'],
    ]);
    expect(JSON.stringify(events)).not.toMatch(/secretHash|55501|@desk/);
    expect(events.every(({ actor }) => actor.id === 'stf_ada')).toBe(true);
    later(5);
    const ids = async (key: string) =>
      (await world.get('/v1/events', { key, query: { limit: '100' } })).body.data.map(
        ({ id }: { id: string }) => id,
      );
    expect(await ids(world.keys.kim)).toEqual(expect.arrayContaining(events.map(({ id }) => id)));
    expect((await ids(world.keys.partner)).filter((id: string) => id.startsWith('evt_desk'))).toEqual([]);
  });

  test('has each change of a webhook by hand, with no more of its address than the host', async () => {
    const events = await during(async () => {
      const url = 'http://localhost:4000/local/hooks/secret-token';
      const { body } = await world.post('/v1/webhooks', { url });
      const path = `/v1/webhooks/${body.id}`;
      await world.patch(path, { eventTypes: ['ticket.*'], ignoreOwn: true });
      await world.patch(path, { eventTypes: ['ticket.*'] });
      await world.post(`${path}/rotate-secret`, {});
      await world.post(`${path}/disable`, undefined);
      await world.post(`${path}/disable`, undefined);
      await world.post(`${path}/enable`, undefined);
      await world.del(path);
      await world.del(path);
    });
    expect(events.map(({ type, data }) => [type, data.changed])).toEqual([
      ['webhook.created', []],
      ['webhook.updated', ['eventTypes', 'ignoreOwn']],
      ['webhook.updated', ['secret']],
      ['webhook.updated', ['status']],
      ['webhook.updated', ['status']],
      ['webhook.deleted', []],
    ]);
    expect(events[0]?.text).toBe(
      'The desk has a new webhook of ptn_acme to localhost:4000, made by Acme MSP.',
    );
    expect(JSON.stringify(events)).not.toMatch(/secret-token|whsec_/);
    expect(events.every(({ key, actor }) => key !== undefined && actor.id === 'ptn_acme')).toBe(true);
  });

  test('is one unbroken chain, also when many change something at once', async () => {
    await Promise.all(
      Array.from({ length: 6 }, (_, n) => world.put(`/v1/services/at-once-${n}`, { name: 'Web' }, admin())),
    );
    const head = await world.store.log.head();
    expect(verifyChain(await world.store.log.events(0, 1_000), head)).toEqual([]);
  });

  test('has nothing of a change that was refused', async () => {
    const events = await during(async () => {
      await world.post('/v1/partners', { id: 'ptn_acme', name: 'Thief', plan: 'default' }, admin());
      await world.patch('/v1/partners/ptn_none', { name: 'X' }, admin());
      const headers = { 'if-match': '"old"' };
      await world.patch('/v1/partners/ptn_acme', { name: 'X' }, { ...admin(), headers });
    });
    expect(events).toEqual([]);
  });
});
