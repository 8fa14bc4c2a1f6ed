import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { required } from '../../shared/runtime/env.ts';
import { log } from '../../shared/runtime/logging.ts';
import { makeDocs } from './docs.ts';

export const handler = makeDocs({
  read: (name) => readFileSync(join(import.meta.dirname, 'files', name)),
  publicUrl: required('PUBLIC_URL'),
  log,
});
