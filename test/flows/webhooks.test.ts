import { expect, it } from 'vitest';
import { caller, emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';
import { hooksOf } from './hooks.ts';

const desk = openDesk('2026-11-24T03:10:00.000Z');

const hook = hooksOf(desk);
const types = (events: { type: string }[]) => events.map(({ type }) => type);

it('sends an integrator each step of an emergency once, signed, in an order that subjectSeq tells', async () => {
  const steps = await hook('steps', { eventTypes: ['ticket.*', 'escalation.*'] });
  const { body: ticket } = await desk.partner('POST', '/v1/tickets', outage);
  await desk.partner('POST', `/v1/tickets/${ticket.number}/escalation`, emergency);
  await desk
    .expectSms('dana', /Reply/)
    .reply('a')
    .expect(/is yours/);

  const events = (await steps.got()).toSorted((a, b) => a.subjectSeq - b.subjectSeq);
  expect(types(events)).toEqual([
    'ticket.created',
    'escalation.started',
    'escalation.paged',
    'escalation.acknowledged',
  ]);
  expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
  const timeline = await desk.partner('GET', `/v1/tickets/${ticket.number}/events`);
  expect(events.map((event) => event.hash)).toEqual(
    timeline.body.data.map((event: { hash: string }) => event.hash),
  );
  // The log of events tells the same, body for body.
  await desk.cloud.clock({ advance: 'PT6S' });
  const log = await desk.partner('GET', `/v1/events?limit=100&since=${ticket.createdAt}`);
  const own = log.body.data.filter(({ id }: { id: string }) => events.some((event) => event.id === id));
  expect(own).toEqual(events.map(({ sentAt: _s, headers: _h, ...event }) => event));
  await steps.remove();
});

it('sends a test while its owner waits, and tells what came back', async () => {
  await desk.cloud.answerHook('tried', { status: 418, headers: { 'x-teapot': 'yes' } });
  const tried = await hook('tried', { eventTypes: ['sla.*'] });
  const { status, body } = await desk.partner('POST', `${tried.path}/test`, { type: 'escalation.paged' });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    event: { type: 'escalation.paged' },
    status: 'failed',
    attempts: [
      {
        ...{ n: 1, trigger: 'test', statusCode: 418, errorCode: 'status_418' },
        remoteAddress: expect.stringMatching(/127\.0\.0\.1|::1/),
        response: { headers: { 'x-teapot': 'yes' } },
      },
    ],
  });
  const [sent] = await tried.got();
  expect(sent).toMatchObject({ type: 'escalation.paged', id: body.event.id });
  await desk.cloud.clock({ advance: 'PT1M' });
  expect(await tried.got()).toHaveLength(1);
  await tried.remove();
});

it('sends thin what is wanted thin, and nothing that its own key did', async () => {
  const thin = await hook('thin', { payload: 'thin', ignoreOwn: true });
  const { body: ticket } = await desk.partner('POST', '/v1/tickets', outage);
  await desk.staff('POST', `/v1/tickets/${ticket.number}/comments`, { body: 'We are looking.' });
  await desk.staff('POST', `/v1/tickets/${ticket.number}/comments`, { body: 'For us.', internal: true });
  await desk.cloud.settle();
  const events = await thin.got();
  expect(events.filter(({ type }) => type === 'ticket.created')).toEqual([]);
  const comments = events.filter(({ type }) => type === 'ticket.commented');
  expect(comments).toMatchObject([{ data: { ticket: { number: ticket.number } } }]);
  expect(JSON.stringify(events)).not.toContain('looking');
  await thin.remove();
});

it('is retried by hand, and given up at 410', async () => {
  await desk.cloud.answerHook('gone', { status: 500 });
  const gone = await hook('gone', { eventTypes: ['ticket.created'] });
  await desk.partner('POST', '/v1/tickets', outage);
  await desk.cloud.settle();
  const { body: list } = await desk.partner('GET', `${gone.path}/deliveries?status=waiting`);
  await desk.cloud.answerHook('gone', { status: 410 });
  const retried = await desk.partner('POST', `/v1/deliveries/${list.data[0].id}/retry`);
  expect(retried.status).toBe(202);
  await desk.cloud.settle();
  expect((await desk.partner('GET', `/v1/deliveries/${list.data[0].id}`)).body).toMatchObject({
    status: 'failed',
    attempts: [{ trigger: 'event' }, { trigger: 'manual', statusCode: 410 }],
  });
  expect((await desk.partner('GET', gone.path)).body).toMatchObject({
    status: 'disabled',
    disabledBecause: 'The receiver answered 410 Gone.',
  });
  await gone.remove();
});

it('refuses an address that is not public', async () => {
  for (const url of [
    'http://example.com/x',
    'https://127.0.0.1/x',
    'https://169.254.169.254/',
    'https://[::1]/',
  ]) {
    const answer = await desk.partner('POST', '/v1/webhooks', { url, eventTypes: ['*'] });
    expect(answer.body.code).toBe('webhook_url_refused');
  }
});

