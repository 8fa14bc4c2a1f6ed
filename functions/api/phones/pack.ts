import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliCompressSync } from 'node:zlib';

/** The library's smallest tables that validate. Run this after its upgrade: `node functions/api/phones/pack.ts`. */
export function libraryMetadata(): unknown {
  const file = createRequire(import.meta.url).resolve('libphonenumber-js/metadata.min.json');
  return JSON.parse(readFileSync(file, 'utf8'));
}

if (import.meta.main) {
  const packed = brotliCompressSync(JSON.stringify(libraryMetadata())).toString('base64');
  const text = `/** libphonenumber's tables, packed. Generated: see pack.ts */\nexport const packedMetadata =\n  '${packed}';\n`;
  writeFileSync(new URL('metadata.ts', import.meta.url), text);
}
