import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ApiKey } from '../../shared/domain/directory.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import { answerBytes, cutShort } from '../../shared/domain/webhook/attempt-log.ts';
import { largestBodyBytes } from '../../shared/domain/webhook/body.ts';
import { again, attempted } from '../../shared/domain/webhook/delivery.ts';
import { disabled } from '../../shared/domain/webhook/health.ts';
import type { WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { aDelivery, anAttempt, anEndpoint, aStaff } from './samples.ts';
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
  name: null,
  lastUsedAt: null,
  rotatedTo: null,
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

  test('change on their version, again when somebody else was first, with their own chain of events', async () => {
    await w.store.webhooks.create(anEndpoint('whk_1'));
    const turnOff = () =>
      w.store.webhooks.change('par_acme', 'whk_1', (endpoint) =>
        endpoint.status === 'disabled' ? null : disabled(endpoint, 'answered 410'),
      );
    await Promise.all([turnOff(), turnOff(), turnOff()]);
    expect(await w.store.webhooks.read('par_acme', 'whk_1')).toMatchObject({
      status: 'disabled',
      disabledBecause: 'answered 410',
      seq: 1,
      version: 2,
    });
    w.clock.advance(6);
    const log = await w.store.events.list({ of: 'par_acme', internal: false, limit: 10 });
    expect(log.data.map(({ type }) => type)).toEqual(['webhook.disabled']);
    expect(await w.store.webhooks.change('par_acme', 'gone', () => null)).toBeNull();
  });

  test('whose change takes long have events of the moment that they are written, as the log has', async () => {
    const by = { kind: 'partner', id: 'par_acme', name: 'Acme' } as const;
    await w.store.webhooks.create(anEndpoint('whk_1'));
    w.faults.nextConflicts = 1;
    const slowly = (endpoint: WebhookEndpoint) => {
      w.clock.advance(6);
      return disabled(endpoint, 'x');
    };
    await w.store.webhooks.change('par_acme', 'whk_1', slowly, { by, key: 'key' });
    const at = w.clock.now();
    w.clock.advance(6);
    const { data } = await w.store.events.list({ of: 'par_acme', internal: false, limit: 10 });
    expect(data).toMatchObject([{ type: 'webhook.disabled', at, key: 'key', actor: by }]);
    expect(await w.store.log.events(0, 10)).toMatchObject([{ type: 'webhook.updated', at, key: 'key' }]);
  });

  test("that are the desk's have events for staff alone", async () => {
    await w.store.webhooks.create(anEndpoint('whk_desk', { partner: null }));
    await w.store.webhooks.change(null, 'whk_desk', (endpoint) => disabled(endpoint, 'answered 410'));
    w.clock.advance(6);
    const listed = (internal: boolean) => w.store.events.list({ of: 'provider', internal, limit: 10 });
    expect((await listed(true)).data.map(({ type }) => type)).toEqual(['webhook.disabled']);
    expect((await listed(false)).data).toEqual([]);
  });

  describe('have ten slots in flight', () => {
    const takeAll = (deliveries: string[], at = start, batch = 'bat_1') =>
      w.store.webhooks.take('par_acme', 'whk_1', { batch, deliveries }, at);
    const giveBack = (deliveries: string[], slow = false, batch: string | null = null) =>
      w.store.webhooks.giveBack(anEndpoint('whk_1'), { batch, deliveries }, slow);
    const take = async (delivery: string, at = start) => (await takeAll([delivery], at))[0];
    beforeEach(() => w.store.webhooks.create(anEndpoint('whk_1')));

    test('and no more; one that is given back is free, and one that was lost after its time', async () => {
      const slots = await Promise.all(Array.from({ length: 12 }, (_, n) => take(`whd_${n}`)));
      expect(slots.filter((slot) => slot && 'taken' in slot)).toHaveLength(10);
      expect(slots.filter((slot) => slot && 'refused' in slot && slot.refused === 'full')).toHaveLength(2);
      await giveBack(['whd_0']);
      await giveBack(['whd_1']);
      const free = slots.findIndex((slot) => slot && 'refused' in slot);
      expect(await take(`whd_${free}`)).toMatchObject({ taken: { id: 'whk_1' } });
      const later = addSeconds(start, 20);
      for (let n = 0; n < 10; n++) expect(await take(`whd_later${n}`, later)).toHaveProperty('taken');
      expect(await take('whd_last', later)).toMatchObject({ refused: 'full' });
    });

    test('that several take in one write while there is room for all, and else as many as there is room for', async () => {
      const five = (from: number) => Array.from({ length: 5 }, (_, n) => `whd_${from + n}`);
      w.requests.length = 0;
      await takeAll(five(0));
      expect(w.requests.map(({ operation }) => operation)).toEqual(['UpdateItem']);
      await takeAll(five(20), addSeconds(start, 10));
      // The first five have died meanwhile; of those that came later one is there again.
      const slots = await takeAll([...five(30), 'whd_35', 'whd_20'], addSeconds(start, 20));
      expect(slots.map((slot) => ('taken' in slot ? 'taken' : slot.refused))).toEqual([
        ...Array(5).fill('taken'),
        'full',
        'busy',
      ]);
      w.requests.length = 0;
      await giveBack([...five(20), ...five(30)]);
      expect(w.requests.map(({ operation }) => operation)).toEqual(['UpdateItem']);
      expect(await takeAll([...five(0), ...five(5)], addSeconds(start, 20))).toEqual(
        Array(10).fill({ taken: expect.objectContaining({ id: 'whk_1' }) }),
      );
    });

    test('of which one that died is taken anew by the same delivery when all others are in flight', async () => {
      await take('whd_died');
      await takeAll(
        Array.from({ length: 9 }, (_, n) => `whd_${n}`),
        addSeconds(start, 10),
      );
      expect(await take('whd_died', addSeconds(start, 20))).toHaveProperty('taken');
    });

    test('in five batches at most, however few each has: a batch is free with its last, or after its time', async () => {
      const one = async (n: number, at = start) => (await takeAll([`whd_${n}`], at, `bat_${n}`))[0];
      for (let n = 0; n < 5; n++) expect(await one(n)).toHaveProperty('taken');
      expect(await one(5)).toMatchObject({ refused: 'full' });
      expect((await takeAll(['whd_6'], start, 'bat_0'))[0]).toHaveProperty('taken');
      await giveBack(['whd_0']);
      expect(await one(5)).toMatchObject({ refused: 'full' });
      await giveBack(['whd_6'], false, 'bat_0');
      expect(await one(5)).toHaveProperty('taken');
      const later = addSeconds(start, 20);
      for (let n = 10; n < 15; n++) expect(await one(n, later)).toHaveProperty('taken');
      expect(await one(15, later)).toMatchObject({ refused: 'full' });
    });

    test('for each delivery once', async () => {
      expect(await take('whd_1')).toHaveProperty('taken');
      expect(await take('whd_1')).toMatchObject({ refused: 'busy' });
    });

    test('and none while they are slow, disabled or gone', async () => {
      await giveBack(['whd_1'], true);
      expect(await take('whd_2')).toMatchObject({ refused: 'slow' });
      await w.store.webhooks.change('par_acme', 'whk_1', (endpoint) => disabled(endpoint, 'x'));
      expect(await take('whd_2')).toMatchObject({ refused: 'disabled' });
      await w.store.webhooks.remove('par_acme', 'whk_1');
      expect(await take('whd_2')).toEqual({ refused: 'gone' });
      await giveBack(['whd_2']);
      expect(await w.store.webhooks.read('par_acme', 'whk_1')).toBeNull();
    });

    test('that a change of their settings leaves alone', async () => {
      await take('whd_1');
      const rename = (description: string) =>
        w.store.webhooks.change('par_acme', 'whk_1', (endpoint) => ({
          endpoint: { ...endpoint, description },
          events: [],
          timers: [],
        }));
      await rename('Console');
      expect(await take('whd_1')).toEqual({ refused: 'busy' });
      expect(await take('whd_2')).toMatchObject({ taken: { description: 'Console' } });
    });
  });
});

