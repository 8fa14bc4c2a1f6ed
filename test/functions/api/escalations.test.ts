import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { presentEscalation } from '../../../functions/api/present/escalation.ts';
import { World as Night } from '../../domain/escalation/world.ts';
import { put } from '../../store/put.ts';
import { makeWorld, mondayNight, pressBody, tuesdayMorning, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
beforeEach(() => {
  world.time.now = mondayNight;
});

const path = (number: string) => `/v1/tickets/${number}/escalation`;

/** A ticket of its own partner, so that no test meets the nightly cap of another. */
async function ownTicket(): Promise<{ number: string; key: string }> {
  const id = `ptn_${Math.random().toString(36).slice(2)}`;
  await put(world.store.directory, 'partner', {
    id,
    name: 'Own',
    plan: 'default',
    createdAt: world.time.now,
  });
  const { key } = await world.keyFor({ partner: id }, ['tickets:read', 'tickets:write']);
  const made = await world.post(
    '/v1/tickets',
    { subject: 'Down', description: 'All of it.', requester: { name: 'K', email: 'k@acme.example' } },
    { key },
  );
  return { number: made.body.number, key };
}

test('the preview says who would be paged, when, and by when a person takes it', async () => {
  const { number, key } = await ownTicket();
  const { body } = await world.get(`${path(number)}/preview`, { key });
  expect(body).toMatchObject({
    route: 'on_call',
    reason: expect.stringContaining('after hours'),
    promiseDueAt: '2026-01-06T03:40:00.000Z',
  });
  expect(body.wouldPage[0]).toEqual({ level: 1, afterSeconds: 0, to: [{ id: 'stf_dana', name: 'dana' }] });
  expect(body.wouldPage[2]).toMatchObject({ afterSeconds: 600, to: [{ id: 'stf_sam' }] });
  world.time.now = tuesdayMorning;
  const byDay = await world.get(`${path(number)}/preview`, { key });
  expect(byDay.body).toMatchObject({ route: 'desk', wouldPage: [{ level: 1, afterSeconds: 600 }, {}] });
});

test('the preview says that a press would follow what pages for its outage already', async () => {
  const query = { reason: 'blocked' };
  const made: { number: string; key: string }[] = [];
  for (let n = 0; n < 4; n++) {
    const own = await ownTicket();
    await world.patch(`/v1/tickets/${own.number}`, { service: 'hosted-mail' }, { key: own.key });
    made.push(own);
  }
  const wouldFollow: boolean[] = [];
  for (const { number, key } of made) {
    const { body } = await world.get(`${path(number)}/preview`, { key, query });
    wouldFollow.push(body.wouldFollow);
    expect(body.wouldPage.length === 0).toBe(body.wouldFollow);
    const pressed = await world.post(path(number), { ...pressBody, ...query }, { key });
    expect(pressed.body.follows !== null).toBe(body.wouldFollow);
  }
  expect(wouldFollow).toEqual([false, false, true, true]);
});

test('lists tell of a follower what the single GET tells, before its own event is written', async () => {
  const made: { number: string; key: string; id: string }[] = [];
  for (let n = 0; n < 4; n++) {
    const own = await ownTicket();
    await world.patch(`/v1/tickets/${own.number}`, { service: 'hosted-mail' }, { key: own.key });
    const pressed = await world.post(
      path(own.number),
      { ...pressBody, reason: 'cannot_send' },
      { key: own.key },
    );
    made.push({ ...own, id: pressed.body.id });
  }
  const [lead, , , last] = made;
  if (!lead || !last) throw new Error('nothing was made');
  world.time.now = '2026-01-06T03:15:00.000Z';
  const taken = await world.post(`/v1/escalations/${lead.id}/acknowledge`, {}, { key: world.keys.mo });
  expect(taken.body.state).toBe('acknowledged');
  const stored = await world.store.cases.ticket({ partner: (await partnerOf(last)).id, number: last.number });
  expect(stored?.escalation).toMatchObject({ state: 'paging', follows: expect.any(String) });

  const alone = (await world.get(path(last.number), { key: last.key })).body;
  expect(alone).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: 'stf_mo' } });
  const ticket = (await world.get(`/v1/tickets/${last.number}`, { key: last.key })).body;
  for (const key of [last.key, world.keys.kim]) {
    world.sent.length = 0;
    const { data } = (await world.get('/v1/tickets', { key })).body;
    expect(data.find((one: { number: string }) => one.number === last.number)).toEqual(ticket);
    expect(world.sent.filter((name) => name === 'BatchGet').length).toBeLessThanOrEqual(3);
  }
  const listed = async (state?: string) =>
    (
      await world.get('/v1/escalations', { key: world.keys.kim, query: state ? { state } : {} })
    ).body.data.find(({ id }: { id: string }) => id === last.id);
  expect(await listed()).toEqual(alone);
  expect(await listed('paging')).toBeUndefined();
  const range = { from: '2026-01-05', to: '2026-01-07' };
  const promises = await world.get('/v1/reports/promises', { key: last.key, query: range });
  expect(promises.body.data).toMatchObject([
    { ticket: last.number, state: 'acknowledged', takenBy: { id: 'stf_mo' }, takenAt: world.time.now },
  ]);

  // What its lead has just ended is over: the same press is a new emergency, not an old one's.
  await world.post(`/v1/escalations/${lead.id}/resolve`, {}, { key: world.keys.mo });
  const again = { ...pressBody, reason: 'cannot_send' };
  const pressed = await world.post(path(last.number), again, { key: last.key });
  expect(pressed).toMatchObject({ status: 202, body: { state: 'paging', pages: [{ state: 'queued' }] } });
  expect(pressed.body.id).not.toBe(last.id);
  const types = (await world.get(`/v1/tickets/${last.number}/events`, { key: last.key })).body.data.map(
    ({ type }: { type: string }) => type,
  );
  expect(types).toContain('escalation.resolved');
});