it('tells the desk’s own endpoints who changed the directory, and partners’ never', async () => {
  const everything = ['api_key.*', 'staff.*', 'configuration.*'];
  const own = await hook('audit', { eventTypes: everything }, desk.admin);
  const theirs = await hook('partners', { eventTypes: ['*'] });
  const { body: made } = await desk.admin('POST', '/v1/api-keys', {
    ...{ partner: desk.cloud.demo.partnerId, scopes: ['tickets:read', 'keys:rotate'] },
  });
  const byItself = caller(desk.cloud.baseUrl, made.key);
  const rotated = await byItself('POST', '/v1/api-keys/self/rotate', { overlapHours: 1 });
  expect(rotated.status).toBe(201);
  await desk.cloud.settle();
  const events = (await own.got()).toSorted((a, b) => a.subjectSeq - b.subjectSeq);
  expect(types(events)).toEqual(['api_key.created', 'api_key.rotated']);
  expect(events[1]).toMatchObject({ data: { apiKey: { id: rotated.body.id }, replaces: { id: made.id } } });
  expect(JSON.stringify(events)).not.toContain(rotated.body.key.split('_').at(-1));
  expect(await theirs.got()).toEqual([]);
  await desk.cloud.clock({ advance: 'PT1H' });
  expect((await byItself('GET', '/v1/tickets')).status).toBe(401);
  await desk.admin('DELETE', own.path);
  await theirs.remove();
});

it('tells each partner and the desk once when the desk opens, at its instant, also on a clock that was put back', async () => {
  // Monday, 08:50 in New York.
  await desk.cloud.clock({ set: '2026-11-23T13:50:00.000Z' });
  const openedAt = '2026-11-23T14:00:00.000Z';
  const theirs = await hook('opening', { eventTypes: ['desk.opened'] });
  const others = await hook('opening-others', { eventTypes: ['desk.*'] }, desk.otherPartner);
  const own = await hook('opening-own', { eventTypes: ['desk.opened'] }, desk.admin);
  await desk.cloud.clock({ set: '2026-11-23T14:30:00.000Z' });
  const [event, ...more] = await theirs.got();
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    type: 'desk.opened',
    text: 'The desk is open until 20:00 ET.',
    data: {
      openedAt,
      closesAt: '2026-11-24T01:00:00.000Z',
      calendar: 'default',
      timezone: 'America/New_York',
    },
  });
  const late = Date.parse(event?.timestamp ?? '') - Date.parse(openedAt);
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(5_000);
  for (const each of [others, own]) expect((await each.got()).map(({ id }) => id)).toEqual([event?.id]);
  const { body } = await desk.partner('GET', `/v1/events?type=desk.opened&since=${openedAt}`);
  expect(body.data.map(({ id }: { id: string }) => id)).toContain(event?.id);
  expect((await desk.partner('GET', '/v1/event-types/desk.opened')).body.type).toBe('desk.opened');

  // Lunch is made on the day itself: it opens a second time.
  const { body: calendar } = await desk.admin('GET', '/v1/calendars/default');
  const mon: [string, string][] = [
    ['09:00', '09:40'],
    ['09:50', '20:00'],
  ];
  const changed = { ...calendar, week: { ...calendar.week, mon } };
  expect((await desk.admin('PUT', '/v1/calendars/default', changed)).status).toBe(200);
  await desk.cloud.clock({ set: '2026-11-23T15:00:00.000Z' });
  const second = (await theirs.got()).slice(1);
  expect(second.map(({ data }) => data.openedAt)).toEqual(['2026-11-23T14:50:00.000Z']);
  expect((await desk.admin('PUT', '/v1/calendars/default', calendar)).status).toBe(200);
  await desk.cloud.settle();
  expect(await theirs.got()).toHaveLength(2);
  await theirs.remove();
  await others.remove();
  await desk.admin('DELETE', own.path);
});

it('lets a partner’s console in a browser in from the stage’s origins alone, and shows it our headers', async () => {
  const origin = 'http://localhost:5173';
  const path = `${desk.cloud.baseUrl}/v1/tickets`;
  const preflight = (from: string) =>
    fetch(path, {
      method: 'OPTIONS',
      headers: { origin: from, 'access-control-request-method': 'POST' },
    });
  const allowed = await preflight(origin);
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
  expect(allowed.headers.get('access-control-allow-headers')).toContain('idempotency-key');
  const refused = await preflight('https://evil.example');
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();

  const { headers } = await desk.partner('POST', '/v1/tickets', outage, { origin });
  expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(headers.get('access-control-allow-credentials')).toBeNull();
  const exposed = headers.get('access-control-expose-headers')?.split(',') ?? [];
  for (const name of ['location', 'etag', 'ratelimit', 'ratelimit-policy', 'x-request-id']) {
    expect(exposed).toContain(name);
    expect(headers.get(name), name).not.toBeNull();
  }
  expect(exposed).toContain('retry-after');
  expect((await desk.partner('GET', '/v1/tickets')).headers.get('access-control-allow-origin')).toBeNull();
  // Without the headers of a preflight, OPTIONS is ours to answer.
  expect((await fetch(path, { method: 'OPTIONS' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
});
