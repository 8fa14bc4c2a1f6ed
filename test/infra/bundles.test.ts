import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { functionNames } from '../../infra/bundle.ts';
import { fullStage, readable, synthesize } from './assembly.ts';
import { bundles } from './bundles.ts';

const stage = synthesize(fullStage);
const outdir = bundles();

test.each(functionNames())(
  '%s starts from its bundle with exactly the environment of the template',
  async (name) => {
    const fn = stage
      .all('AWS::Lambda::Function')
      .find((it) => it.Properties.FunctionName === `nightdesk-prod-${name}`);
    const variables = Object.entries(fn?.Properties.Environment.Variables).map(([key, value]) => [
      key,
      key.endsWith('_URL') && typeof value !== 'string'
        ? 'https://sqs.example/queue'
        : readable(value, stage),
    ]);
    const bundle = pathToFileURL(join(outdir, name, 'index.mjs')).href;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `console.log(typeof (await import('${bundle}')).handler); process.exit()`,
      ],
      { env: { ...Object.fromEntries(variables), AWS_REGION: 'eu-central-1' } },
    );
    expect(stdout.trim().split('\n').at(-1)).toBe('function');
  },
);

test('the API’s bundle, with all that it loads at its start, stays within 650 KB', () => {
  const folder = join(outdir, 'api');
  const bundle = readFileSync(join(folder, 'index.mjs'), 'utf8');
  const atStart = [...bundle.matchAll(/(?<=from|import)"\.\/([\w-]+\.mjs)"/g)].map(([, file]) => file ?? '');
  const sizes = ['index.mjs', ...atStart].map((file) => statSync(join(folder, file)).size);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(650_000);
});

test('what the API loads later lies beside its bundle, and only what nobody needs at once', () => {
  const later = readdirSync(join(outdir, 'api')).filter((file) => !/^(index|chunk)/.test(file));
  expect(later.map((file) => file.replace(/-[A-Z0-9]+\.mjs$/, '')).sort()).toEqual([
    'address-guard',
    'bowser',
    'coverage',
    'e164',
    'event-streams',
    'event-types',
    'openapi',
    'preview',
    'reports',
    'setup',
    'tickets',
  ]);
});
