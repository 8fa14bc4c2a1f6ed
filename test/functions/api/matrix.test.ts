import { beforeAll, describe, expect, test } from 'vitest';
import type { Access, Operation } from '../../../shared/contract/operation.ts';
import { operations } from '../../../shared/contract/operations/all.ts';
import { scopes } from '../../../shared/contract/words.ts';
import { faultOf } from '../../client/document.ts';
import { type Sample, samplesFor } from './samples.ts';
import { makeWorld, pressBody, type Reply, type World } from './world.ts';

/** Every operation with every kind of key: what it answers is what its access and the document say. */

let world: World;
let samples: Record<string, Sample>;
/** Keys with every scope, so that what refuses them is who holds them. */
let keys: Record<'partner' | 'other' | 'engineer' | 'agent' | 'manager' | 'admin', string>;
beforeAll(async () => {
  world = await makeWorld({ sendsNothing: true });
  const number = await world.open();
  const pressed = await world.post(`/v1/tickets/${number}/escalation`, pressBody);
  const hook = await world.post('/v1/webhooks', { url: 'http://localhost:9/local/hooks/a' });
  const delivery = await world.post(`/v1/webhooks/${hook.body.id}/test`, {});
  const { dana, kim, mo, ada } = world.keys;
  const keyOf = async (partner: string) => (await world.keyFor({ partner }, notAdmin)).key;
  keys = {
    partner: await keyOf('ptn_acme'),
    other: await keyOf('ptn_other'),
    engineer: dana,
    agent: kim,
    manager: mo,
    admin: ada,
  };
  const incident = await world.post('/v1/incidents', { title: 'Known' }, { key: world.keys.kim });
  samples = samplesFor({
    number,
    incident: incident.body.number,
    escalation: pressed.body.id,
    webhook: hook.body.id,
    delivery: delivery.body.id,
  });
});

async function send({ id, method, path: template }: Operation, key: string | null): Promise<Reply> {
  const sample = samples[id];
  if (!sample) throw new Error(`There is no sample of ${id}`);
  const { path, body, query } = sample;
  const reply = await world.call(method, path, {
    key,
    ...(body ? { body } : {}),
    ...(query ? { query } : {}),
  });
  expect(faultOf({ method, path: template }, reply)).toBeNull();
  return reply;
}

const roles = ['partner', 'engineer', 'agent', 'manager', 'admin'] as const;
const notAdmin = scopes.filter((scope) => scope !== 'admin');
const closed = operations.filter((one): one is Operation & { access: Access } => one.access !== 'open');

describe.each(closed.map((operation) => [operation.id, operation] as const))('%s', (_id, operation) => {
  const { who, scope } = operation.access;
  const owner = who.includes('admin') ? { staff: 'stf_ada' } : { partner: 'ptn_acme' };

  test('is refused without a key', async () => {
    const reply = await send(operation, null);
    expect(reply).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="nightdesk"');
  });

  test('is refused with a key that has expired', async () => {
    const { key, record } = await world.keyFor(owner);
    await world.store.keys.put({ ...record, expiresAt: world.time.now });
    const reply = await send(operation, key);
    expect(reply).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(reply.headers['www-authenticate']).toContain('invalid_token');
  });

  test('is refused with a key that lacks its scope', async () => {
    const rest = scopes.filter((each) => each !== scope && each !== 'admin');
    const { key } = await world.keyFor(owner, rest);
    const reply = await send(operation, key);
    if (scope === null) expect(reply.status).not.toBe(403);
    else expect(reply.body).toMatchObject({ code: 'forbidden', detail: expect.stringContaining(scope) });
  });

  test('is refused to everybody whom it is not for', async () => {
    for (const role of roles) {
      if (who.some((one) => one === role)) continue;
      expect(await send(operation, keys[role]), role).toMatchObject({
        status: 403,
        body: { code: 'forbidden', detail: expect.stringContaining('This is for') },
      });
    }
  });

  test('tells another partner as little of what is not theirs as of what is not there', async () => {
    const reply = await send(operation, keys.other);
    if (!who.includes('partner')) return expect(reply.status).toBe(403);
    const everybodys = /^\/v1\/(services|calendars|event-types)\//.test(operation.path);
    const self = samples[operation.id]?.path.endsWith('/self');
    const own = operation.path.includes('{') && !everybodys && !self;
    if (own) expect(reply.status, reply.text).toBe(404);
    else if (operation.method === 'GET' && operation.id !== 'getEventType')
      expect(reply.text).not.toMatch(/ptn_acme|Acme MSP/);
  });
});

// What ends the others' subject comes last.
const ends = /^(delete|disable|cancel|resolve|revoke|end)/;
const inOrder = closed.toSorted((one, other) => Number(ends.test(one.id)) - Number(ends.test(other.id)));

test.each(inOrder.map((operation) => [operation.id, operation] as const))(
  '%s answers each role that it is for, admins among them, by its own rules',
  async (_id, operation) => {
    for (const role of roles) {
      if (!operation.access.who.some((who) => who === role)) continue;
      const { status, body } = await send(operation, keys[role]);
      expect(status, role).not.toBe(401);
      expect(`${role} ${body?.code}`).not.toMatch(/ (forbidden|internal)$/);
    }
  },
);

test.each(
  operations.filter(({ access }) => access === 'open').map((operation) => [operation.id, operation] as const),
)('%s needs no key', async (_id, { method, path }) => {
  expect((await world.call(method, path, { key: null })).status).toBe(200);
});
