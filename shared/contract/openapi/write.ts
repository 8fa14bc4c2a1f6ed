import { writeFileSync } from 'node:fs';
import { openApiDocument } from './document.ts';

/** Where the document is kept; a test fails when the contract has moved away from it. */
export const openApiFile = new URL('../openapi.json', import.meta.url);

export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 1)}\n`;
}

if (import.meta.main) writeFileSync(openApiFile, openApiText());