const partnerOf = async ({ number }: { number: string }) => {
  const found = await world.store.cases.find(number);
  if (!found) throw new Error(`there is no ticket ${number}`);
  return { id: found.partner };
};

test('a press at night pages the primary and nobody else; the ticket shows it', async () => {
  const { number, key } = await ownTicket();
  const pressed = await world.post(path(number), pressBody, { key });
  expect(pressed.status).toBe(202);
  expect(pressed.body).toMatchObject({
    ticket: number,
    state: 'paging',
    route: 'on_call',
    callback: { name: 'Kim', phone: '+12025550147', textUpdates: false },
    promise: { dueAt: '2026-01-06T03:40:00.000Z', brokenAt: null },
    level: 1,
    pages: [{ to: { id: 'stf_dana' }, method: 'sms', level: 1, state: 'queued' }],
    acknowledgedBy: null,
    follows: null,
  });
  expect((await world.get(path(number), { key })).text).toBe(pressed.text);
  const ticket = await world.get(`/v1/tickets/${number}`, { key });
  expect(ticket.body).toMatchObject({
    escalation: { id: pressed.body.id, state: 'paging' },
    nextStep: { action: 'wait' },
  });
  expect(pressed.text).not.toContain('+12025550101');
});

test('a second press answers 200 with the same escalation, also when its number changed', async () => {
  const { number, key } = await ownTicket();
  const first = await world.post(path(number), pressBody, { key });
  const again = await world.post(path(number), pressBody, { key });
  expect(again).toMatchObject({ status: 200, text: first.text });
  const moved = await world.post(
    path(number),
    { ...pressBody, callback: { phone: 'ask for Kim at the gate' } },
    { key },
  );
  expect(moved).toMatchObject({
    status: 200,
    body: { id: first.body.id, callback: { phone: 'ask for Kim at the gate' } },
  });
});

test('by day the desk is alerted first', async () => {
  world.time.now = tuesdayMorning;
  const { number, key } = await ownTicket();
  const { body } = await world.post(path(number), pressBody, { key });
  expect(body).toMatchObject({ route: 'desk', pages: [], level: 0 });
});

