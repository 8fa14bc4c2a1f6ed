import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleFunctions } from '../../infra/bundle.ts';
import { median, report } from './report.ts';

/**
 * The API function's cold start: how long a fresh process takes to import its deployed bundle, against a
 * bundle that holds only lib-dynamodb, in turns in the same run. Limits: 1.35 times that floor, 650 KB.
 */
const runs = 21;
const mostRatio = 1.35;
const mostKilobytes = 650;

const work = mkdtempSync(join(tmpdir(), 'nightdesk-cold-'));
try {
  const [api = ''] = bundleFunctions(work, ['api']);
  const floor = join(work, 'floor.mjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'floor.ts')],
    outfile: floor,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
  });
  const probe = join(work, 'probe.mjs');
  writeFileSync(
    probe,
    'const start = process.hrtime.bigint(); await import(process.argv[2]); console.log(Number(process.hrtime.bigint() - start) / 1e6);',
  );
  const times = { api: [] as number[], floor: [] as number[] };
  for (let run = 0; run < runs; run++) {
    times.floor.push(importTime(probe, floor));
    times.api.push(importTime(probe, api));
  }
  const ratio = median(times.api.map((time, index) => time / (times.floor[index] ?? 1)));
  report([
    { what: 'floor (lib-dynamodb only), import', value: median(times.floor), unit: 'ms' },
    { what: 'api bundle, import', value: median(times.api), unit: 'ms' },
    { what: 'api / floor, median of pairs', value: ratio, unit: '', most: mostRatio },
    { what: 'api bundle', value: sizeOf(api) / 1000, unit: 'KB', most: mostKilobytes },
  ]);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Bytes that a cold start reads: the file and what it imports, not what is loaded when it is asked for. */
function sizeOf(entry: string): number {
  const files = new Set([entry]);
  for (const file of files)
    for (const [, imported = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import)"(\.\/[^"]+)"/g))
      files.add(join(dirname(file), imported));
  return [...files].reduce((sum, file) => sum + statSync(file).size, 0);
}

function importTime(probe: string, entry: string): number {
  const env = {
    ...process.env,
    REQUESTS_PER_MINUTE: '600',
    TICKETS_PER_MINUTE: '60',
    TABLE_NAME: 'bench',
    STAGE: 'bench',
    PUBLIC_URL: 'http://localhost:4000',
    AWS_REGION: 'us-east-1',
    POWERTOOLS_SERVICE_NAME: 'api',
  };
  return Number(
    execFileSync(process.execPath, [probe, entry], { env, encoding: 'utf8' }).trim().split('\n').at(-1),
  );
}
