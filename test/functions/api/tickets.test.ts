import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../shared/domain/canonical-json.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { sha256 } from '../../../shared/runtime/random.ts';
import { makeWorld, mondayNight, pressBody, ticketBody, tuesdayMorning, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

/** Every object has these, whatever it holds; JSON may name anything so. */
const reservedNames = ['constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf'];

describe('opening a ticket', () => {
  test('at night the answer says that the desk is closed, why, when it opens, and what to do', async () => {
    world.time.now = mondayNight;
    const made = await world.post('/v1/tickets', { ...ticketBody, severity: 'outage' });
    expect(made.status).toBe(201);
    expect(made.headers.location).toBe(`/v1/tickets/${made.body.number}`);
    expect(made.headers.etag).toMatch(/^"\d+"$/);
    expect(made.body).toMatchObject({
      number: expect.stringMatching(/^ND-[0-9A-Z]{4}-[0-9A-Z]{4}$/),
      form: 'general',
      channel: 'api',
      status: 'new',
      severity: { requested: 'outage', agreed: null },
      partner: { id: 'ptn_acme', name: 'Acme MSP' },
      requester: ticketBody.requester,
      support: { open: false, reason: 'closed: after hours', opensAt: '2026-01-06T14:00:00.000Z' },
      sla: {
        firstResponse: { dueAt: '2026-01-06T14:30:00.000Z', basis: expect.stringContaining('Escalate') },
      },
      completeness: { score: 50 },
      escalation: null,
      incident: null,
      nextStep: { action: 'escalate', href: `/v1/tickets/${made.body.number}/escalation` },
    });
  });

  test('by day it says that the desk has it', async () => {
    world.time.now = tuesdayMorning;
    const { body } = await world.post('/v1/tickets', ticketBody);
    expect(body).toMatchObject({ support: { open: true }, nextStep: { action: 'wait', href: null } });
  });

  test('is one TransactWriteItems and nothing else once key and directory are in the cache', async () => {
    await world.post('/v1/tickets', ticketBody);
    world.sent.length = 0;
    await world.post('/v1/tickets', ticketBody, { headers: { 'idempotency-key': 'one-transaction' } });
    expect(world.sent).toEqual(['TransactWriteItems']);
  });

  test('what is created is what is read, with the same ETag', async () => {
    world.time.now = tuesdayMorning;
    const externalRef = { system: 'psa', id: 'T-1', url: 'https://psa.example/T-1' };
    const made = await world.post('/v1/tickets', {
      ...ticketBody,
      service: 'hosted-mail',
      client: 'Contoso',
      form: 'email-problem',
      answers: { error_text: '451 4.7.1' },
      externalRef,
    });
    const read = await world.get(`/v1/tickets/${made.body.number}`);
    expect(read.text).toBe(made.text);
    expect(read.headers.etag).toBe(made.headers.etag);
    expect(read.body).toMatchObject({ externalRef, client: 'Contoso', completeness: { score: 58 } });
  });

  test('staff open it for a partner, by phone, and must say for whom', async () => {
    const made = await world.post(
      '/v1/tickets',
      { ...ticketBody, partner: 'ptn_acme' },
      { key: world.keys.kim },
    );
    expect(made.body).toMatchObject({ channel: 'phone', partner: { id: 'ptn_acme' } });
    expect((await world.get(`/v1/tickets/${made.body.number}`)).status).toBe(200);
    const nobody = await world.post('/v1/tickets', ticketBody, { key: world.keys.kim });
    expect(nobody.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'partner' }] });
    const unknown = await world.post(
      '/v1/tickets',
      { ...ticketBody, partner: 'ptn_x' },
      { key: world.keys.kim },
    );
    expect(unknown.body).toMatchObject({ code: 'unknown_reference', errors: [{ field: 'partner' }] });
    const foreign = await world.post('/v1/tickets', { ...ticketBody, partner: 'ptn_other' });
    expect(foreign.body.code).toBe('forbidden');
  });

  test('an answer may be named as anything that every object has, and is kept under that name', async () => {
    const answers = Object.fromEntries(reservedNames.map((name) => [name, `what ${name} is`]));
    const reply = await world.post('/v1/tickets', { ...ticketBody, answers });
    expect(reply, reply.text).toMatchObject({ status: 201 });
    const path = `/v1/tickets/${reply.body.number}`;
    expect((await world.get(path)).body.answers).toEqual(answers);
    const changed = await world.call('PATCH', path, { body: { answers: { constructor: 'Bob', b: 'c' } } });
    expect(changed, changed.text).toMatchObject({ status: 200, body: { answers: { constructor: 'Bob' } } });
    const headers = { 'idempotency-key': 'constructor' };
    const once = await world.call('POST', '/v1/tickets', { headers, body: { ...ticketBody, answers } });
    expect(once, once.text).toMatchObject({ status: 201, body: { answers } });
    expect(
      await world.call('POST', '/v1/tickets', { headers, body: { ...ticketBody, answers } }),
    ).toMatchObject({
      status: 201,
      text: once.text,
    });
  });

  test.each([
    '{"__proto__":"x"}',
    '{" __proto__":"x"}',
    '{"\\u005f_proto__":{"a":"b"}}',
    '{"a":"x"," a ":"y"}',
  ])('answers that could not all be kept are refused: %s', async (answers) => {
    const raw = JSON.stringify({ ...ticketBody, answers: 0 }).replace(
      '"answers":0',
      () => `"answers":${answers}`,
    );
    expect(await world.call('POST', '/v1/tickets', { raw })).toMatchObject({
      status: 422,
      body: {
        code: 'invalid_request',
        errors: [{ field: 'answers', message: 'must have keys that differ, none of them __proto__' }],
      },
    });
  });

  test('an unknown service is named', async () => {
    const { body } = await world.post('/v1/tickets', { ...ticketBody, service: 'telex' });
    expect(body).toMatchObject({
      code: 'unknown_reference',
      errors: [{ field: 'service', message: 'there is no telex' }],
    });
  });
});

