import { createServer } from 'node:https';
import type { LookupFunction } from 'node:net';
import { buildConnector, Client } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { statusError, webhookErrors } from '../../shared/contract/webhook-errors.ts';
import { AddressRefused, guardConnector } from '../../shared/effects/address-guard.ts';
import { inTwoSteps } from '../../shared/effects/webhook-connector.ts';
import { errorCodeOf } from '../../shared/effects/webhook-errors.ts';
import { createWebhookSender } from '../../shared/effects/webhook-sender.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { type BadReceiver, badReceiver, misbehaviours } from '../fakes/bad-receivers.ts';
import { selfSigned } from '../fakes/certificate.ts';

const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
const timeOutMs = 1000;

let receiver: BadReceiver | undefined;
afterEach(() => receiver?.close());

const send = (origin: string, more: object = {}) =>
  createWebhookSender({ clock: systemClock, localOrigin: origin, timeOutMs, ...more }).send({
    ...{ url: `${origin}/local/hooks/bad`, secrets, id: 'evt_1', body: '{}' },
  });

/** Each way to misbehave: the status in the log, the error code, and whether the event counts as delivered. */
const rules: [keyof typeof misbehaviours, status: number | null, errorCode: string | null][] = [
  ['garbage', null, 'invalid_response'],
  ['an SSH banner', null, 'invalid_response'],
  ['headers without end', null, 'invalid_response'],
  ['two different lengths', null, 'invalid_response'],
  ['a close without a word', null, 'connection_closed'],
  ['a reset', null, 'connection_closed'],
  ['a close amid the headers', null, 'connection_closed'],
  ['a close amid the body', 200, null],
  ['a stream without end', 200, null],
  ['a body that drips without end', 200, null],
  ['an error that drips without end', 503, 'status_503'],
  ['no answer', null, 'time_out'],
  ['headers that drip without end', null, 'invalid_response'],
  ['a 200 after the time-out', null, 'time_out'],
  ['a redirect', 302, 'redirected'],
  ['an interim answer without a final one', null, 'time_out'],
  ['an upgrade', null, 'connection_closed'],
];

describe('a receiver that answers with', () => {
  it.each(rules)(
    '%s: status %s, error %s, and the attempt ends in time',
    async (what, statusCode, errorCode) => {
      receiver = await badReceiver(misbehaviours[what]);
      const result = await send(receiver.origin);
      expect(result).toMatchObject({ statusCode, errorCode });
      expect(result.totalMs).toBeLessThan(timeOutMs + 2500);
      expect(receiver.connections).toBe(1);
      if (statusCode === null) expect(result.exchange.response).toBeNull();
      expect(result.exchange.response?.body.length ?? 0).toBeLessThanOrEqual(16 * 1024);
    },
  );

  it('an error that drips: what it asked for is heard, what came of the body is kept', async () => {
    receiver = await badReceiver(misbehaviours['an error that drips without end']);
    const result = await send(receiver.origin);
    expect(result).toMatchObject({
      retryAfterSeconds: 7,
      exchange: { response: { body: expect.stringMatching(/^\.+$/), truncated: true } },
    });
  });

  it('nothing, because nobody listens there', async () => {
    const gone = await badReceiver(() => {});
    await gone.close();
    expect(await send(gone.origin)).toMatchObject({ statusCode: null, errorCode: 'connection_failed' });
  });
});

it('every code that the log can have is documented', () => {
  const codes = rules.map(([, , code]) => code).filter((code) => code !== null);
  for (const code of codes) expect(code in webhookErrors || statusError.test(code), code).toBe(true);
});

