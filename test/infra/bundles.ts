import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../../infra/bundle.ts';

const variable = 'NIGHTDESK_TEST_BUNDLES';
let made: string | null = null;

/** For vitest's `globalSetup`: a directory of this run, gone with it. */
export function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'nightdesk-test-bundles-'));
  process.env[variable] = directory;
  return () => rmSync(directory, { recursive: true, force: true });
}

/** The directory of all functions' bundles, made once a test process: they are the same for every stage. */
export function bundles(): string {
  if (made === null) {
    made = join(process.env[variable] ?? '', String(process.pid));
    bundleFunctions(made);
  }
  return made;
}
