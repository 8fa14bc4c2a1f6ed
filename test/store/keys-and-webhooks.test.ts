import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ApiKey } from '../../shared/domain/directory.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import { aDelivery, anEndpoint, aStaff } from './samples.ts';
import { start, type World, world } from './world.ts';

let w: World;
beforeEach(async () => {
  w = await world();
});

const key = (id: string, change: Partial<ApiKey> = {}): ApiKey => ({
  id,
  partner: 'par_acme',
  staff: null,
  scopes: ['tickets:read', 'tickets:write'],
  secretHash: 'a'.repeat(64),
  createdAt: start,
  expiresAt: '2027-01-01T00:00:00.000Z',
  revokedAt: null,
  ...change,
});

describe('API keys', () => {
  test('come from a cache of 60 seconds; a revocation counts at once here and within 60 seconds elsewhere', async () => {
    await w.store.keys.put(key('k1'));
    const other = w.another();
    expect(await other.keys.byId('k1')).toEqual(key('k1'));
    expect(await w.store.keys.byId('k1')).toEqual(key('k1'));
    w.requests.length = 0;
    await w.store.keys.byId('k1');
    expect(w.requests).toEqual([]);
    expect(await w.store.keys.revoke('k1', start)).toMatchObject({ revokedAt: start });
    expect(await w.store.keys.byId('k1')).toMatchObject({ revokedAt: start });
    expect(await other.keys.byId('k1')).toMatchObject({ revokedAt: null });
    w.clock.advance(60);
    expect(await other.keys.byId('k1')).toMatchObject({ revokedAt: start });
    expect(await w.store.keys.revoke('unknown', start)).toBeNull();
  });

  test('are listed newest first, a partner’s own or everybody’s', async () => {
    await w.store.keys.put(key('k1'));
    await w.store.keys.put(key('k2', { createdAt: addSeconds(start, 1) }));
    await w.store.keys.put(key('k3', { partner: null, staff: 'stf_dana', createdAt: addSeconds(start, 2) }));
    await w.store.keys.put(key('k4', { partner: 'par_other' }));
    const ids = async (filter: { partner?: string }) =>
      (await w.store.keys.list({ ...filter, limit: 10 })).data.map(({ id }) => id);
    expect(await ids({ partner: 'par_acme' })).toEqual(['k2', 'k1']);
    expect(await ids({})).toEqual(['k3', 'k2', 'k4', 'k1']);
  });

  test('begin with one admin, once in the life of a table', async () => {
    const first = key('k1', { partner: null, staff: 'stf_ada' });
    expect(await w.store.keys.setUp(aStaff('stf_ada', null, { role: 'admin' }), first)).toBe(true);
    expect(await w.store.keys.setUp(aStaff('stf_eve', null, { role: 'admin' }), key('k2'))).toBe(false);
    expect(await w.store.keys.byId('k1')).toEqual(first);
    expect(await w.store.keys.byId('k2')).toBeNull();
    expect(await w.store.directory.staffMember('stf_eve')).toBeNull();
  });
});

describe('webhook endpoints', () => {
  test('belong to their owner alone', async () => {
    const desk = anEndpoint('whk_desk', { partner: null });
    await w.store.webhooks.create(anEndpoint('whk_1'));
    await w.store.webhooks.create(desk);
    expect(await w.store.webhooks.list('par_acme')).toEqual([anEndpoint('whk_1')]);
    expect(await w.store.webhooks.list(null)).toEqual([desk]);
    expect(await w.store.webhooks.list('par_other')).toEqual([]);
    expect(await w.store.webhooks.read('par_other', 'whk_1')).toBeNull();
    expect(await w.store.webhooks.remove('par_other', 'whk_1')).toBe(false);
    expect(await w.store.webhooks.remove('par_acme', 'whk_1')).toBe(true);
    expect(await w.store.webhooks.read('par_acme', 'whk_1')).toBeNull();
  });

  test('are disabled with the reason, also when they are gone already', async () => {
    await w.store.webhooks.create(anEndpoint('whk_1'));
    await w.store.webhooks.disable('par_acme', 'whk_1', 'answered 410');
    expect(await w.store.webhooks.read('par_acme', 'whk_1')).toEqual(
      anEndpoint('whk_1', { status: 'disabled', disabledBecause: 'answered 410' }),
    );
    await w.store.webhooks.disable('par_acme', 'gone', 'answered 410');
    expect(await w.store.webhooks.read('par_acme', 'gone')).toBeNull();
  });
});

describe('deliveries', () => {
  test('are added once, however often their event comes', async () => {
    await w.store.webhooks.addDeliveries([aDelivery('whd_1')]);
    await w.store.webhooks.commitDelivery({ ...aDelivery('whd_1'), status: 'delivered' }, []);
    await w.store.webhooks.addDeliveries([aDelivery('whd_1'), aDelivery('whd_2')]);
    expect(await w.store.webhooks.delivery('whd_1')).toMatchObject({ status: 'delivered', version: 1 });
    expect(await w.store.webhooks.delivery('whd_2')).toEqual(aDelivery('whd_2'));
  });

  test('change on their version, with their timer', async () => {
    await w.store.webhooks.addDeliveries([aDelivery('whd_1')]);
    const timer = {
      home: { delivery: 'whd_1' },
      subject: 'whd_1',
      kind: 'retry',
      dueAt: start,
      generation: 1,
    } as const;
    const change = () =>
      w.store.webhooks.commitDelivery({ ...aDelivery('whd_1'), status: 'waiting' }, [{ set: timer }]);
    await change();
    expect(await w.store.timers.read(timer)).toEqual(timer);
    await expect(change()).rejects.toMatchObject({ failed: ['delivery.version'] });
  });

  test('are marked for the outbox while they are queued', async () => {
    const mark = async () => {
      const Key = { pk: 'WHD#whd_1', sk: 'DELIVERY' };
      return (await w.documents.send(new GetCommand({ TableName: w.table, Key }))).Item?.outbox;
    };
    await w.store.webhooks.addDeliveries([aDelivery('whd_1')]);
    expect(await mark()).toBe('delivery');
    await w.store.webhooks.commitDelivery({ ...aDelivery('whd_1'), status: 'waiting' }, []);
    expect(await mark()).toBeUndefined();
  });
});
