import { createHash } from 'node:crypto';
import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

/** What a CommonJS dependency needs to load Node's own modules from inside an ES module. */
const requireBanner = "import{createRequire as _cr}from'node:module';const require=_cr(import.meta.url);\n";

/** Packages of the SDK, or parts of them, that small files of ours stand for: decisions/0006-stand-ins.md. */
const standIns: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': 'credentials.ts',
  '@aws-sdk/middleware-endpoint-discovery': 'endpoint-discovery.ts',
  '@smithy/core/checksum': 'checksum.ts',
  '@smithy/core/event-streams': 'event-streams.ts',
};

/**
 * Functions that load some of their code when it is asked for, by `import()`: that lies in files of its own beside
 * their bundle, which no cold start reads. They are bundled one by one, for esbuild puts what such files
 * share, across all that it bundles at once, into further files.
 */
const loadsLater = ['api'];

/** What a function reads or serves as it is: copied into `files/` beside its bundle. */
const files: Readonly<Record<string, readonly string[]>> = {
  docs: [
    'functions/docs/files/connect.md',
    'functions/docs/files/webhooks.md',
    'functions/docs/files/reference.js',
    'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
    'node_modules/swagger-ui-dist/swagger-ui.css',
  ],
};

/** The functions there are: each folder of `functions/` that has a `handler.ts`. */
export function functionNames(): string[] {
  return globSync('functions/*/handler.ts', { cwd: root })
    .map((path) => path.split(/[\\/]/)[1] ?? '')
    .sort();
}

/**
 * Bundles functions, each into `<outdir>/<name>/index.mjs`, and says where each one is. One esbuild run for
 * almost all, so that what they share is parsed once. The AWS SDK is bundled and nothing is left external: both
 * start faster than the runtime's copy (measured, see decisions/0003-own-bundling.md).
 */
export function bundleFunctions(outdir: string, names: readonly string[] = functionNames()): string[] {
  const together = names.filter((name) => !loadsLater.includes(name));
  const alone = names.filter((name) => loadsLater.includes(name));
  build(outdir, together, {});
  for (const name of alone) build(outdir, [name], { splitting: true, chunkNames: `${name}/[name]-[hash]` });
  for (const name of names) {
    for (const file of files[name] ?? []) {
      const folder = resolve(outdir, name, 'files');
      mkdirSync(folder, { recursive: true });
      copyFileSync(join(root, file), join(folder, basename(file)));
    }
  }
  return names.map((name) => resolve(outdir, name, 'index.mjs'));
}

function build(
  outdir: string,
  names: readonly string[],
  how: Pick<BuildOptions, 'splitting' | 'chunkNames'>,
): void {
  const { outputFiles } = buildSync({
    ...how,
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `functions/${name}/handler.ts`, out: `${name}/index` })),
    outdir,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    alias: Object.fromEntries(
      Object.entries(standIns).map(([name, file]) => [name, join(import.meta.dirname, 'stand-ins', file)]),
    ),
    minify: true,
    treeShaking: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(resolve(path, '..'), { recursive: true });
    writeFileSync(path, text.includes('Dynamic require of') ? requireBanner + text : text);
  }
}

/**
 * A hash of everything that a synthesized assembly is made from, for whoever keeps an assembly: same hash,
 * same assembly. `also` is what else went into it (the stage, `PORT`).
 */
export function sourceHash(also: readonly string[] = []): string {
  const hash = createHash('sha256');
  const sources = globSync(
    [
      'functions/**/*',
      'shared/**/*',
      'infra/*.ts',
      'infra/{stacks,constructs,stand-ins}/*.ts',
      'package-lock.json',
    ],
    { cwd: root, withFileTypes: true },
  );
  const paths = sources.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) hash.update(`\0${path}\0`).update(readFileSync(path));
  for (const value of also) hash.update(`\0${value}`);
  return hash.digest('hex');
}
