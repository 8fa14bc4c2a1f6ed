import { beforeAll, describe, expect, test } from 'vitest';
import type { Scope } from '../../../shared/contract/words.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

describe('a key', () => {
  const read: Scope[] = ['tickets:read'];
  const use = (key: string) => world.get('/v1/tickets', { key });

  test('that is malformed, unknown, wrong in its secret, expired or revoked gets one and the same answer', async () => {
    const good = await world.keyFor({ partner: 'ptn_acme' }, read);
    const expired = await world.keyFor({ partner: 'ptn_acme' }, read);
    await world.store.keys.put({ ...expired.record, expiresAt: world.time.now });
    const revoked = await world.keyFor({ partner: 'ptn_acme' }, read);
    await world.store.keys.revoke(revoked.record.id, world.time.now);
    const orphan = await world.keyFor({ partner: 'ptn_gone' }, read);
    const answers = new Set<string>();
    const last = good.key.at(-1) === '0' ? '1' : '0';
    for (const key of [
      'nonsense',
      'nd_',
      good.key.slice(0, -1),
      good.key.slice(0, -1) + last,
      good.key.replace(good.record.id, 'key_00000000000000000000'),
      expired.key,
      revoked.key,
      orphan.key,
    ]) {
      const { status, headers, text, body } = await use(key);
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toContain('invalid_token');
      expect(text).not.toContain(key);
      answers.add(text.replace(body.requestId, ''));
    }
    expect(answers.size).toBe(1);
    expect((await use(good.key)).status).toBe(200);
  });

  test('must come as a Bearer token', async () => {
    const { key } = await world.keyFor({ partner: 'ptn_acme' }, read);
    for (const authorization of [`Basic ${key}`, key, 'Bearer', `Bearer ${key} x`]) {
      expect((await world.get('/v1/tickets', { key: null, headers: { authorization } })).status).toBe(401);
    }
    const lower = await world.get('/v1/tickets', { key: null, headers: { authorization: `bearer ${key}` } });
    expect(lower.status).toBe(200);
  });

  test('of somebody who is suspended stops at once', async () => {
    const lee = { ...world.staff.kim, id: 'stf_lee', phone: null, name: 'Lee' };
    await world.store.directory.putStaff(lee);
    const { key } = await world.keyFor({ staff: 'stf_lee' });
    expect((await use(key)).status).toBe(200);
    const change = await world.patch('/v1/staff/stf_lee', { suspended: true }, { key: world.keys.ada });
    expect(change.body.suspended).toBe(true);
    expect((await use(key)).status).toBe(401);
  });

  test('is made, shown once, listed without its secret, used, revoked', async () => {
    const made = await world.post(
      '/v1/api-keys',
      { partner: 'ptn_acme', scopes: ['tickets:read'] },
      { key: world.keys.ada },
    );
    expect(made.body).toMatchObject({
      key: expect.stringMatching(/^nd_.+_[0-9a-f]{64}$/),
      partner: 'ptn_acme',
    });
    expect((await use(made.body.key)).status).toBe(200);
    const listed = await world.get('/v1/api-keys', { key: world.keys.ada, query: { partner: 'ptn_acme' } });
    expect(listed.body.data.map(({ id }: { id: string }) => id)).toContain(made.body.id);
    expect(listed.text).not.toContain('secret');
    expect((await world.del(`/v1/api-keys/${made.body.id}`, { key: world.keys.ada })).status).toBe(204);
    world.time.now = new Date(Date.parse(world.time.now) + 61_000).toISOString();
    expect((await use(made.body.key)).status).toBe(401);
    expect((await world.del('/v1/api-keys/key_none', { key: world.keys.ada })).body.code).toBe('not_found');
  });
});
