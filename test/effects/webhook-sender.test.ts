import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebhookSender, type WebhookMessage } from '../../shared/effects/webhook-sender.ts';
import { signatureHeaders } from '../../shared/effects/webhook-signature.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { type WebhookReceiver, webhookReceiver } from '../fakes/webhook-receiver.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('signing', () => {
  it('makes the published vector', () => {
    const headers = signatureHeaders([secret], {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      seconds: 1614265330,
      body: '{"test": 2432232314}',
    });
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it.each(['{}', '{"text":"Größe, 日本, 🌙"}', ' {"a": 1}\n'])(
    'is verified by the standardwebhooks package: %j',
    (body) => {
      const headers = signatureHeaders([secret], {
        id: 'evt_1',
        seconds: Math.floor(Date.now() / 1000),
        body,
      });
      expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body));
    },
  );

  it('is not verified with another body, id, time or secret', () => {
    const seconds = Math.floor(Date.now() / 1000);
    const headers = { ...signatureHeaders([secret], { id: 'evt_1', seconds, body: '{"a":1}' }) };
    expect(() => new Webhook(secret).verify('{"a":2}', headers)).toThrow();
    expect(() => new Webhook(secret).verify('{"a":1}', { ...headers, 'webhook-id': 'evt_2' })).toThrow();
    expect(() =>
      new Webhook(secret).verify('{"a":1}', { ...headers, 'webhook-timestamp': String(seconds + 1) }),
    ).toThrow();
    expect(() => new Webhook('whsec_AAAAr8GKYqrTwjUPD8ILPZIo2LaLaSw').verify('{"a":1}', headers)).toThrow();
  });
});

describe('an attempt', () => {
  let receiver: WebhookReceiver;
  beforeEach(async () => {
    receiver = await webhookReceiver();
  });
  afterEach(() => receiver.close());

  const send = (change: Partial<WebhookMessage> = {}) =>
    createWebhookSender({ clock: systemClock, localOrigin: receiver.origin }).send({
      url: `${receiver.origin}/local/hooks/acme`,
      secrets: [secret],
      id: 'evt_6PC7PS9V_3',
      body: '{"id":"evt_6PC7PS9V_3","text":"Größe"}',
      ...change,
    });

  it('posts the exact body with headers that verify', async () => {
    expect(await send()).toMatchObject({ statusCode: 204, errorCode: null, retryAfterSeconds: null });
    const [request] = receiver.received;
    expect(request).toMatchObject({
      path: '/local/hooks/acme',
      body: '{"id":"evt_6PC7PS9V_3","text":"Größe"}',
    });
    expect(request?.headers['content-type']).toBe('application/json');
    const headers = Object.fromEntries(
      Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    expect(new Webhook(secret).verify(request?.body ?? '', headers)).toMatchObject({ text: 'Größe' });
  });

  it.each([301, 302, 307, 308])('does not follow a %i', async (status) => {
    receiver.answer = { status, headers: { location: `${receiver.origin}/local/hooks/other` } };
    expect(await send()).toMatchObject({ statusCode: status, errorCode: 'redirected' });
    expect(receiver.received).toHaveLength(1);
  });

  it('keeps no control characters of an answer but white space', async () => {
    receiver.answer = { status: 500, body: 'a\u0000\u0007\tb\r\nc\u001b[31m' };
    expect((await send()).exchange.response?.body).toBe('a  \tb\r\nc [31m');
  });

  it('reads Retry-After in seconds and as a date', async () => {
    receiver.answer = { status: 503, headers: { 'retry-after': '120' } };
    expect(await send()).toMatchObject({ errorCode: 'status_503', retryAfterSeconds: 120 });
    receiver.answer = {
      status: 429,
      headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() },
    };
    const { retryAfterSeconds } = await send();
    expect(retryAfterSeconds).toBeGreaterThan(57);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    receiver.answer = { status: 503, headers: { 'retry-after': 'soon' } };
    expect(await send()).toMatchObject({ retryAfterSeconds: null });
  });

  it('does not read an endless body', async () => {
    receiver.answer = { status: 200, bodyBytes: 20 * 1024 * 1024 };
    expect(await send()).toMatchObject({ statusCode: 200, errorCode: null });
  });

  it('says that nobody listens', async () => {
    await receiver.close();
    expect(await send()).toMatchObject({ statusCode: null, errorCode: 'connection_failed' });
  });

  it.each(['https://localhost/hook', 'https://printer.local/', 'https://intranet/'])(
    'asks nobody where %s is: it is refused by its form',
    async (url) => {
      let asked = 0;
      const resolve = async () => [{ address: `93.184.216.${++asked}`, family: 4 }];
      const sender = createWebhookSender({ clock: systemClock, localOrigin: receiver.origin, resolve });
      const message = { url, secrets: [secret], id: 'evt_1', body: '{}' };
      expect(await sender.send(message)).toMatchObject({ statusCode: null, errorCode: 'address_refused' });
      expect(asked).toBe(0);
    },
  );

  it('refuses another path of the local origin', async () => {
    expect(await send({ url: `${receiver.origin}/local/clock` })).toMatchObject({
      errorCode: 'address_refused',
    });
    expect(receiver.received).toHaveLength(0);
  });
});