describe('a name', () => {
  const to = (url: string, resolve: () => Promise<{ address: string; family: number }[]>) =>
    createWebhookSender({ clock: systemClock, localOrigin: null, timeOutMs, resolve }).send({
      ...{ url, secrets, id: 'evt_1', body: '{}' },
    });

  it('without an address is told from one that leads inside', async () => {
    const nowhere = async () => {
      throw Object.assign(new Error('nope'), { code: 'ENOTFOUND' });
    };
    expect(await to('https://nowhere.example/', nowhere)).toMatchObject({ errorCode: 'name_not_resolved' });
    const inside = async () => [{ address: '10.0.0.1', family: 4 }];
    expect(await to('https://inside.example/', inside)).toMatchObject({ errorCode: 'address_refused' });
    expect(await to('http://plain.example/', inside)).toMatchObject({ errorCode: 'address_refused' });
  });
});

describe('over TLS', () => {
  /** A server on this machine under a name; whether anything was asked of it. */
  const tlsServer = async () => {
    const state = { requests: 0 };
    const server = createServer(selfSigned, (_request, response) => {
      state.requests += 1;
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as { port: number };
    return { state, port, close: () => new Promise((closed) => server.close(closed)) };
  };
  const here: LookupFunction = (_host, { all }, callback) =>
    all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);
  const ask = async (origin: string, connect: ConstructorParameters<typeof Client>[1]) => {
    const client = new Client(origin, connect);
    try {
      return await client.request({ method: 'POST', path: '/' }).catch((error: unknown) => error);
    } finally {
      await client.destroy();
    }
  };

  it('a certificate that nobody vouches for, or of another host, is tls_failed', async () => {
    const server = await tlsServer();
    const unknown = await ask(`https://wrong.example:${server.port}`, {
      connect: buildConnector({ lookup: here }),
    });
    expect(errorCodeOf(unknown)).toBe('tls_failed');
    const otherHost = await ask(`https://hooks.example:${server.port}`, {
      connect: buildConnector({ lookup: here, ca: selfSigned.cert }),
    });
    expect(errorCodeOf(otherHost)).toBe('tls_failed');
    expect(server.state.requests).toBe(0);
    await server.close();
  });

  it('the address is known, whether or not the encryption could be agreed on', async () => {
    const server = await tlsServer();
    const to = async (ca?: string) => {
      const seen: string[] = [];
      const plain = buildConnector({ lookup: here });
      const connect = inTwoSteps(plain, buildConnector({ lookup: here, ...(ca && { ca }) }));
      const answer = await ask(`https://wrong.example:${server.port}`, {
        connect: (options, callback) => connect(options, callback, (address) => void seen.push(address)),
      });
      return { answer, seen };
    };
    const failed = await to();
    expect(errorCodeOf(failed.answer)).toBe('tls_failed');
    expect(failed.seen).toEqual(['127.0.0.1']);
    expect(server.state.requests).toBe(0);
    const trusted = await to(selfSigned.cert);
    expect(trusted).toMatchObject({ answer: { statusCode: 200 }, seen: ['127.0.0.1'] });
    await server.close();
  });

  it('what does not speak it is tls_failed or closed', async () => {
    receiver = await badReceiver(misbehaviours.garbage);
    const { port } = new URL(receiver.origin);
    const error = await ask(`https://wrong.example:${port}`, { connect: buildConnector({ lookup: here }) });
    expect(errorCodeOf(error)).toBe('tls_failed');
  });

  it('a connection that led inside, past every check of the name, is cut before anything is asked', async () => {
    const server = await tlsServer();
    const connect = guardConnector(buildConnector({ lookup: here, ca: selfSigned.cert }));
    const refused = await ask(`https://wrong.example:${server.port}`, {
      connect: (options, callback) => void connect(options, callback),
    });
    expect(refused).toBeInstanceOf(AddressRefused);
    expect(server.state.requests).toBe(0);
    const trusted = await ask(`https://wrong.example:${server.port}`, {
      connect: buildConnector({ lookup: here, ca: selfSigned.cert }),
    });
    expect(trusted).toMatchObject({ statusCode: 200 });
    await server.close();
  });
});
