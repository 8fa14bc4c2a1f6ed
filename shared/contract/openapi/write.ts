import { writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { openApiDocument } from './document.ts';

/**
 * Where the document is kept: for people and tools, and packed for the function that serves it. A test fails
 * when the contract has moved away from either.
 */
export const openApiFile = new URL('../openapi.json', import.meta.url);
const packedFile = new URL('packed.ts', import.meta.url);

export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 1)}\n`;
}

function packedModule(): string {
  const packed = brotliCompressSync(JSON.stringify(openApiDocument())).toString('base64');
  return `/** openapi.json, packed. Generated: npm run openapi */\nexport const packedOpenApi =\n  '${packed}';\n`;
}

if (import.meta.main) {
  writeFileSync(openApiFile, openApiText());
  writeFileSync(packedFile, packedModule());
}
