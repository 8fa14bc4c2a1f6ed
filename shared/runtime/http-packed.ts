import { brotliDecompressSync } from 'node:zlib';

/**
 * JSON that was kept as Brotli in base 64. What a function seldom needs would else be a fifth of its bundle,
 * read by the engine at every cold start.
 */
export function unpack(packed: string): unknown {
  return JSON.parse(brotliDecompressSync(Buffer.from(packed, 'base64')).toString());
}
