import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type StartedCloud, startLocalCloud } from '../../infra/local/client.ts';
import { type Fixture, writeFixture } from './fixture.ts';

/** The whole local cloud over the fixture's small functions. */
const start = '2026-01-05T22:10:00.000Z';
const dana = '+12025550101';
let fixture: Fixture;
let cloud: StartedCloud;

beforeAll(async () => {
  fixture = writeFixture();
  cloud = await startLocalCloud({ assemblyDir: fixture.dir, demo: false, now: start });
});
afterAll(async () => {
  await cloud?.close();
  fixture.remove();
});
afterEach(() => cloud.clearFaults());

interface Answer {
  event: Record<string, unknown> & { requestContext: Record<string, unknown> };
  results: { status: number; date: string; body: string }[];
  now: string;
  env: Record<string, string>;
  left: number;
}

async function api(wanted: object = {}, path = '/', headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(cloud.baseUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(wanted),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}
const textsTo = async (phone: string) => (await cloud.sms(phone)).map(({ body }) => body);

describe('the API', () => {
  it('gives its function an event of payload format 2.0', async () => {
    const { event, left } = await api({ a: 1 }, '/v1/tickets?q=a%20b&q=c', {
      cookie: 'x=1; y=2',
      'x-many': 'one',
    });
    expect(event).toMatchObject({
      version: '2.0',
      rawPath: '/v1/tickets',
      rawQueryString: 'q=a%20b&q=c',
      queryStringParameters: { q: 'a b,c' },
      cookies: ['x=1', 'y=2'],
      headers: { 'x-many': 'one', 'content-type': 'application/json' },
      body: '{"a":1}',
      isBase64Encoded: false,
      requestContext: {
        stage: '$default',
        http: { method: 'POST', path: '/v1/tickets', protocol: 'HTTP/1.1' },
      },
    });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(left).toBeGreaterThan(1000);
    expect(left).toBeLessThanOrEqual(4000);
  });

  it('gives its function exactly the variables of the template and those of Lambda', async () => {
    const { env } = await api();
    expect(env).toMatchObject({
      TABLE_NAME: 'fixture',
      ORIGIN: cloud.baseUrl,
      AWS_LAMBDA_FUNCTION_NAME: 'fixture-api',
    });
    expect(env).not.toHaveProperty('PATH');
    expect(env).not.toHaveProperty('HOME');
  });

  it('answers for a function that is out of time; meanwhile others are answered, however many hang', async () => {
    const order: string[] = [];
    const hang = async () => {
      const response = await fetch(cloud.baseUrl, {
        method: 'POST',
        body: '{"hang":true}',
        headers: { 'content-type': 'text/plain' },
      });
      expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
      order.push('out of time');
    };
    await Promise.all([hang(), hang(), hang(), api().then(() => order.push('answered'))]);
    expect(order).toEqual(['answered', 'out of time', 'out of time', 'out of time']);
  });

  it('refuses a body of more than 10 MB before the function sees it', async () => {
    const response = await fetch(cloud.baseUrl, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    expect(response.status).toBe(413);
  });
});

describe('a role', () => {
  it('lets through what it grants and answers the rest as AWS does', async () => {
    const { results } = await api({
      dynamo: [
        ['PutItem', { Item: { pk: { S: 'role' }, sk: { S: 'x' } } }],
        ['GetItem', { Key: { pk: { S: 'role' }, sk: { S: 'x' } } }],
      ],
      sns: [{ Action: 'Publish', PhoneNumber: dana, Message: 'not granted' }],
    });
    const [granted, denied, text] = results;
    expect(granted?.status).toBe(200);
    expect(denied).toMatchObject({ status: 400, body: expect.stringContaining('AccessDeniedException') });
    expect(denied?.body).toContain('not authorized to perform: dynamodb:GetItem');
    expect(text).toMatchObject({
      status: 403,
      body: expect.stringContaining('<Code>AuthorizationError</Code>'),
    });
    expect(await textsTo(dana)).not.toContain('not granted');
  });
});

describe('a write', () => {
  it('goes from the stream over the topic and its filters to the queue and to the mailbox', async () => {
    const to = '+12025550111';
    const work = JSON.stringify({ to, text: 'from the stream' });
    await api({
      put: [
        { pk: 'w', sk: '1', outbox: work },
        { pk: 'w', sk: '2' },
      ],
    });
    await api({ put: [{ pk: 'w', sk: '3', outbox: work, kind: 'other' }] });
    await cloud.settle();
    expect(await textsTo(to)).toEqual([expect.stringMatching(/^from the stream/)]);
    const mail = await cloud.mail('desk@fixture.example');
    expect(mail.map(({ subject, text }) => [subject, text])).toEqual([
      ['Work', work],
      ['Work', work],
    ]);
  });
});

describe('the clock', () => {
  it('carries each step at its own time, and is what functions see', async () => {
    const to = '+12025550112';
    await cloud.clock({ set: '2026-01-06T08:00:00Z' });
    await api({
      send: [
        [{ to, text: 'second' }, 600],
        [{ to, text: 'first' }, 60],
      ],
    });
    const before = performance.now();
    await cloud.clock({ advance: 'PT1H' });
    expect(performance.now() - before).toBeLessThan(5000);
    expect(await textsTo(to)).toEqual([
      expect.stringMatching(/^first 2026-01-06T08:01:0/),
      expect.stringMatching(/^second 2026-01-06T08:10:0/),
    ]);
    expect((await api()).now).toMatch(/^2026-01-06T09:00/);
  });

  it('brings a failed message its next tries and then its place among the dead letters', async () => {
    await api({ send: [[{ fail: true, name: 'bad' }, 0]] });
    await cloud.settle();
    expect(await cloud.deadLetters()).toEqual([]);
    await cloud.clock({ advance: 'PT2M' });
    expect(await cloud.deadLetters()).toEqual([
      { queue: 'work-dead', body: '{"fail":true,"name":"bad"}', error: 'the function reported it as failed' },
    ]);
  });

  it('dates what AWS answers, so that no SDK takes its own clock for wrong and a refusal for its fault', async () => {
    await cloud.clock({ set: '2026-01-07T08:00:00Z' });
    const item = { pk: { S: 'dated' }, sk: { S: 'x' } };
    const { results } = await api({
      dynamo: [
        ['PutItem', { Item: item }],
        ['PutItem', { Item: item, ConditionExpression: 'attribute_not_exists(pk)' }],
      ],
    });
    expect(results.map(({ status }) => status)).toEqual([200, 400]);
    for (const { date } of results) expect(new Date(date).toISOString()).toMatch(/^2026-01-07T08:00/);
  });

  it('goes back', async () => {
    await cloud.clock({ set: '2020-02-29T12:00:00+02:00' });
    expect((await api()).now).toMatch(/^2020-02-29T10:00/);
  });
});

describe('a phone', () => {
  it('that is failing takes nothing, and the delivery log says why', async () => {
    const to = '+12025550113';
    await cloud.phone(to, { failing: 'bad number' });
    await api({ send: [[{ to, text: 'lost' }, 0]] });
    await cloud.settle();
    expect(await textsTo(to)).toEqual([]);
    // The status function writes what it read where the outbox takes it up, and the worker texts it.
    expect((await textsTo(dana)).at(-1)).toMatch(/^FAILURE: Invalid phone number/);
    await cloud.phone(to, {});
    await api({ send: [[{ to, text: 'heard' }, 0]] });
    await cloud.settle();
    expect(await textsTo(to)).toEqual([expect.stringMatching(/^heard/)]);
  });
});

describe('a fault', () => {
  it('meets the next calls that it is meant for, and no more', async () => {
    await cloud.fault({
      service: 'dynamodb',
      action: 'PutItem',
      error: 'ProvisionedThroughputExceededException',
      times: 2,
    });
    const item = { pk: 'fault', sk: 'x' };
    const { results } = await api({ put: [item, item, item] });
    expect(results.map(({ status }) => status)).toEqual([400, 400, 200]);
    expect(results[0]?.body).toContain('ProvisionedThroughputExceededException');
  });

  it('makes a call slow', async () => {
    await cloud.fault({ service: 'dynamodb', latencyMs: 300 });
    const before = performance.now();
    await api({ put: [{ pk: 'slow', sk: 'x' }] });
    expect(performance.now() - before).toBeGreaterThanOrEqual(300);
  });
});

describe('/local', () => {
  const ask = (headers: Record<string, string>) =>
    new Promise<number | undefined>((done, failed) => {
      request(`${cloud.baseUrl}/local/clock`, { headers }, (response) => {
        response.resume();
        done(response.statusCode);
      })
        .on('error', failed)
        .end();
    });

  it('does not answer a page of the internet, whatever name it found this machine under', async () => {
    expect(await ask({})).toBe(200);
    expect(await ask({ host: 'evil.example' })).toBe(403);
    expect(await ask({ origin: 'https://evil.example' })).toBe(403);
  });

  it('keeps what its webhook receiver got, to the byte, and answers as it is told', async () => {
    await cloud.answerHook('mine', { status: 503, headers: { 'retry-after': '7' } });
    const body = '{"a": 1,\n "ü":"\\u00e9"}';
    const response = await fetch(`${cloud.baseUrl}/local/hooks/mine`, { method: 'POST', body });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '7']);
    expect((await cloud.hooks('mine')).map((got) => got.body)).toEqual([body]);
  });

  it('says in words what it does not do', async () => {
    const response = await fetch(`${cloud.baseUrl}/local/mail`, { method: 'POST', body: 'x' });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      501,
      'application/problem+json',
    ]);
    expect(await response.json()).toMatchObject({
      detail: 'Mail that comes in is not part of the local cloud yet.',
    });
  });
});
