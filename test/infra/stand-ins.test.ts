import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Md5, Sha256 } from '../../infra/stand-ins/checksum.ts';
import { resolveEndpointDiscoveryConfig } from '../../infra/stand-ins/endpoint-discovery.ts';
import { eventStreamSerdeProvider } from '../../infra/stand-ins/event-streams.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-01-06T03:10:00Z') }));
afterEach(() => vi.useRealTimers());

type Step = (args: { request: { headers: Record<string, string> } }) => unknown;

/** What the SDK would send for one read: nothing leaves this process. */
async function authorization(config: object): Promise<string> {
  let sent = '';
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI', sessionToken: 'token' },
    requestHandler: {
      handle: async (request: { headers: Record<string, string> }) => {
        sent = request.headers.authorization ?? '';
        throw new Error('not sent');
      },
    } as never,
    ...config,
  });
  // The id of an invocation is random, and signed.
  const unnumbered = (next: Step) => (args: Parameters<Step>[0]) => {
    delete args.request.headers['amz-sdk-invocation-id'];
    return next(args);
  };
  client.middlewareStack.addRelativeTo(unnumbered as never, {
    relation: 'after',
    toMiddleware: 'retryMiddleware',
  });
  const command = new GetItemCommand({ TableName: 'desk', Key: { pk: { S: 'Überstunde' } } });
  await expect(client.send(command)).rejects.toThrow('not sent');
  return sent;
}

describe('what stands for parts of the SDK', () => {
  it('signs a request as the SDK does', async () => {
    const own = await authorization({ sha256: Sha256 });
    expect(own).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260106\/eu-central-1\/dynamodb\/aws4_request, /,
    );
    expect(own).toBe(await authorization({}));
  });

  it('hashes as the standards say, keyed or not, and may be asked on the way', async () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    const md5 = new Md5();
    md5.update('abc');
    expect(hex(await md5.digest())).toBe('900150983cd24fb0d6963f7d28e17f72');
    const sha = new Sha256();
    sha.update('a');
    await sha.digest();
    sha.update(Buffer.from('bc'));
    expect(hex(await sha.digest())).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    // RFC 4231, test case 2.
    for (const secret of ['Jefe', Buffer.from('Jefe'), new Uint8Array(Buffer.from('Jefe')).buffer]) {
      const keyed = new Sha256(secret);
      keyed.update('what do ya want ');
      keyed.update('for nothing?');
      expect(hex(await keyed.digest())).toBe(
        '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      );
    }
  });

  it('leaves the settings of a client as they are, and says what is left out', () => {
    const config = { region: 'eu-central-1' };
    expect(resolveEndpointDiscoveryConfig(config)).toBe(config);
    expect(() => eventStreamSerdeProvider()).toThrow(/0006-stand-ins/);
  });
});