describe('reading', () => {
  test("another partner's ticket answers exactly as one that never was", async () => {
    const number = await world.open();
    const foreign = await world.get(`/v1/tickets/${number}`, { key: world.keys.other });
    const unknown = await world.get('/v1/tickets/ND-0000-0000', { key: world.keys.other });
    expect(foreign.status).toBe(404);
    const bare = ({ text, body }: typeof foreign, n: string) =>
      text.replaceAll(n, 'ND').replaceAll(body.requestId, 'R');
    expect(bare(foreign, number)).toBe(bare(unknown, 'ND-0000-0000'));
    for (const [method, path] of [
      ['PATCH', ''],
      ['POST', '/comments'],
      ['GET', '/events'],
      ['GET', '/escalation'],
      ['GET', '/escalation/preview'],
      ['POST', '/escalation'],
      ['DELETE', '/escalation'],
    ] as const) {
      const bodies: Record<string, unknown> = {
        PATCH: { subject: 'x' },
        POST: path === '/comments' ? { body: 'x' } : pressBody,
      };
      const body = bodies[method];
      const reply = await world.call(method, `/v1/tickets/${number}${path}`, {
        key: world.keys.other,
        ...(body ? { body } : {}),
      });
      expect(reply.body.code, `${method} ${path}`).toBe('ticket_not_found');
    }
  });

  test('a mistyped number says that the check digit is wrong', async () => {
    const number = await world.open();
    const last = number.at(-1) === '0' ? '1' : '0';
    const wrong = await world.get(`/v1/tickets/${number.slice(0, -1)}${last}`);
    expect(wrong).toMatchObject({
      status: 400,
      body: { code: 'bad_ticket_number', detail: expect.stringContaining('check digit') },
    });
    expect((await world.get('/v1/tickets/12345')).body.code).toBe('bad_ticket_number');
  });

  test('a number is read in any case, with or without dashes', async () => {
    const number = await world.open();
    const read = await world.get(`/v1/tickets/${number.toLowerCase().replaceAll('-', '')}`);
    expect(read.body.number).toBe(number);
  });
});

