import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../shared/effects/aws-errors.ts';

const system = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall });
const answered = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
/** As @smithy/node-http-handler makes them. */
const timeOut = (message: string) => Object.assign(new Error(message), { name: 'TimeoutError' });

describe('an AWS call that failed', () => {
  it.each([
    ['nobody listens', system('ECONNREFUSED', 'connect')],
    ['the name is unknown', system('ENOTFOUND', 'getaddrinfo')],
    ['the network is away', system('ENETUNREACH', 'connect')],
    ['the host is away', system('EHOSTUNREACH', 'connect')],
    ['the connection was not made in time', system('ETIMEDOUT', 'connect')],
    [
      'the SDK gave up connecting',
      timeOut(
        '@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 1000 ms.',
      ),
    ],
    ['it was throttled', answered('ThrottlingException', 400)],
    ['it was throttled by status', answered('TooManyRequests', 429)],
  ])('did not happen, and may work soon: %s', (_why, error) => expect(outcomeOf(error)).toBe('not_taken'));

  it.each([
    ['no answer came in time', timeOut('@smithy/node-http-handler - the request has timed out')],
    ['the connection broke', system('ECONNRESET', 'read')],
    ['the server failed', answered('InternalError', 500)],
    ['something is thrown that is no error', {}],
  ])('may have happened: %s', (_why, error) => expect(outcomeOf(error)).toBe('unknown'));

  it('did not happen, and will not, when it was refused', () =>
    expect(outcomeOf(answered('InvalidParameter', 400))).toBe('refused'));
});
