import { beforeAll, beforeEach, expect, test } from 'vitest';
import { makeHandler } from '../../../functions/follow/follow.ts';
import { wants } from '../../../shared/domain/webhook/endpoint.ts';
import type { FollowMessage, InformMessage } from '../../../shared/effects/messages.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { verifyChain } from '../../../shared/store/chain.ts';
import { deliver } from '../../fakes/carrier-desk.ts';
import { makeWorld, mondayNight, pressBody, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
beforeEach(() => {
  world.time.now = mondayNight;
});

const kim = () => ({ key: world.keys.kim });
const other = () => ({ key: world.keys.other });
const opened = async (body: object = {}) => {
  const made = await world.post('/v1/incidents', { title: 'Hosted mail is delayed', ...body }, kim());
  expect(made.status).toBe(201);
  return made;
};
const link = (number: string, tickets: string[]) =>
  world.post(`/v1/incidents/${number}/tickets`, { tickets }, kim());
const ticket = async (number: string, key = world.keys.partner) =>
  (await world.get(`/v1/tickets/${number}`, { key })).body;
const events = async (number: string, key = world.keys.partner) =>
  (await world.get(`/v1/tickets/${number}/events`, { key, query: { limit: '100' } })).body.data.filter(
    ({ type }: { type: string }) => type.startsWith('incident.'),
  );

/** What the desk's own log has since then is brought to the tickets, each message twice. */
async function spread(since: number): Promise<void> {
  const clock = { now: () => world.time.now };
  const sent: (FollowMessage | InformMessage)[] = [];
  const followers = {
    async send(messages: typeof sent) {
      sent.push(...messages);
    },
  };
  const handler = makeHandler({ store: world.store, followers, clock, random: systemRandom });
  for (const { salt: _, ...event } of await world.store.log.events(since, 100)) {
    expect(await deliver(handler, { kind: 'event', event })).toBe(0);
  }
  for (const message of sent) expect(await deliver(handler, message, message)).toBe(0);
}

test('an incident is opened, said news of and resolved; its tickets say so, each to its own partner', async () => {
  const before = (await world.store.log.head()).seq;
  const { body, headers } = await opened({ service: 'hosted-mail', text: 'We are looking into it.' });
  expect(body).toMatchObject({ number: expect.stringMatching(/^INC-/), state: 'open', since: mondayNight });
  expect(headers.location).toBe(`/v1/incidents/${body.number}`);
  const mine = await world.open();
  const theirs = (
    await world.post(
      '/v1/tickets',
      { subject: 'Slow', description: 'Mail is slow.', requester: { name: 'O', email: 'o@other.example' } },
      other(),
    )
  ).body.number;
  const linked = await link(body.number.toLowerCase(), [mine, theirs, mine]);
  expect(linked.body.tickets).toHaveLength(2);
  expect((await ticket(mine)).incident).toMatchObject({
    number: body.number,
    title: 'Hosted mail is delayed',
    text: 'We are looking into it.',
    state: 'open',
  });

  const path = `/v1/incidents/${body.number}`;
  const said = await world.patch(
    path,
    { text: 'A disk is full.' },
    { ...kim(), headers: { 'if-match': '"1"' } },
  );
  expect(said.status).toBe(200);
  const stale = await world.patch(path, { text: 'Late.' }, { ...kim(), headers: { 'if-match': '"1"' } });
  expect(stale.body.code).toBe('precondition_failed');
  await spread(before);
  await world.patch(path, { state: 'resolved' }, kim());
  await spread(before);

  for (const [number, key] of [
    [mine, world.keys.partner],
    [theirs, world.keys.other],
  ] as const) {
    expect((await ticket(number, key)).incident).toMatchObject({
      state: 'resolved',
      text: 'A disk is full.',
    });
    const own = await events(number, key);
    expect(own.map(({ type }: { type: string }) => type)).toEqual([
      'incident.opened',
      'incident.updated',
      'incident.resolved',
    ]);
    const told = JSON.stringify([own, await ticket(number, key)]);
    expect(told).not.toContain(number === mine ? theirs : mine);
    expect(told).not.toContain(number === mine ? 'ptn_other' : 'ptn_acme');
  }
  const log = await world.store.log.events(before, 100);
  expect(log.map(({ type }) => type)).toEqual(['incident.opened', 'incident.updated', 'incident.resolved']);
  // An endpoint with `ignoreOwn` is not told of what its own key did.
  const { id: key } = (await world.get('/v1/api-keys/self', kim())).body;
  const endpoint = { partner: null, eventTypes: ['*'] };
  for (const event of log) {
    expect(wants({ ...endpoint, ignoredKey: key }, event)).toBe(false);
    expect(wants({ ...endpoint, ignoredKey: 'key_other' }, event)).toBe(true);
  }
  expect(verifyChain(await world.store.log.events(0, 100), await world.store.log.head())).toEqual([]);
});

test('a ticket that was linked by mistake is unlinked: its partner hears it, and its emergency pages on its own', async () => {
  const { body } = await opened();
  const [one, two] = [await world.open(), await world.open()];
  await link(body.number, [one, two]);
  await world.post(`/v1/tickets/${one}/escalation`, pressBody);
  await world.post(`/v1/tickets/${two}/escalation`, pressBody);
  const path = `/v1/incidents/${body.number}/tickets`;
  expect((await world.del(`${path}/${two.toLowerCase()}`, kim())).status).toBe(204);
  expect((await world.get(`/v1/incidents/${body.number}`, kim())).body.tickets).toEqual([
    { number: one, partner: 'ptn_acme' },
  ]);
  expect((await ticket(two)).incident).toBeNull();
  const { data } = (await world.get(`/v1/tickets/${two}/events`, { query: { limit: '100' } })).body;
  const unlinked = data.find(({ type }: { type: string }) => type === 'incident.unlinked');
  expect(unlinked).toMatchObject({ actor: { name: 'kim' }, data: { incident: { number: body.number } } });
  const { body: alone } = await world.get(`/v1/tickets/${two}/escalation`);
  expect(alone).toMatchObject({ state: 'paging', follows: null, pages: [{ to: { id: 'stf_dana' } }] });
  for (const gone of [two, 'ND-0000-0000', 'nonsense'])
    expect((await world.del(`${path}/${gone}`, kim())).body.code).toBe('not_found');
  await world.patch(`/v1/incidents/${body.number}`, { state: 'resolved' }, kim());
});

test('the support status names what is open, the same for everybody', async () => {
  const { body } = await opened({ text: 'Slow since nine.' });
  const status = async (key: string) => (await world.get('/v1/support-status', { key })).body.incidents;
  const shown = await status(world.keys.other);
  expect(shown).toEqual(await status(world.keys.partner));
  expect(shown[0]).toEqual({
    number: body.number,
    title: 'Hosted mail is delayed',
    service: null,
    state: 'open',
    since: mondayNight,
    text: 'Slow since nine.',
    updatedAt: mondayNight,
  });
  await world.patch(`/v1/incidents/${body.number}`, { state: 'resolved' }, kim());
  expect(await status(world.keys.partner)).not.toContainEqual(
    expect.objectContaining({ number: body.number }),
  );
  const open = await world.get('/v1/incidents', { ...kim(), query: { state: 'resolved' } });
  expect(open.body.data.map(({ number }: { number: string }) => number)).toContain(body.number);
});

test('an emergency on a ticket of an open incident follows the first of them, whatever its reason', async () => {
  const { body } = await opened();
  const [one, two] = [await world.open(), await world.open({ service: 'hosted-mail' })];
  await link(body.number, [one, two]);
  await world.post(`/v1/tickets/${one}/escalation`, pressBody);
  const preview = await world.get(`/v1/tickets/${two}/escalation/preview`);
  expect(preview.body).toMatchObject({ wouldFollow: true, wouldPage: [] });
  const pressed = await world.post(`/v1/tickets/${two}/escalation`, {
    ...pressBody,
    reason: 'other',
    detail: 'All of it.',
  });
  expect(pressed.body).toMatchObject({ follows: expect.any(String), pages: [] });
  await world.patch(`/v1/incidents/${body.number}`, { state: 'resolved' }, kim());
  expect((await ticket(two)).escalation.state).toBe('paging');
});

test('a ticket that is linked while the incident changes hears of that too', async () => {
  const { body } = await opened();
  const number = await world.open();
  const incident = await world.store.incidents.read(body.number);
  const read = world.store.incidents.read;
  let reads = 0;
  world.store.incidents.read = async (wanted) => {
    const found = await read(wanted);
    // The change is committed when the link has read the incident, before its row is there to be told.
    if (reads++ === 0) await world.patch(`/v1/incidents/${body.number}`, { text: 'A disk is full.' }, kim());
    return found;
  };
  try {
    expect((await link(body.number, [number])).status).toBe(200);
  } finally {
    world.store.incidents.read = read;
  }
  expect(incident?.version).toBe(1);
  expect((await ticket(number)).incident.text).toBe('A disk is full.');
});

test('of tickets whose linking broke off some are linked whole; sent again, all are, once', async () => {
  const { body } = await opened();
  const numbers: string[] = [];
  for (let n = 0; n < 7; n++) numbers.push(await world.open());
  const { commit } = world.store.cases;
  let left = 5;
  world.store.cases.commit = (...args) =>
    left-- > 0
      ? commit(...args)
      : Promise.reject(Object.assign(new Error('No answer'), { name: 'TimeoutError' }));
  const tickets = { tickets: numbers };
  const broken = await world.post(`/v1/incidents/${body.number}/tickets`, tickets, kim());
  await expect.poll(() => left).toBe(-2);
  world.store.cases.commit = commit;
  expect(broken).toMatchObject({ status: 503, body: { code: 'busy' } });
  const { text } = await world.get(`/v1/incidents/${body.number}`, kim());
  expect(numbers.filter((number) => text.includes(number))).toHaveLength(5);
  expect((await link(body.number, numbers)).body.tickets).toHaveLength(7);
  for (const number of numbers) {
    expect((await ticket(number)).incident.number).toBe(body.number);
    expect(await events(number)).toHaveLength(1);
  }
});

test('partners read and write none; what is not there is refused, with nothing half-written', async () => {
  const { body } = await opened();
  const number = await world.open();
  for (const [method, path, sent] of [
    ['POST', '/v1/incidents', { title: 'Mine' }],
    ['GET', '/v1/incidents', undefined],
    ['GET', `/v1/incidents/${body.number}`, undefined],
    ['PATCH', `/v1/incidents/${body.number}`, { text: 'Mine' }],
    ['POST', `/v1/incidents/${body.number}/tickets`, { tickets: [number] }],
    ['DELETE', `/v1/incidents/${body.number}/tickets/${number}`, undefined],
  ] as const) {
    expect((await world.call(method, path, { ...(sent && { body: sent }) })).body.code).toBe('forbidden');
  }
  const unknown = await link(body.number, [number, 'ND-0000-0000']);
  expect(unknown.body).toMatchObject({ code: 'unknown_reference', errors: [{ field: 'tickets' }] });
  expect((await ticket(number)).incident).toBeNull();
  for (const wrong of ['INC-0000-0000', 'INC-6PC7-PS92', 'nonsense'])
    expect((await world.get(`/v1/incidents/${wrong}`, kim())).body.code).toBe('not_found');
  const service = await world.post('/v1/incidents', { title: 'x', service: 'nothing' }, kim());
  expect(service.body.code).toBe('unknown_reference');
});

test('opened twice with one Idempotency-Key it is one', async () => {
  const headers = { 'idempotency-key': 'incident-1' };
  const body = { title: 'Once' };
  const [first, second] = [
    await world.call('POST', '/v1/incidents', { ...kim(), headers, body }),
    await world.call('POST', '/v1/incidents', { ...kim(), headers, body }),
  ];
  expect(second.text).toBe(first.text);
});