describe('lists', () => {
  test('are walked by cursor, newest first, each ticket once, and never those of others', async () => {
    const own = await makeWorld();
    const numbers: string[] = [];
    for (let n = 0; n < 7; n++) {
      own.time.now = `2026-01-06T15:0${n}:00.000Z`;
      numbers.unshift(
        await own.open({
          subject: `Number ${n} of ${n === 4 ? 'carrots' : 'beans'}`,
          severity: n % 2 ? 'outage' : 'question',
        }),
      );
    }
    await own.post('/v1/tickets', ticketBody, { key: own.keys.other });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '3', ...(cursor ? { cursor } : {}) };
      const page = await own.get('/v1/tickets', { query });
      seen.push(...page.body.data.map((ticket: { number: string }) => ticket.number));
      cursor = page.body.nextCursor;
    } while (cursor);
    expect(seen).toEqual(numbers);
    const outages = await own.get('/v1/tickets', { query: { severity: 'outage' } });
    expect(outages.body.data).toHaveLength(3);
    const found = await own.get('/v1/tickets', { query: { q: 'CARROTS' } });
    expect(found.body.data.map((ticket: { subject: string }) => ticket.subject)).toEqual([
      'Number 4 of carrots',
    ]);
    const all = await own.get('/v1/tickets', { key: own.keys.kim });
    expect(all.body.data).toHaveLength(8);
  });

  test('refuse a cursor that is not theirs', async () => {
    for (const cursor of ['rubbish', '%%%', 'eyJhIjoxfQ']) {
      expect((await world.get('/v1/tickets', { query: { cursor } })).body.code).toBe('bad_cursor');
    }
  });
});

describe('changing', () => {
  test('If-Match refuses a lost update and lets a current one through', async () => {
    const number = await world.open();
    const { headers } = await world.get(`/v1/tickets/${number}`);
    const etag = headers.etag ?? '';
    const change = { subject: 'Changed' };
    const first = await world.patch(`/v1/tickets/${number}`, change, { headers: { 'if-match': etag } });
    expect(first).toMatchObject({ status: 200, body: { subject: 'Changed' } });
    expect(first.headers.etag).not.toBe(etag);
    const second = await world.patch(
      `/v1/tickets/${number}`,
      { subject: 'Lost' },
      { headers: { 'if-match': etag } },
    );
    expect(second).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    const any = await world.patch(`/v1/tickets/${number}`, change, {
      headers: { 'if-match': `"0", ${first.headers.etag}` },
    });
    expect(any.status).toBe(200);
    const broken = await world.patch(`/v1/tickets/${number}`, change, { headers: { 'if-match': '3' } });
    expect(broken.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'If-Match' }] });
  });

  test('severity is requested by the partner and agreed by staff; both are kept', async () => {
    const number = await world.open();
    await world.patch(`/v1/tickets/${number}`, { severity: 'outage' });
    const { body } = await world.patch(
      `/v1/tickets/${number}`,
      { severity: 'degraded' },
      { key: world.keys.kim },
    );
    expect(body.severity).toEqual({ requested: 'outage', agreed: 'degraded' });
  });

  test('its clock stands while it waits, is not shown to run, and goes on with the reply', async () => {
    world.time.now = tuesdayMorning;
    const made = await world.post('/v1/tickets', { ...ticketBody, severity: 'problem' });
    const path = `/v1/tickets/${made.body.number}`;
    const left = Date.parse(made.body.sla.firstResponse.dueAt) - Date.parse(world.time.now);
    const waiting = await world.patch(path, { status: 'waiting' }, { key: world.keys.kim });
    expect(waiting.body.sla.firstResponse).toMatchObject({
      dueAt: null,
      basis: 'stopped while the ticket is waiting, with 72 h left',
    });
    world.time.now = addSeconds(world.time.now, 3600);
    await world.post(`${path}/comments`, { body: 'Here it is.' });
    const { sla, status } = (await world.get(path)).body;
    expect(status).toBe('open');
    expect(Date.parse(sla.firstResponse.dueAt)).toBe(Date.parse(world.time.now) + left);
    const agreed = await world.patch(path, { severity: 'outage' }, { key: world.keys.kim });
    expect(agreed.body.sla.firstResponse.dueAt).toBe(addSeconds(world.time.now, 1800));
    await world.patch(path, { status: 'resolved' });
    expect((await world.post(`${path}/escalation`, pressBody)).status).toBe(202);
    expect((await world.get(path)).body.sla.firstResponse.dueAt).toBe(addSeconds(world.time.now, 1800));
  });

  test('only the desk sets a ticket to waiting', async () => {
    const number = await world.open();
    expect((await world.patch(`/v1/tickets/${number}`, { status: 'waiting' })).body.code).toBe('forbidden');
    const byDesk = await world.patch(`/v1/tickets/${number}`, { status: 'waiting' }, { key: world.keys.kim });
    expect(byDesk.body.status).toBe('waiting');
  });
});

