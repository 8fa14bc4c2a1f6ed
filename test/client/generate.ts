import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { openApiFile } from '../../shared/contract/openapi/write.ts';
import { sha256 } from '../../shared/runtime/random.ts';

/**
 * Writes the types of the client from the committed document, when that has changed. They are not committed: they
 * are never otherwise than the document, and `npm run types` makes them before it checks who uses them.
 */
const file = join(import.meta.dirname, 'openapi.d.ts');
const source = readFileSync(openApiFile, 'utf8');
const settings = { silent: true, defaultNonNullable: false, emptyObjectsUnknown: true };
const head = `// By openapi-typescript, from ${sha256(source + JSON.stringify(settings))}\n`;

if (!existsSync(file) || !readFileSync(file, 'utf8').startsWith(head)) {
  // The generator prints by TypeScript's JavaScript API, which ends with version 5.
  registerHooks({
    resolve: (name, context, next) => next(name === 'typescript' ? 'typescript-5' : name, context),
  });
  const { default: typesOf, astToString } = await import('openapi-typescript');
  writeFileSync(file, head + astToString(await typesOf(source, settings)));
}
