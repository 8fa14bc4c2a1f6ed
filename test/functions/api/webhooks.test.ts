import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { webhookBody } from '../../../shared/contract/events/catalogue.ts';
import { exampleData } from '../../../shared/contract/events/example.ts';
import { announcedEventTypes, eventTypes } from '../../../shared/contract/words.ts';
import { system } from '../../../shared/domain/event.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { wants } from '../../../shared/domain/webhook/endpoint.ts';
import { aDelivery } from '../../store/samples.ts';
import { makeWorld, mondayNight, type World } from './world.ts';

let w: World;
beforeEach(async () => {
  w = await makeWorld();
});

const made = async (more: object = {}, key = w.keys.partner) => {
  const body = { url: 'https://hooks.acme.example/n', eventTypes: ['*'], ...more };
  const answer = await w.post('/v1/webhooks', body, { key });
  expect(answer.status).toBe(201);
  return answer.body;
};
const stored = (id: string) => w.store.webhooks.read('ptn_acme', id);

describe('an endpoint', () => {
  it('has its settings, and shows its secret once', async () => {
    const { id, secret } = await made({ payload: 'thin', ignoreOwn: true, description: 'Console' });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    const { body } = await w.get(`/v1/webhooks/${id}`);
    expect(body).toMatchObject({ payload: 'thin', ignoreOwn: true, status: 'enabled', failingSince: null });
    expect(body.secret).toBeUndefined();
    expect((await stored(id))?.ignoredKey).toBe(w.keys.partner.slice(3, -65));
  });

  it('has an address of whole characters, as has a ticket elsewhere', async () => {
    const url = 'https://hooks.acme.example/\ud800';
    const { id, url: shown } = await made({ url });
    expect(shown).toBe(url.toWellFormed());
    expect((await w.get(`/v1/webhooks/${id}`)).body.url).toBe(shown);
    const externalRef = { system: 'psa', id: 'T-1', url };
    const number = await w.open({ externalRef });
    expect((await w.get(`/v1/tickets/${number}`)).body.externalRef.url).toBe(shown);
  });

  it('is one of twenty at most for an owner', async () => {
    for (let n = 0; n < 19; n++) await made();
    const url = 'https://hooks.acme.example/n';
    const atOnce = await Promise.all([1, 2, 3].map(() => w.post('/v1/webhooks', { url })));
    expect(atOnce.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const more = await w.post('/v1/webhooks', { url });
    expect(more).toMatchObject({ status: 409, body: { code: 'too_many_webhooks' } });
    const { body } = await w.get('/v1/webhooks');
    await made({}, w.keys.other);
    expect((await w.del(`/v1/webhooks/${body.data[0].id}`)).status).toBe(204);
    await made();
  });

  it('is changed in part, on the version that was read', async () => {
    const { id } = await made();
    const read = await w.get(`/v1/webhooks/${id}`);
    const changed = await w.patch(
      `/v1/webhooks/${id}`,
      { eventTypes: ['sla.*'], ignoreOwn: true },
      { headers: { 'if-match': String(read.headers.etag) } },
    );
    expect(changed.body).toMatchObject({
      url: 'https://hooks.acme.example/n',
      eventTypes: ['sla.*'],
      ignoreOwn: true,
    });
    expect(changed.headers.etag).not.toBe(read.headers.etag);
    const late = await w.patch(
      `/v1/webhooks/${id}`,
      { description: 'x' },
      { headers: { 'if-match': String(read.headers.etag) } },
    );
    expect(late.body.code).toBe('precondition_failed');
    expect((await w.patch(`/v1/webhooks/${id}`, {})).status).toBe(422);
    const inside = await w.patch(`/v1/webhooks/${id}`, { url: 'https://inside.example/' });
    expect(inside.body.code).toBe('webhook_url_refused');
  });

  it('of another partner is not there', async () => {
    const { id } = await made();
    const key = w.keys.other;
    for (const path of ['enable', 'disable', 'rotate-secret', 'test'])
      expect((await w.post(`/v1/webhooks/${id}/${path}`, {}, { key })).status).toBe(404);
    expect((await w.patch(`/v1/webhooks/${id}`, { description: 'x' }, { key })).status).toBe(404);
    expect((await w.get(`/v1/webhooks/${id}/deliveries`, { key })).status).toBe(404);
    const recover = { since: mondayNight };
    expect((await w.post(`/v1/webhooks/${id}/recover`, recover, { key })).status).toBe(404);
  });

  it('gets a new secret, and the one before signs along for a day', async () => {
    const { id, secret } = await made();
    const first = await w.post(`/v1/webhooks/${id}/rotate-secret`, {});
    expect(first.body.secret).not.toBe(secret);
    expect(first.body.formerSecretsUntil).toEqual([addSeconds(mondayNight, 86_400)]);
    const headers = { 'idempotency-key': 'rotate' };
    const second = await w.post(`/v1/webhooks/${id}/rotate-secret`, { overlapHours: 0 }, { headers });
    const again = await w.post(`/v1/webhooks/${id}/rotate-secret`, { overlapHours: 0 }, { headers });
    expect(again.text).toBe(second.text);
    expect((await stored(id))?.secret).toBe(second.body.secret);
    expect((await stored(id))?.formerSecrets).toMatchObject([{ secret }]);
    w.time.now = addSeconds(mondayNight, 86_400);
    expect((await w.get(`/v1/webhooks/${id}`)).body.formerSecretsUntil).toEqual([]);
    expect((await w.get('/v1/webhooks')).body.data[0].formerSecretsUntil).toEqual([]);
  });

  it('is switched off and on, and its owner is told', async () => {
    const { id } = await made();
    const off = await w.post(`/v1/webhooks/${id}/disable`, undefined);
    expect(off.body).toMatchObject({ status: 'disabled', disabledBecause: 'Acme MSP disabled it.' });
    expect((await w.post(`/v1/webhooks/${id}/disable`, undefined)).body).toEqual(off.body);
    const on = await w.post(`/v1/webhooks/${id}/enable`, undefined);
    expect(on.body).toMatchObject({ status: 'enabled', disabledBecause: null });
    await w.open();
    w.time.now = addSeconds(w.time.now, 6);
    const { body } = await w.get('/v1/events', { query: { type: 'webhook.disabled' } });
    expect(body.data).toMatchObject([{ subjectSeq: 1, data: { webhook: { id, status: 'disabled' } } }]);
    const found = await w.store.events.list({ of: 'ptn_acme', internal: false, limit: 10 });
    const event = found.data.find(({ type }) => type === 'webhook.disabled');
    expect(event?.actor).toMatchObject({ kind: 'partner', name: 'Acme MSP' });
    const listening = { partner: 'ptn_acme', eventTypes: ['*'] };
    const line = w.keys.partner.slice(3, -65);
    expect(event && wants({ ...listening, ignoredKey: line }, event)).toBe(false);
    expect(event && wants({ ...listening, ignoredKey: 'another' }, event)).toBe(true);
  });
});

describe('deliveries', () => {
  let id: string;
  beforeEach(async () => {
    ({ id } = await made());
    const of = (name: string, status: 'failed' | 'skipped' | 'delivered' | 'queued') =>
      aDelivery(`whd_${name}`, {
        ...{ endpoint: id, partner: 'ptn_acme', status },
        ...{ createdAt: mondayNight, queuedAt: mondayNight },
      });
    await w.store.webhooks.addDeliveries(
      [of('a', 'failed'), of('b', 'skipped'), of('c', 'delivered'), of('d', 'queued')],
      mondayNight,
    );
    w.time.now = addSeconds(mondayNight, 10);
  });

  it('are listed and read by their owner alone', async () => {
    const { body } = await w.get(`/v1/webhooks/${id}/deliveries`, { query: { status: 'failed' } });
    expect(body.data.map((each: { id: string }) => each.id)).toEqual(['whd_a']);
    expect((await w.get('/v1/deliveries/whd_a')).body).toMatchObject({
      webhook: id,
      body: '{}',
      attempts: [],
    });
    expect((await w.get('/v1/deliveries/whd_a', { key: w.keys.other })).status).toBe(404);
    expect((await w.get('/v1/deliveries/whd_a', { key: w.keys.ada })).status).toBe(404);
  });

  it('are attempted again when somebody wants it, but not into a disabled endpoint', async () => {
    const retried = await w.post('/v1/deliveries/whd_a/retry', undefined);
    expect(retried.status).toBe(202);
    expect(retried.body.status).toBe('queued');
    expect((await w.post('/v1/deliveries/whd_d/retry', undefined)).status).toBe(202);
    expect((await w.post('/v1/deliveries/whd_a/retry', undefined, { key: w.keys.other })).status).toBe(404);
    await w.post(`/v1/webhooks/${id}/disable`, undefined);
    expect((await w.post('/v1/deliveries/whd_b/retry', undefined)).body.code).toBe('webhook_disabled');
    const test = { endpoint: id, partner: 'ptn_acme', trigger: 'test', status: 'failed' } as const;
    await w.store.webhooks.addDeliveries([aDelivery('whd_test', test)], mondayNight);
    expect((await w.post('/v1/deliveries/whd_test/retry', undefined)).status).toBe(202);
    expect((await w.store.webhooks.delivery('whd_test'))?.status).toBe('queued');
    await w.del(`/v1/webhooks/${id}`);
    for (const delivery of ['whd_b', 'whd_test'])
      expect((await w.post(`/v1/deliveries/${delivery}/retry`, undefined)).status).toBe(404);
  });

  it('with the longest log there is are attempted again, and their key answers the same again', async () => {
    const headers = { 'x-said': '"'.repeat(8_000) };
    const exchange = {
      ...{ url: `https://hooks.acme.example/${'n'.repeat(2_000)}`, remoteAddress: '93.184.216.34' },
      ...{ requestHeaders: {}, response: { headers, body: '"'.repeat(16_384), truncated: false } },
    };
    const one = { at: mondayNight, trigger: 'schedule', totalMs: 5, statusCode: 500 } as const;
    const attempts = Array.from({ length: 100 }, (_, n) => ({
      ...one,
      ...{ n: n + 1, errorCode: 'status_500', exchange: n < 90 ? null : exchange },
    }));
    const log = { attempts, body: JSON.stringify('"'.repeat(32_000)), status: 'failed' } as const;
    const old = aDelivery('whd_long', { endpoint: id, partner: 'ptn_acme', ...log, createdAt: mondayNight });
    await w.store.webhooks.addDeliveries([old], mondayNight);
    const retry = () =>
      w.post('/v1/deliveries/whd_long/retry', undefined, { headers: { 'idempotency-key': 'long' } });
    const first = await retry();
    expect(first).toMatchObject({ status: 202, body: { status: 'queued', body: log.body } });
    expect(first.body.attempts.at(-1).response).toMatchObject({ truncated: true });
    expect((await retry()).text).toBe(first.text);
    expect((await w.store.webhooks.delivery('whd_long'))?.attempts).toEqual(attempts);
  });

  it('that got lost on their way are pushed by hand: those that have been queued for a minute', async () => {
    const pushed = async () => {
      await w.post('/v1/deliveries/whd_d/retry', undefined);
      return (await w.store.webhooks.delivery('whd_d'))?.trigger;
    };
    expect(await pushed()).toBe('event');
    w.time.now = addSeconds(mondayNight, 60);
    expect(await pushed()).toBe('manual');
  });

  it('are recovered, also when there was not the time to count any', async () => {
    const far = addSeconds(mondayNight, -86_400);
    const old = { endpoint: id, partner: 'ptn_acme', status: 'delivered', createdAt: far } as const;
    for (let n = 0; n < 101; n++) await w.store.webhooks.addDeliveries([aDelivery(`whd_old${n}`, old)], far);
    let now = 0;
    const slow = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 6000;
      return now;
    });
    w.sent.length = 0;
    const { body } = await w.post(`/v1/webhooks/${id}/recover`, { since: far });
    slow.mockRestore();
    expect(body).toMatchObject({ count: 0, counted: 'at_least' });
    expect(w.sent.filter((command) => command === 'PutItem')).toHaveLength(1);
    const until = addSeconds(far, 1);
    expect((await w.post(`/v1/webhooks/${id}/recover`, { since: far, until })).body.counted).toBe('all');
    expect(w.sent.filter((command) => command === 'PutItem')).toHaveLength(1);
  });

  it('of tests are no part of a recovery', async () => {
    const test = { endpoint: id, partner: 'ptn_acme', trigger: 'test', status: 'failed' } as const;
    await w.store.webhooks.addDeliveries(
      [aDelivery('whd_test', { ...test, createdAt: mondayNight })],
      mondayNight,
    );
    const { body } = await w.post(`/v1/webhooks/${id}/recover`, { since: mondayNight, dryRun: true });
    expect(body.count).toBe(2);
  });

  it('are recovered in a range: counted first, then brought back', async () => {
    const recover = (body: object) => w.post(`/v1/webhooks/${id}/recover`, { since: mondayNight, ...body });
    const dry = await recover({ dryRun: true });
    expect(dry.status).toBe(202);
    expect(dry.body).toMatchObject({
      count: 2,
      counted: 'all',
      until: addSeconds(mondayNight, 5),
      statuses: ['failed', 'skipped'],
    });
    expect((await recover({ dryRun: true, statuses: ['delivered'] })).body.count).toBe(1);
    expect((await recover({ until: addSeconds(mondayNight, -1) })).status).toBe(422);
    expect((await recover({})).body).toMatchObject({ count: 2, dryRun: false });
    await w.post(`/v1/webhooks/${id}/disable`, undefined);
    expect((await recover({})).body.code).toBe('webhook_disabled');
    expect((await recover({ dryRun: true })).status).toBe(202);
  });
});