test('staff take it: who was paged, and agents; the partner sees who has it; a second one learns who', async () => {
  const { number, key } = await ownTicket();
  const { body } = await world.post(path(number), pressBody, { key });
  const act = (verb: string, staff: string) =>
    world.call('POST', `/v1/escalations/${body.id}/${verb}`, { key: staff });
  expect((await act('acknowledge', world.keys.sam)).body.code).toBe('not_paged');
  expect((await act('pass', world.keys.dana)).body.code).toBe('not_active');
  const taken = await act('acknowledge', world.keys.dana);
  expect(taken).toMatchObject({
    status: 200,
    body: { state: 'acknowledged', acknowledgedBy: { id: 'stf_dana' } },
  });
  expect((await act('acknowledge', world.keys.kim)).body).toMatchObject({
    code: 'already_acknowledged',
    detail: expect.stringContaining('dana'),
  });
  expect((await world.get(path(number), { key })).body.acknowledgedBy).toEqual({
    id: 'stf_dana',
    name: 'dana',
  });
  const passed = await act('pass', world.keys.dana);
  expect(passed.body).toMatchObject({ state: 'paging', acknowledgedBy: null });
  const resolved = await act('resolve', world.keys.kim);
  expect(resolved.body.state).toBe('resolved');
  expect((await act('acknowledge', world.keys.kim)).body.code).toBe('not_active');
});

test('the timeline tells each step as the catalogue describes it', async () => {
  const { number, key } = await ownTicket();
  const { body } = await world.post(path(number), pressBody, { key });
  await world.post(path(number), { ...pressBody, detail: 'All of it' }, { key });
  const act = (verb: string) =>
    world.call('POST', `/v1/escalations/${body.id}/${verb}`, { key: world.keys.dana });
  for (const verb of ['acknowledge', 'pass', 'resolve']) await act(verb);
  await world.patch(`/v1/tickets/${number}`, { status: 'resolved' }, { key });
  await world.post(path(number), pressBody, { key });
  await world.del(path(number), { key });
  await world.patch(`/v1/tickets/${number}`, { status: 'closed' }, { key });
  const { body: timeline } = await world.get(`/v1/tickets/${number}/events`, { key });
  expect(timeline.data.map(({ type }: { type: string }) => type)).toEqual([
    'ticket.created',
    'escalation.started',
    'escalation.paged',
    'escalation.updated',
    'escalation.acknowledged',
    'escalation.passed',
    'escalation.paged',
    'escalation.resolved',
    'ticket.updated',
    'ticket.resolved',
    'ticket.reopened',
    'escalation.started',
    'escalation.paged',
    'escalation.cancelled',
    'ticket.updated',
    'ticket.closed',
  ]);
});

test('cancelling ends it; with none active it is 409 not_active', async () => {
  const { number, key } = await ownTicket();
  expect((await world.del(path(number), { key })).body.code).toBe('not_active');
  expect((await world.get(path(number), { key })).body.code).toBe('escalation_not_found');
  const { body } = await world.post(path(number), pressBody, { key });
  expect((await world.del(path(number), { key })).body).toMatchObject({ id: body.id, state: 'cancelled' });
  expect((await world.del(path(number), { key })).body.code).toBe('not_active');
});

test('the requester says that nobody has called: holder and next level are paged, and again is no storm', async () => {
  const { number, key } = await ownTicket();
  const say = (idempotencyKey?: string) =>
    world.post(`${path(number)}/not-contacted`, undefined, {
      key,
      ...(idempotencyKey && { headers: { 'idempotency-key': idempotencyKey } }),
    });
  expect((await say()).body.code).toBe('not_active');
  const { body } = await world.post(path(number), pressBody, { key });
  await world.call('POST', `/v1/escalations/${body.id}/acknowledge`, { key: world.keys.dana });
  world.time.now = '2026-01-06T03:20:00.000Z';
  await world.post(`/v1/tickets/${number}/comments`, { body: 'Looking.' }, { key: world.keys.dana });
  expect((await world.get(path(number), { key })).body.contactedAt).toBe('2026-01-06T03:20:00.000Z');
  const said = await say('once');
  expect(said).toMatchObject({
    status: 200,
    body: { id: body.id, state: 'paging', acknowledgedBy: null, contactedAt: null },
  });
  const paged = said.body.pages.slice(1).map((page: { to: { id: string } }) => page.to.id);
  expect(paged).toEqual(['stf_dana', 'stf_sam']);
  expect((await say('once')).text).toBe(said.text);
  expect((await say()).body.pages).toHaveLength(3);
  const { body: timeline } = await world.get(`/v1/tickets/${number}/events`, { key });
  expect(timeline.data.map(({ type }: { type: string }) => type)).toEqual(
    expect.arrayContaining(['escalation.contacted', 'escalation.not_contacted']),
  );
});

