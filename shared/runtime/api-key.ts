import { timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '../domain/directory.ts';
import { type Random, sha256 } from './random.ts';

/** What the holder of a key sends: `nd_<id>_<secret>`. */
export interface PresentedKey {
  id: string;
  secret: string;
}

/** The secret is 32 random bytes in hex and so has no `_`: the last one ends the id, whatever the id holds. */
const form = /^nd_([A-Za-z0-9_-]{1,64})_([0-9a-f]{64})$/;

/** A new key: `key` is shown once and kept nowhere, `record` is what is stored. */
export function makeApiKey(
  random: Random,
  about: Pick<ApiKey, 'partner' | 'staff' | 'scopes' | 'createdAt' | 'expiresAt'> & { name?: string | null },
): { key: string; record: ApiKey } {
  const { key, ...made } = newSecret(random);
  const fresh = { revokedAt: null, lastUsedAt: null, rotatedTo: null };
  return { key, record: { name: null, ...about, ...made, ...fresh } };
}

/** The id and the secret of a new key; the secret is shown once, and only its hash is stored. */
export function newSecret(random: Random): { key: string } & Pick<ApiKey, 'id' | 'secretHash'> {
  const id = random.id('key');
  const secret = Buffer.from(random.bytes(32)).toString('hex');
  return { key: `nd_${id}_${secret}`, id, secretHash: hashSecret(secret) };
}

/** The parts of a key as presented; null when it has not the form of one. */
export function parseApiKey(text: string): PresentedKey | null {
  const [, id, secret] = form.exec(text) ?? [];
  return id && secret ? { id, secret } : null;
}

function hashSecret(secret: string): string {
  return sha256(secret);
}

/** Whether the secret is this key's, in a time that tells nothing. */
export function secretMatches(key: Pick<ApiKey, 'secretHash'>, secret: string): boolean {
  const expected = Buffer.from(key.secretHash, 'hex');
  const actual = Buffer.from(hashSecret(secret), 'hex');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
