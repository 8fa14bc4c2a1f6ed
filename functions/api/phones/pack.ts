import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliCompressSync } from 'node:zlib';

type Tables = Record<'countries' | 'nonGeographic', Record<string, unknown[]>>;

/**
 * The library's smallest tables that validate, without their rules of formatting: those are two thirds of
 * them and only write a number out nicely. Run this after its upgrade: `node functions/api/phones/pack.ts`.
 */
export function libraryMetadata(): unknown {
  const file = createRequire(import.meta.url).resolve('libphonenumber-js/metadata.min.json');
  const tables: Tables = JSON.parse(readFileSync(file, 'utf8'));
  for (const table of [tables.countries, tables.nonGeographic].flatMap((group) => Object.values(group))) {
    if (Array.isArray(table[formats])) table[formats] = [];
  }
  return tables;
}

/** Where a country's formatting rules stand: see the library's source/metadata.js. */
const formats = 4;

if (import.meta.main) {
  const packed = brotliCompressSync(JSON.stringify(libraryMetadata())).toString('base64');
  const text = `/** libphonenumber's tables, packed. Generated: see pack.ts */\nexport const packedMetadata =\n  '${packed}';\n`;
  writeFileSync(new URL('metadata.ts', import.meta.url), text);
}
