import { ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { Conflict } from '../../../shared/store/conflict.ts';
import { makeWorld, ticketBody, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const admin = () => ({ key: world.keys.ada });

describe('methods', () => {
  test('HEAD answers as GET does, without the body, also where it refuses', async () => {
    const number = await world.open();
    const [got, head] = [
      await world.get(`/v1/tickets/${number}`),
      await world.call('HEAD', `/v1/tickets/${number}`),
    ];
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers).toMatchObject({ etag: got.headers.etag, 'content-type': 'application/json' });
    expect(await world.call('HEAD', `/v1/tickets/${number}`, { key: null })).toMatchObject({
      status: 401,
      text: '',
    });
    expect(await world.call('HEAD', '/v1/nothing')).toMatchObject({ status: 404, text: '' });
  });

  test('OPTIONS says what a path takes, without a key; a path that there is not is 404', async () => {
    const told = await world.call('OPTIONS', '/v1/tickets/ND-6PC7-PS91', { key: null });
    expect(told).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, OPTIONS, PATCH' } });
    expect((await world.call('OPTIONS', '/v1/nothing', { key: null })).status).toBe(404);
  });
});

describe('short lists', () => {
  test.each([
    ['/v1/staff', 5],
    ['/v1/schedules', 2],
    ['/v1/event-types', 20],
  ])('%s comes whole, or page by page with the same content', async (path, least) => {
    const all = (await world.get(path, admin())).body;
    expect(all.nextCursor).toBeNull();
    expect(all.data.length).toBeGreaterThanOrEqual(least);
    const data: unknown[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '3', ...(cursor !== null && { cursor }) };
      const page = await world.get(path, { ...admin(), query });
      expect(page.body.data.length).toBeLessThanOrEqual(3);
      data.push(...page.body.data);
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    expect(data).toEqual(all.data);
  });

  test('have cursors of their own: those of another list, or of another owner, are refused', async () => {
    const hook = (key: string) =>
      world.post('/v1/webhooks', { url: 'https://hooks.acme.example/n' }, { key });
    for (const key of [world.keys.partner, world.keys.partner, world.keys.other]) await hook(key);
    const { nextCursor: cursor } = (await world.get('/v1/webhooks', { query: { limit: '1' } })).body;
    expect((await world.get('/v1/webhooks', { query: { cursor } })).body.data).toHaveLength(1);
    const others = await world.get('/v1/webhooks', { key: world.keys.other, query: { cursor } });
    expect(others.body.code).toBe('bad_cursor');
    expect((await world.get('/v1/services', { query: { cursor } })).body.code).toBe('bad_cursor');
  });
});

test('a cursor of one partner, or of the desk, is refused to another', async () => {
  for (let n = 0; n < 2; n++) await world.open();
  const cursorFor = async (key: string) =>
    (await world.get('/v1/tickets', { key, query: { limit: '1' } })).body.nextCursor;
  const [own, desks] = [await cursorFor(world.keys.partner), await cursorFor(world.keys.ada)];
  const use = async (cursor: string, key: string) =>
    (await world.get('/v1/tickets', { key, query: { limit: '1', cursor } })).body;
  expect((await use(own, world.keys.partner)).data).toHaveLength(1);
  expect((await use(own, world.keys.other)).code).toBe('bad_cursor');
  expect((await use(own, world.keys.ada)).code).toBe('bad_cursor');
  expect((await use(desks, world.keys.partner)).code).toBe('bad_cursor');
});

test('a cursor of a ticket’s events is of who read them', async () => {
  const path = `/v1/tickets/${await world.open()}/events`;
  await world.post(path.replace('events', 'comments'), { body: 'Since noon.' });
  const read = async (key: string, cursor = '') =>
    (await world.get(path, { key, query: { limit: '1', ...(cursor && { cursor }) } })).body;
  const { partner, ada, kim } = world.keys;
  const [own, desks] = [(await read(partner)).nextCursor, (await read(ada)).nextCursor];
  expect((await read(partner, own)).data).toHaveLength(1);
  expect((await read(kim, desks)).data).toHaveLength(1);
  expect((await read(ada, own)).code).toBe('bad_cursor');
  expect((await read(partner, desks)).code).toBe('bad_cursor');
});

describe('whoever looks for the documentation', () => {
  test.each([
    ['/', '/docs'],
    ['/docs/', '/docs'],
    ['/docs/connect/', '/docs/connect'],
  ])('at %s is led to %s, without a key', async (path, location) => {
    for (const method of ['GET', 'HEAD'])
      expect(await world.call(method, path, { key: null })).toMatchObject({
        status: 302,
        headers: { location },
        text: '',
      });
    expect((await world.call('POST', path, { key: null, body: {} })).status).toBe(404);
  });

  test('is led to nothing that is not of it', async () => {
    for (const path of ['//docs.example/', '/docs', '/doc/', '/docs/a b/', '/v1/'])
      expect((await world.call('GET', path, { key: null })).status, path).toBe(404);
  });
});

describe('a ticket', () => {
  test('takes client and externalRef later, is found by the new id and no longer by the old', async () => {
    const number = await world.open({ externalRef: { system: 'psa', id: 'OLD-1' } });
    const externalRef = { system: 'psa', id: 'NEW-1', url: null };
    const changed = await world.patch(`/v1/tickets/${number}`, { client: 'Contoso', externalRef });
    expect(changed.body).toMatchObject({ client: 'Contoso', externalRef });
    const found = async (id: string) =>
      (await world.get('/v1/tickets', { query: { externalRef: id } })).body.data.map(
        (ticket: { number: string }) => ticket.number,
      );
    expect(await found('NEW-1')).toEqual([number]);
    expect(await found('OLD-1')).toEqual([]);
    const { data } = (await world.get(`/v1/tickets/${number}/events`)).body;
    expect(data.at(-1)).toMatchObject({
      type: 'ticket.updated',
      data: { changed: ['client', 'externalRef'], ticket: { externalRef } },
    });
    const cleared = await world.patch(`/v1/tickets/${number}`, { client: null, externalRef: null });
    expect(cleared.body).toMatchObject({ client: null, externalRef: null });
    expect(await found('NEW-1')).toEqual([]);
  });
});

describe('storage that stays busy', () => {
  const throttled = (): Error =>
    new ProvisionedThroughputExceededException({ message: 'Throughput exceeds', $metadata: {} });
  const cancelled = (): Error =>
    Object.assign(new Error('Transaction cancelled'), {
      CancellationReasons: [{ Code: 'None' }, { Code: 'ThrottlingError' }],
    });

  test.each([
    ['a read', throttled],
    ['a transaction', cancelled],
    ['an answer that did not come', () => Object.assign(new Error('No answer'), { name: 'TimeoutError' })],
  ])('is 503 with Retry-After, in words: %s', async (_name, error) => {
    const broken = await makeWorld();
    broken.store.cases.commit = () => Promise.reject(error());
    const reply = await broken.post('/v1/tickets', ticketBody);
    expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': '2' }, body: { code: 'busy' } });
    expect(JSON.stringify(broken.logged)).toContain('failed');
  });
});

describe('an Idempotency-Key', () => {
  test('is free again when its POST was lost to somebody else: nothing happened', async () => {
    const request = { ...admin(), headers: { 'idempotency-key': 'lost once' } };
    const person = { name: 'Lena', role: 'agent', email: 'lena@desk.example' };
    const { putStaff } = world.store.directory;
    world.store.directory.putStaff = () => Promise.reject(new Conflict(['staff.busy']));
    const lost = await world.post('/v1/staff', person, request);
    expect(lost).toMatchObject({ status: 409, body: { code: 'conflict' }, headers: { 'retry-after': '1' } });
    world.store.directory.putStaff = putStaff;
    expect((await world.post('/v1/staff', person, request)).status).toBe(201);
  });
});
