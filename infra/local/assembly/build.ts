import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, globSync, mkdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sourceHash } from '../../bundle.ts';
import { realNow } from '../clock/date.ts';
import { CannotStart } from '../words.ts';

const root = resolve(import.meta.dirname, '../../..');
const cache = join(root, 'node_modules/.cache/nightdesk');

/** Assemblies of older sources that are kept, for branches that are switched back and forth. */
const kept = 4;

/**
 * The directory of stage `local`'s cloud assembly: the one that was synthesized from these very sources, or a new
 * one, made in a process of its own so that the CDK is loaded only when it is needed.
 */
export async function localAssembly(): Promise<string> {
  const directory = join(cache, `assembly-${sourceHash(['local']).slice(0, 24)}`);
  if (existsSync(directory)) {
    const now = realNow() / 1000;
    utimesSync(directory, now, now);
    return directory;
  }
  const fresh = join(cache, `new-${randomUUID()}`);
  mkdirSync(fresh, { recursive: true });
  await synthesize(fresh);
  try {
    renameSync(fresh, directory);
  } catch (error) {
    // Another start was quicker: it made the same.
    if (!existsSync(directory)) throw error;
    rmSync(fresh, { recursive: true });
  }
  prune();
  return directory;
}

async function synthesize(outdir: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'infra/app.ts')], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: outdir, STAGE: 'local', PORT: '4000' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const code = await new Promise<number | null>((done, failed) =>
    child.on('error', failed).on('close', done),
  );
  if (code === 0 && existsSync(join(outdir, 'manifest.json'))) return;
  rmSync(outdir, { recursive: true, force: true });
  throw new CannotStart(`The cloud assembly of stage local cannot be synthesized:\n${said.trim()}`);
}

/** Removes what nobody has started from for an hour; a local cloud that runs loads bundles from its assembly. */
function prune(): void {
  const old = globSync('{assembly,new}-*', { cwd: cache })
    .map((name) => join(cache, name))
    .map((path) => ({ path, used: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((one, other) => other.used - one.used)
    .slice(kept)
    .filter(({ used }) => used < realNow() - 3_600_000);
  for (const { path } of old) rmSync(path, { recursive: true, force: true });
}