test('an escalation that the ticket has left behind cannot be acted on any more', async () => {
  const { number, key } = await ownTicket();
  const old = await world.post(path(number), pressBody, { key });
  await world.del(path(number), { key });
  const next = await world.post(path(number), pressBody, { key });
  expect(next.body.id).not.toBe(old.body.id);
  const late = await world.call('POST', `/v1/escalations/${old.body.id}/acknowledge`, {
    key: world.keys.kim,
  });
  expect(late.body.code).toBe('not_active');
  for (const id of ['esc_00000000_1', 'esc_x', `${next.body.id}9`]) {
    const reply = await world.call('POST', `/v1/escalations/${id}/acknowledge`, { key: world.keys.kim });
    expect(reply.body.code, id).toBe('escalation_not_found');
  }
});

test('past the nightly cap the answer is 429 with the number to call, and the preview says so beforehand', async () => {
  const own = await makeWorld();
  for (let n = 0; n < 3; n++) expect((await own.post(path(await own.open()), pressBody)).status).toBe(202);
  const refused = path(await own.open());
  const preview = await own.get(`${refused}/preview`);
  expect(preview.body).toMatchObject({ wouldBeRefused: true, phone: '+1 202 555 0199', wouldPage: [] });
  const { status, headers, body } = await own.post(refused, pressBody);
  expect(status).toBe(429);
  expect(preview.body.reason).toBe(body.detail);
  expect(body).toMatchObject({ code: 'nightly_cap_reached', phone: '+1 202 555 0199' });
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  // Who answers that phone can press for the partner.
  const byStaff = await own.get(`${refused}/preview`, { key: own.keys.kim });
  expect(byStaff.body.wouldBeRefused).toBe(false);
  expect((await own.post(refused, pressBody, { key: own.keys.kim })).status).toBe(202);
});

describe('the list of escalations', () => {
  test('is for staff, by state, with the pages of each', async () => {
    const own = await makeWorld();
    const { body } = await own.post(path(await own.open()), pressBody);
    const cancelled = await own.open();
    await own.post(path(cancelled), pressBody);
    await own.del(path(cancelled));
    const paging = await own.get('/v1/escalations', { key: own.keys.kim, query: { state: 'paging' } });
    expect(paging.body.data).toEqual([body]);
    const all = await own.get('/v1/escalations', { key: own.keys.kim });
    expect(all.body.data).toHaveLength(2);
    expect((await own.get('/v1/escalations')).body.code).toBe('forbidden');
  });
});

test('an escalation that was paged for days shows the latest 500 of its pages', () => {
  const night = new Night(mondayNight);
  night.press();
  const {
    escalation,
    pages: [page],
  } = night.state;
  if (!escalation || !page) throw new Error('nobody was paged');
  const many = Array.from({ length: 600 }, (_, n) => ({ ...page, id: `esc_1_${n}` }));
  const { pages } = presentEscalation(escalation, many);
  expect(pages).toHaveLength(500);
  expect(pages.at(-1)?.id).toBe('esc_1_599');
});

test('staff escalate for a partner', async () => {
  const { number } = await ownTicket();
  const { status } = await world.post(path(number), pressBody, { key: world.keys.kim });
  expect(status).toBe(202);
});

test('a desk that is not set up answers 503 with when to ask again', async () => {
  const bare = await makeWorld({ configured: false });
  for (const reply of [
    await bare.get('/v1/support-status'),
    await bare.get('/v1/on-call', { key: bare.keys.kim }),
    await bare.post('/v1/tickets', {
      subject: 'x',
      description: 'x',
      requester: { name: 'x', email: 'x@acme.example' },
    }),
  ]) {
    expect(reply).toMatchObject({
      status: 503,
      headers: { 'retry-after': '60' },
      body: { code: 'not_set_up' },
    });
  }
  const { body } = await bare.get('/v1/setup', { key: bare.keys.ada });
  expect(body.ready).toBe(false);
  expect(body.missing.map(({ what }: { what: string }) => what)).toEqual([
    'calendar default',
    'policy default',
    'provider',
    'plan',
    'service',
  ]);
});
