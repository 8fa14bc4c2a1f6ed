import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

it('every source runs as it is: Node itself strips its types, as the scripts of package.json need', () => {
  const broken: string[] = [];
  for (const path of globSync('{infra,functions,shared,test}/**/*.ts', { cwd: root })) {
    try {
      stripTypeScriptTypes(readFileSync(join(root, path), 'utf8'));
    } catch (error) {
      broken.push(`${path}: ${error instanceof Error ? error.message : error}`);
    }
  }
  expect(broken).toEqual([]);
});