describe('deliveries', () => {
  test('are added once, however often their event comes', async () => {
    await w.store.webhooks.addDeliveries([aDelivery('whd_1')], start);
    await w.store.webhooks.commitDelivery(
      { delivery: aDelivery('whd_1', { status: 'delivered' }), timers: [] },
      start,
    );
    await w.store.webhooks.addDeliveries([aDelivery('whd_1'), aDelivery('whd_2')], start);
    expect(await w.store.webhooks.delivery('whd_1')).toMatchObject({ status: 'delivered', version: 1 });
    expect(await w.store.webhooks.delivery('whd_2')).toEqual(aDelivery('whd_2'));
  });

  test('fit in a row with the longest log there may be', async () => {
    const long = (text: string) => ({ headers: { x: text }, body: text, truncated: false });
    let delivery = aDelivery('whd_1', { body: 'x'.repeat(largestBodyBytes) });
    for (let n = 0; n < 110; n++) {
      const exchange = { ...anAttempt().exchange, url: `https://a.example/${'ü'.repeat(2000)}` };
      const answered = cutShort({ ...exchange, response: long('\uFFFD'.repeat(9000)) }, answerBytes);
      const queued = again({ ...delivery, status: 'failed' }, 'manual', start)?.delivery ?? delivery;
      const met = anAttempt({ exchange: answered });
      delivery = attempted(queued, met, { now: start, jitter: 0 }).delivery;
    }
    await w.store.webhooks.addDeliveries([delivery], start);
    expect(await w.store.webhooks.delivery('whd_1')).toEqual(delivery);
  });

  test('change on their version, with their timer', async () => {
    await w.store.webhooks.addDeliveries([aDelivery('whd_1')], start);
    const timer = {
      home: { delivery: 'whd_1' },
      subject: 'whd_1',
      kind: 'retry',
      dueAt: start,
      generation: 1,
    } as const;
    const change = () =>
      w.store.webhooks.commitDelivery(
        { delivery: aDelivery('whd_1', { status: 'waiting' }), timers: [{ set: timer }] },
        start,
      );
    await change();
    expect(await w.store.timers.read(timer)).toEqual(timer);
    await expect(change()).rejects.toMatchObject({ failed: ['delivery.version'] });
  });

  test('are marked for the outbox while they are queued', async () => {
    const mark = async () => {
      const Key = { pk: 'WHD#whd_1', sk: 'DELIVERY' };
      return (await w.documents.send(new GetCommand({ TableName: w.table, Key }))).Item?.outbox;
    };
    await w.store.webhooks.addDeliveries([aDelivery('whd_1')], start);
    expect(await mark()).toBe('delivery');
    await w.store.webhooks.commitDelivery(
      { delivery: aDelivery('whd_1', { status: 'waiting' }), timers: [] },
      start,
    );
    expect(await mark()).toBeUndefined();
  });
});
