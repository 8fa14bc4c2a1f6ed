import { beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../../shared/contract/operations/all.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let ticket: string;
let webhook: string;
let incident: string;
beforeAll(async () => {
  world = await makeWorld();
  ticket = await world.open();
  webhook = (await world.post('/v1/webhooks', { url: 'https://hooks.acme.example/n' })).body.id;
  const { kim: key } = world.keys;
  incident = (await world.post('/v1/incidents', { title: 'Hosted mail is delayed' }, { key })).body.number;
});

const schedule = {
  name: 'Primary',
  timezone: 'America/New_York',
  rotations: [{ name: 'weekly', start: '2026-01-01T09:00', every: { weeks: 1 }, members: ['stf_dana'] }],
};
const policy = { promiseMinutes: 20, levels: [{ afterMinutes: 0, page: [{ everyone: true }] }] };
const provider = { name: 'Mailguard', phone: '+1 202 555 0199', nightlyCap: 7 };
const calendar = { timezone: 'Europe/Berlin', week: { mon: [['09:00', '17:00']] }, presets: ['us-federal'] };

/** Everything that is read alone and can be changed: how, and with what two bodies. */
const changes = (): Record<string, ['PATCH' | 'PUT', string, object, object]> => ({
  ticket: ['PATCH', `/v1/tickets/${ticket}`, { subject: 'One' }, { subject: 'Two' }],
  webhook: ['PATCH', `/v1/webhooks/${webhook}`, { description: 'One' }, { description: 'Two' }],
  incident: ['PATCH', `/v1/incidents/${incident}`, { title: 'One' }, { title: 'Two' }],
  partner: ['PATCH', '/v1/partners/ptn_acme', { name: 'One' }, { name: 'Two' }],
  plan: ['PATCH', '/v1/plans/default', { name: 'One' }, { name: 'Two' }],
  service: ['PUT', '/v1/services/hosted-mail', { name: 'One' }, { name: 'Two' }],
  provider: ['PUT', '/v1/provider', provider, { ...provider, nightlyCap: 8 }],
  staff: ['PATCH', '/v1/staff/stf_sam', { name: 'One' }, { name: 'Two' }],
  schedule: ['PUT', '/v1/schedules/primary', schedule, { ...schedule, name: 'Two' }],
  policy: ['PUT', '/v1/policies/default', policy, { ...policy, promiseMinutes: 25 }],
  calendar: ['PUT', '/v1/calendars/default', calendar, { ...calendar, week: {} }],
});

const keyOf = (what: string) => (['ticket', 'webhook'].includes(what) ? world.keys.partner : world.keys.ada);

test('whatever PATCH or PUT changes takes If-Match, and is read with an ETag', () => {
  const changing = operations.filter(({ method }) => method === 'PATCH' || method === 'PUT');
  expect(changing.map(({ path }) => path.replace(/^\/v1\/|\/\{\w+\}$/g, '')).sort()).toEqual(
    Object.keys(changes())
      .map((what) => ({ staff: 'staff', provider: 'provider', policy: 'policies' })[what] ?? `${what}s`)
      .sort(),
  );
  for (const { id, path, ifMatch, responses } of changing) {
    expect(ifMatch, id).toBe(true);
    expect(responses[200]?.headers, id).toContain('ETag');
    const read = operations.find((one) => one.method === 'GET' && one.path === path);
    expect(read?.responses[200]?.headers, id).toContain('ETag');
  }
});

describe.each([
  'ticket',
  'webhook',
  'incident',
  'partner',
  'plan',
  'service',
  'provider',
  'staff',
  'schedule',
  'policy',
  'calendar',
])('a %s', (what) => {
  test('has one ETag until it changes, and a change with an older one is refused', async () => {
    const [method, path, one, two] = changes()[what] as ['PUT', string, object, object];
    const key = keyOf(what);
    const read = async () => (await world.get(path, { key })).headers.etag ?? '';
    const change = (body: object, ifMatch: string) =>
      world.call(method, path, { key, body, headers: { 'if-match': ifMatch } });

    const before = await read();
    expect(before).toMatch(/^"[0-9a-f]+"$/);
    expect(await read()).toBe(before);
    const first = await change(one, before);
    expect(first.status).toBe(200);
    expect(first.headers.etag).toBe(await read());
    expect(first.headers.etag).not.toBe(before);

    const late = await change(two, before);
    expect(late).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    expect(await read()).toBe(first.headers.etag);
    const weak = await change(two, `W/${first.headers.etag}`);
    expect(weak.status).toBe(412);
    const listed = await change(two, `"other", ${first.headers.etag}`);
    expect(listed.status).toBe(200);
    expect((await change(one, '*')).status).toBe(200);
    const malformed = await change(two, 'unquoted');
    expect(malformed.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'If-Match' }] });
  });
});

describe.each(['service', 'provider', 'schedule', 'policy', 'calendar'])('a %s that is put', (what) => {
  test('may be what was read, and late is late with that too; the id of another is refused', async () => {
    const path = changes()[what]?.[1] ?? '';
    const key = keyOf(what);
    const put = (body: object, headers = {}) => world.put(path, body, { key, headers });
    const read = await world.get(path, { key });
    const { gaps: _told, ...back } = (await put(read.body, { 'if-match': read.headers.etag })).body;
    expect(back).toEqual(read.body);
    expect((await put(read.body, { 'if-match': '"1"' })).body.code).toBe('precondition_failed');
    const other = await put({ ...read.body, id: 'other' });
    expect(other.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'id' }] });
    expect((await world.get(path, { key })).body).toEqual(read.body);
  });
});

test('what is not there yet matches nothing, so that a PUT with If-Match makes nothing new', async () => {
  for (const ifMatch of ['*', '"1"']) {
    const headers = { 'if-match': ifMatch };
    const put = await world.put('/v1/services/none', { name: 'X' }, { key: world.keys.ada, headers });
    expect(put.body.code).toBe('precondition_failed');
  }
  expect((await world.get('/v1/services/none')).status).toBe(404);
});

test('of two changes at once with the same ETag, one wins', async () => {
  const { etag = '' } = (await world.get('/v1/services/hosted-mail')).headers;
  const request = { key: world.keys.ada, headers: { 'if-match': etag } };
  const replies = await Promise.all(
    ['A', 'B', 'C'].map((name) => world.put('/v1/services/hosted-mail', { name }, request)),
  );
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
});