describe('comments and the timeline', () => {
  test('a comment is in the timeline, internal ones only for staff, with the chain whole for both', async () => {
    const number = await world.open();
    const said = await world.post(`/v1/tickets/${number}/comments`, { body: 'Any news?' });
    expect(said).toMatchObject({
      status: 201,
      body: { body: 'Any news?', internal: false, author: { kind: 'partner' } },
    });
    const secret = { body: 'They forgot the MX again.', internal: true };
    await world.post(`/v1/tickets/${number}/comments`, secret, { key: world.keys.kim });
    const seen = await world.get(`/v1/tickets/${number}/events`);
    expect(seen.body.data.map((event: { type: string }) => event.type)).toEqual([
      'ticket.created',
      'ticket.commented',
      'ticket.commented',
    ]);
    expect(seen.body.data[1]).toMatchObject({ id: said.body.id, seq: said.body.seq });
    expect(seen.body.data[2]).toMatchObject({ internal: true, data: null, salt: null, text: null });
    expect(seen.text).not.toContain('MX again');
    const known = await world.get(`/v1/tickets/${number}/events`, { key: world.keys.kim });
    expect(known.text).toContain('MX again');
    for (const event of known.body.data) {
      const { data, salt, text: _text, hash, ...links } = event;
      expect(sha256(Buffer.from(salt, 'hex'), canonicalJson(data))).toBe(event.dataHash);
      expect(sha256(canonicalJson(links))).toBe(hash);
    }
    const hashes = (reply: typeof seen) => reply.body.data.map((event: { hash: string }) => event.hash);
    expect(hashes(known)).toEqual(hashes(seen));
  });

  test('partners cannot write internal comments', async () => {
    const number = await world.open();
    const reply = await world.post(`/v1/tickets/${number}/comments`, { body: 'x', internal: true });
    expect(reply.body.code).toBe('forbidden');
  });

  test('the timeline is walked by cursor', async () => {
    const number = await world.open();
    for (const body of ['one', 'two', 'three']) await world.post(`/v1/tickets/${number}/comments`, { body });
    const first = await world.get(`/v1/tickets/${number}/events`, { query: { limit: '3' } });
    const query = { limit: '3', cursor: first.body.nextCursor };
    const second = await world.get(`/v1/tickets/${number}/events`, { query });
    expect([...first.body.data, ...second.body.data].map((event: { seq: number }) => event.seq)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(second.body.nextCursor).toBeNull();
  });
});
