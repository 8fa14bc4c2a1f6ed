import { createHash, randomBytes } from 'node:crypto';

/** The one place that makes randomness. Everything else is handed bytes or an id. */
export interface Random {
  bytes(length: number): Uint8Array;
  /** `<prefix>_` and 20 characters of base 32: 100 random bits, safe in URLs and logs. */
  id(prefix: string): string;
  /** 0 ≤ x < 1, for jitter. */
  fraction(): number;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

export const systemRandom: Random = {
  bytes: (length) => randomBytes(length),
  id: (prefix) => `${prefix}_${Array.from(randomBytes(20), (byte) => alphabet[byte & 31]).join('')}`,
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};

/** SHA-256 as lower-case hex. */
export function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