describe('the catalogue of events', () => {
  it.each(eventTypes)(
    'has a description, a schema and an example of %s that fit each other',
    async (type) => {
      const { body } = await w.get(`/v1/event-types/${type}`);
      expect(body.description).toContain(body.summary);
      expect(webhookBody(type).parse(body.example)).toEqual(body.example);
      // The schema that is served, read by itself, takes the example and refuses another event's.
      const served = z.fromJSONSchema(body.schema);
      expect(served.safeParse(body.example).error?.issues).toBeUndefined();
      expect(served.safeParse({ ...body.example, data: {} }).success).toBe(false);
      expect(body.example.text).toMatch(/^\S.*\.$/);
      expect(JSON.stringify(body.example)).not.toMatch(/undefined|null null/);
    },
  );
});

it.each(announcedEventTypes)('%s is announced, and its page says that it is not sent yet', async (type) => {
  expect(await w.get(`/v1/event-types/${type}`)).toMatchObject({
    status: 404,
    body: { code: 'not_found', detail: expect.stringMatching(`^${type} is announced.*does not send it yet`) },
  });
  expect((await w.get('/v1/event-types/ticket.sneezed')).body.detail).not.toContain('announced');
});

describe('the log of events', () => {
  it("is the partner's own, without what is for staff, and staff say whose", async () => {
    const number = await w.open();
    await w.post(`/v1/tickets/${number}/comments`, { body: 'for us', internal: true }, { key: w.keys.kim });
    await w.post(`/v1/tickets/${number}/comments`, { body: 'Hello' });
    w.time.now = addSeconds(w.time.now, 5);
    const types = (reply: { body: { data: { type: string }[] } }) => reply.body.data.map(({ type }) => type);
    const own = await w.get('/v1/events');
    expect(types(own)).toEqual(['ticket.created', 'ticket.commented']);
    expect(own.text).not.toContain('for us');
    expect(types(await w.get('/v1/events', { key: w.keys.other }))).toEqual([]);
    const staff = await w.get('/v1/events', { key: w.keys.kim, query: { partner: 'ptn_acme' } });
    expect(types(staff)).toEqual(['ticket.created', 'ticket.commented', 'ticket.commented']);
    expect(types(await w.get('/v1/events', { key: w.keys.kim }))).toEqual([]);
    const unknown = await w.get('/v1/events', { key: w.keys.kim, query: { partner: 'provider' } });
    expect(unknown.body.code).toBe('unknown_reference');
    const theirs = await w.get('/v1/events', { query: { partner: 'ptn_other' } });
    expect(theirs.body.code).toBe('forbidden');
  });

  it("has the desk's own for staff who name no partner, also in a month with nothing else", async () => {
    const gap = { type: 'coverage.gap' as const, actor: system, data: { days: 14, count: 0, gaps: [] } };
    const { log } = w.store;
    await log.commit(await log.head(), { events: [{ ...gap, internal: true }] }, w.time.now);
    w.time.now = addSeconds(w.time.now, 5);
    const own = await w.get('/v1/events', { key: w.keys.kim });
    expect(own.body.data).toMatchObject([{ type: 'coverage.gap', subjectSeq: 1 }]);
    // Where a thin body of it says to look: the same, first.
    const query = { type: 'coverage.gap', since: own.body.data[0].timestamp };
    expect((await w.get('/v1/events', { key: w.keys.kim, query })).body.data[0]).toEqual(own.body.data[0]);
    expect((await w.get('/v1/events')).body.data).toEqual([]);
  });

  it('has what is everybody’s among what is one’s own, in order, page by page, and nothing else of the desk’s', async () => {
    const { log } = w.store;
    const opens = async (internal: boolean) => {
      const event = {
        type: 'desk.opened' as const,
        actor: system,
        data: exampleData('desk.opened'),
        internal,
      };
      await log.commit(await log.head(), { events: [event] }, w.time.now);
      w.time.now = addSeconds(w.time.now, 40 * 86_400);
    };
    await opens(false);
    await w.open();
    await opens(false);
    await w.open();
    await opens(true);
    const walked = async (key?: string, partner?: string) => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const query = { limit: '1', ...(partner && { partner }), ...(cursor && { cursor }) };
        const { body } = await w.get('/v1/events', { ...(key && { key }), query });
        found.push(...body.data.map(({ type }: { type: string }) => type));
        cursor = body.nextCursor;
      }
      return found;
    };
    const own = ['desk.opened', 'ticket.created', 'desk.opened', 'ticket.created'];
    expect(await walked()).toEqual(own);
    expect(await walked(w.keys.other)).toEqual(['desk.opened', 'desk.opened']);
    expect(await walked(w.keys.kim, 'ptn_acme')).toEqual(own);
    expect(await walked(w.keys.kim)).toEqual(Array(3).fill('desk.opened'));
    const query = { type: 'desk.opened' };
    expect((await w.get('/v1/events', { query })).body.data).toHaveLength(2);
  });

  it('that has nothing yet goes on from where it began, with what came since', async () => {
    await w.open();
    const since = addSeconds(w.time.now, 1);
    const read = async (query: Record<string, string>) => (await w.get('/v1/events', { query })).body;
    const type = 'escalation.started';
    const [all, later, none] = [await read({}), await read({ since }), await read({ type })];
    for (const { data, nextCursor } of [all, later, none])
      expect({ data, nextCursor }).toEqual({ data: [], nextCursor: null });
    w.time.now = since;
    await w.open();
    expect(await read({ cursor: later.resumeCursor })).toEqual(later);
    w.time.now = addSeconds(since, 5);
    expect((await read({ cursor: all.resumeCursor })).data).toHaveLength(2);
    expect((await read({ cursor: later.resumeCursor })).data).toMatchObject([{ timestamp: since }]);
    expect((await read({ cursor: none.resumeCursor, type })).data).toEqual([]);
  });

  it('goes on from where it ended', async () => {
    await w.open();
    w.time.now = addSeconds(w.time.now, 5);
    const first = await w.get('/v1/events');
    expect(first.body).toMatchObject({ data: [{ subjectSeq: 1 }], nextCursor: null });
    await w.open();
    w.time.now = addSeconds(w.time.now, 5);
    const next = await w.get('/v1/events', { query: { cursor: first.body.resumeCursor } });
    expect(next.body.data).toHaveLength(1);
    expect(next.body.data[0].id).not.toBe(first.body.data[0].id);
    const stolen = await w.get('/v1/events', {
      key: w.keys.other,
      query: { cursor: first.body.resumeCursor },
    });
    expect(stolen.body.code).toBe('bad_cursor');
  });
});
