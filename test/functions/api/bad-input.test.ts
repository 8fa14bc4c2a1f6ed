import { beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../../shared/contract/operations/all.ts';
import { type Sample, samplesFor } from './samples.ts';
import { makeWorld, pressBody, ticketBody, type World } from './world.ts';

let world: World;
let samples: Record<string, Sample>;
beforeAll(async () => {
  world = await makeWorld();
  const number = await world.open();
  const pressed = await world.post(`/v1/tickets/${number}/escalation`, pressBody);
  const { body } = await world.post('/v1/incidents', { title: 'Known' }, { key: world.keys.kim });
  samples = samplesFor({ number, escalation: pressed.body.id, incident: body.number });
});

const withBody = operations.filter(({ body }) => body !== null);

function sampleOf(id: string): Sample {
  const sample = samples[id];
  if (!sample) throw new Error(`There is no sample of ${id}`);
  return sample;
}

async function send(
  id: string,
  request: {
    body?: unknown;
    raw?: string | Buffer;
    headers?: Record<string, string>;
    query?: Record<string, string>;
  },
) {
  const { path, key, query } = sampleOf(id);
  const method = operations.find((operation) => operation.id === id)?.method ?? '';
  return world.call(method, path, { key: world.keys[key], ...(query ? { query } : {}), ...request });
}

test('every operation has a good sample, and it is taken', async () => {
  for (const { id, access } of operations) {
    if (access === 'open') continue;
    const { body } = sampleOf(id);
    const reply = await send(id, body ? { body } : {});
    const expected =
      /^((revoke|rotate)ApiKey|endOverride|(get|update|delete|test|enable|disable|recover)Webhook|rotateWebhookSecret|listDeliveries|(get|retry)Delivery)$/.test(
        id,
      )
        ? 404
        : reply.status < 300 || /pass|acknowledge|resolve|NotContacted|split/.test(id);
    expect(expected === 404 ? reply.status === 404 : expected, `${id}: ${reply.text}`).toBe(true);
  }
});

describe.each(withBody.map(({ id, bodyOptional }) => [id, bodyOptional] as const))(
  '%s',
  (id, bodyOptional) => {
    test('refuses what is not JSON, not UTF-8, not an object, too large, or not called JSON', async () => {
      const cases = [
        [{ raw: '{"a":' }, 400, 'malformed_json'],
        [{ raw: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }, 400, 'malformed_json'],
        ...(bodyOptional ? [] : [[{ raw: '' }, 400, 'malformed_json'] as const]),
        [{ body: [] }, 422, 'invalid_request'],
        [{ body: null }, 422, 'invalid_request'],
        [{ body: 'text' }, 422, 'invalid_request'],
        [{ body: 7 }, 422, 'invalid_request'],
        [{ raw: `"${'x'.repeat(1_048_576)}"` }, 413, 'body_too_large'],
        [{ raw: '['.repeat(200_000) }, 400, 'malformed_json'],
        [{ body: {}, headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_media_type'],
        [
          { body: {}, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
          415,
          'unsupported_media_type',
        ],
      ] as const;
      for (const [request, status, code] of cases) {
        const reply = await send(id, request);
        expect(reply, JSON.stringify(request).slice(0, 60)).toMatchObject({ status, body: { code } });
      }
    });

    test('refuses a field that it does not know, and names it', async () => {
      const { body } = sampleOf(id);
      const reply = await send(id, { body: { ...body, surprise: 1 } });
      expect(reply).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
      expect(reply.body.errors).toContainEqual({ field: 'surprise', message: 'is not a known field' });
    });

    test('answers any value in any field with 2xx or a 4xx that names that field', async () => {
      const junk = [
        null,
        0,
        -1,
        1e308,
        true,
        [],
        {},
        '',
        ' ',
        'x',
        '\u0000',
        '\ud800',
        'ND-0000-0000',
        'x'.repeat(70_000),
        [[]],
        [null],
        { a: 1 },
      ];
      const { body = {} } = sampleOf(id);
      for (const path of pathsOf(body)) {
        await Promise.all(
          junk.map(async (value) => {
            const reply = await send(id, { body: replaced(body, path, value) });
            const where = `${path.join('.')} = ${JSON.stringify(value).slice(0, 40)}: ${reply.text.slice(0, 300)}`;
            expect(reply.status, where).toBeLessThan(500);
            if (reply.status === 422 && reply.body.code === 'invalid_request') {
              const [top = ''] = path;
              expect(
                reply.body.errors.map(({ field }: { field: string }) => field.split('.')[0]),
                where,
              ).toContain(top);
            }
          }),
        );
      }
    }, 120_000);
  },
);

describe('queries', () => {
  test('are refused field by field', async () => {
    const cases: [string, Record<string, string>, string][] = [
      ['listTickets', { limit: '0' }, 'limit'],
      ['listTickets', { limit: '101' }, 'limit'],
      ['listTickets', { limit: 'many' }, 'limit'],
      ['listTickets', { limit: '' }, 'limit'],
      ['listTickets', { status: 'sleeping' }, 'status'],
      ['listTickets', { severity: 'new,open' }, 'severity'],
      ['listTickets', { stauts: 'new' }, 'stauts'],
      ['listTickets', { q: '' }, 'q'],
      ['listEscalations', { state: 'x' }, 'state'],
      ['getSupportStatus', { at: 'yesterday' }, 'at'],
      ['getSupportStatus', { at: '2026-02-30T00:00:00Z' }, 'at'],
      ['getSupportStatus', { at: '2026-01-05T25:00:00Z' }, 'at'],
      ['getSupportStatus', { at: '9999-01-01T00:00:00Z' }, 'at'],
      ['getSupportStatus', { at: '2026-01-05' }, 'at'],
      ['getOnCall', { at: '1' }, 'at'],
      ['listShifts', { from: '2026-01-05T00:00:00Z' }, 'to'],
      ['listShifts', { from: '2026-01-05T00:00:00Z', to: '2026-01-05T00:00:00Z' }, 'to'],
      ['listShifts', { from: '2026-01-05T00:00:00Z', to: '2028-01-05T00:00:00Z' }, 'to'],
      ['getBusinessTime', { add: 'PT2H' }, 'from'],
      ['getBusinessTime', { from: '2026-01-05T00:00:00Z' }, 'add'],
      ['getBusinessTime', { from: '2026-01-05T00:00:00Z', add: 'P' }, 'add'],
      ['getBusinessTime', { from: '2026-01-05T00:00:00Z', add: '-PT2H' }, 'add'],
      ['getBusinessTime', { from: '2026-01-05T00:00:00Z', add: '2 hours' }, 'add'],
      ['getBusinessTime', { from: '2026-01-05T00:00:00Z', add: 'PT1H', to: '2026-01-06T00:00:00Z' }, 'add'],
      ['getBusinessTime', { from: '2001-01-05T00:00:00Z', to: '2099-01-06T00:00:00Z' }, 'to'],
    ];
    for (const [id, query, field] of cases) {
      const reply = await send(id, { query });
      expect(reply, `${id} ${JSON.stringify(query)}`).toMatchObject({
        status: 422,
        body: { code: 'invalid_request' },
      });
      expect(reply.body.errors.map((error: { field: string }) => error.field)).toContain(field);
    }
  });
});

describe('words', () => {
  test('of every wrong field at once', async () => {
    const { body } = await send('createTicket', {
      body: {
        subject: '',
        severity: 'dire',
        requester: { name: 7, email: 'kim@', timezone: 'Mars/Olympus' },
        answers: { a: 1 },
      },
    });
    expect(body.errors).toEqual(
      expect.arrayContaining([
        { field: 'subject', message: 'must not be empty' },
        { field: 'description', message: 'is required' },
        { field: 'requester.name', message: 'must be a string' },
        { field: 'requester.email', message: 'is not an e-mail address' },
        { field: 'requester.timezone', message: 'is not an IANA time zone such as America/New_York' },
        { field: 'severity', message: 'must be one of question, problem, degraded, outage, order' },
        { field: 'answers.a', message: 'must be a string' },
      ]),
    );
    expect(body.errors).toHaveLength(7);
  });

  test.each([
    ['putSchedule', { timezone: 'Nowhere/Land' }, 'timezone', /IANA/],
    [
      'putSchedule',
      { rotations: [{ name: 'r', start: 'soon', every: { weeks: 1 }, members: ['stf_dana'] }] },
      'rotations.0.start',
      /wall time/,
    ],
    [
      'putSchedule',
      { rotations: [{ name: 'r', start: '2026-01-05T09:00', every: {}, members: ['stf_dana'] }] },
      'rotations.0.every',
      /one of/,
    ],
    [
      'putSchedule',
      { rotations: [{ name: 'r', start: '2026-01-05T09:00', every: { days: 1 }, members: [] }] },
      'rotations.0.members',
      /members/,
    ],
    [
      'putSchedule',
      { rotations: [{ name: 'r', start: '2026-01-05T09:00', every: { days: 1 }, members: ['stf_x'] }] },
      'rotations.0.members.0',
      /nobody/,
    ],
    [
      'putSchedule',
      {
        rotations: [
          {
            ...{ name: 'r', start: '2026-01-05T09:00', every: { days: 1 }, members: ['stf_dana'] },
            during: { mon: [['18:00', '17:60']] },
          },
        ],
      },
      'rotations.0.during.mon.0',
      /not a time/,
    ],
    ['createOverride', { to: '2026-01-31T00:00:00Z' }, 'to', /after it starts/],
    ['createOverride', { staff: 'stf_x' }, 'staff', /nobody/],
    ['createOverride', { staff: null, instead: null }, 'instead', /who is to be off call/],
    ['putPolicy', { levels: [] }, 'levels', /at least 1 entry/],
    [
      'putPolicy',
      { levels: [{ afterMinutes: 5, page: [{ everyone: true }] }] },
      'levels.0.afterMinutes',
      /must be 0/,
    ],
    [
      'putPolicy',
      {
        levels: [
          { afterMinutes: 0, page: [{ everyone: true }] },
          { afterMinutes: 0, page: [{ everyone: true }] },
        ],
      },
      'levels.1.afterMinutes',
      /later/,
    ],
    [
      'putPolicy',
      { levels: [{ afterMinutes: 0, page: [{ nobody: true }] }] },
      'levels.0.page.0',
      /must be one of/,
    ],
    ['putCalendar', { week: { mon: [['9', '17:00']] } }, 'week.mon.0', /./],
    ['putCalendar', { holidays: [{ date: '2026-02-30', name: 'x' }] }, 'holidays.0.date', /not a date/],
    ['createStaff', { phone: '+1202555' }, 'phone', /cannot be dialled/],
    ['createStaff', { role: 'boss' }, 'role', /one of/],
    ['createStaff', { email: 'lou' }, 'email', /e-mail/],
    ['createApiKey', { staff: 'stf_dana' }, 'partner', /exactly one/],
    ['createApiKey', { scopes: [] }, 'scopes', /at least/],
    ['createApiKey', { scopes: ['desk:read'] }, 'scopes', /partner's key/],
    ['createApiKey', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt', /future/],
    ['createWebhook', { eventTypes: ['ticket.sneezed'] }, 'eventTypes.0', /not an event type/],
    ['createWebhook', { url: 'hooks' }, 'url', /not a URL/],
    ['escalate', { reason: 'other', detail: null }, 'detail', /required/],
    ['escalate', { callback: { phone: '' } }, 'callback.phone', /empty/],
    ['updateTicket', { status: 'new' }, 'status', /one of/],
    ['addComment', { body: '  ' }, 'body', /empty/],
  ] as const)('%s with %j blames %s', async (id, change, field, message) => {
    const { body } = sampleOf(id);
    const reply = await send(id, { body: { ...body, ...change } });
    expect(reply.body.code).toBe('invalid_request');
    expect(reply.body.errors).toContainEqual({ field, message: expect.stringMatching(message) });
  });

  test('of references that lead nowhere', async () => {
    for (const [id, change, field] of [
      ['createTicket', { service: 'telex' }, 'service'],
      ['updateTicket', { service: 'telex' }, 'service'],
      ['putProvider', { calendar: 'none' }, 'calendar'],
      ['putProvider', { policy: 'none' }, 'policy'],
      ['createPartner', { plan: 'none' }, 'plan'],
      ['updatePartner', { plan: 'none' }, 'plan'],
      ['createPlan', { calendar: 'none' }, 'calendar'],
      ['updatePlan', { calendar: 'none' }, 'calendar'],
      ['createApiKey', { partner: 'none' }, 'partner'],
      ['createApiKey', { partner: null, staff: 'none' }, 'staff'],
      [
        'putPolicy',
        { levels: [{ afterMinutes: 0, page: [{ schedule: 'none' }] }] },
        'levels.0.page.0.schedule',
      ],
    ] as const) {
      const reply = await send(id, { body: { ...sampleOf(id).body, ...change } });
      expect(reply.body.code, id).toBe('unknown_reference');
      expect(reply.body.errors[0].field).toBe(field);
    }
  });
});

test('a webhook goes to the open internet only', async () => {
  for (const url of [
    'http://hooks.acme.example/n',
    'https://127.0.0.1/n',
    'https://[::1]/',
    'https://inside.example/n',
    'https://localhost/hook',
    'https://metadata.google.internal/',
    'https://intranet/n',
    'http://localhost:4000/v1/tickets',
    'https://u:p@acme.example/',
  ]) {
    const reply = await world.post('/v1/webhooks', { url, eventTypes: ['*'] });
    expect(reply, url).toMatchObject({
      status: 422,
      body: { code: 'webhook_url_refused', errors: [{ field: 'url' }] },
    });
  }
  expect((await world.post('/v1/webhooks', { url: 'http://localhost:4000/local/hooks/a' })).status).toBe(201);
});

test('unknown paths are 404 and other methods 405 with what is allowed', async () => {
  for (const path of ['/v1', '/v1/clientele', '/v1//tickets', '/%00']) {
    expect((await world.get(path)).body, path).toMatchObject({
      code: 'not_found',
      detail: 'There is nothing here.',
    });
  }
  const reply = await world.call('PUT', '/v1/tickets');
  expect(reply).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD, OPTIONS, POST' },
    body: { code: 'method_not_allowed' },
  });
});

test.each([
  ['GET', '/v1/clients'],
  ['GET', '/v1/intake-forms'],
  ['GET', '/v1/intake-forms/general'],
  ['POST', '/v1/diagnostics'],
  ['POST', '/v1/console-sessions'],
  ['POST', '/v1/tickets/ND-0000-0000/attachments'],
  ['GET', '/v1/tickets/ND-0000-0000/attachments/att_1'],
])('what comes with a later version says so: %s %s', async (method, path) => {
  expect(await world.call(method, path)).toMatchObject({
    status: 404,
    body: { code: 'not_found', detail: 'This version does not have it yet.' },
  });
});

test('a failure that nobody foresaw is 500 with its request id, without a stack, and is logged', async () => {
  const broken = await makeWorld();
  broken.store.cases.ticket = () => Promise.reject(new Error('secret detail at /var/task'));
  const number = await broken.open();
  await expect(broken.get(`/v1/tickets/${number}`)).rejects.toThrow(/internal/);
  expect(JSON.stringify(broken.logged)).toContain('secret detail');
});

test('neither keys nor message words nor phone numbers reach the log', async () => {
  const quiet = await makeWorld();
  const number = await quiet.open({ description: 'Very private words' });
  await quiet.post(`/v1/tickets/${number}/escalation`, pressBody);
  await quiet.post('/v1/tickets', { ...ticketBody, subject: 7 });
  const lines = JSON.stringify(quiet.logged);
  expect(lines).toContain(number);
  expect(lines).toContain('ptn_acme');
  for (const secret of [quiet.keys.partner, 'private words', '5550147', 'kim@acme'])
    expect(lines).not.toContain(secret);
});

/** Every place in a body, deepest last. */
function pathsOf(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [at];
  return [
    ...(at.length > 0 ? [at] : []),
    ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...at, name])),
  ];
}

function replaced(body: unknown, [name = '', ...rest]: string[], value: unknown): unknown {
  const copy = structuredClone(body) as Record<string, unknown>;
  copy[name] = rest.length === 0 ? value : replaced(copy[name], rest, value);
  return copy;
}
