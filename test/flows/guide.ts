import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';

/** The examples of the documentation's guides, taken from the pages as they are served, and run as they stand. */

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };

/** The code of a page's examples in one language, in their order. */
export async function examples(url: string, language: 'sh' | 'ts' | 'python'): Promise<string[]> {
  const page = await (await fetch(url)).text();
  const found = [
    ...page.matchAll(new RegExp(`<pre><code class="language-${language}">([^<]*)</code></pre>`, 'g')),
  ];
  expect(found.length).toBeGreaterThan(0);
  return found.map(([, code = '']) =>
    code.replace(/&(lt|gt|quot|#39|amp);/g, (_, name) => entities[name] ?? ''),
  );
}

export const hasPython = spawnSync('python3', ['--version']).status === 0;

const runners = { sh: 'bash', ts: process.execPath, python: 'python3' };

/** Runs a program of a guide in a folder of its own; what it printed. Anything but its end without a fault throws. */
export async function run(
  language: keyof typeof runners,
  code: string,
  env: Record<string, string>,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-guide-'));
  const file = join(folder, language === 'ts' ? 'example.mts' : 'example');
  writeFileSync(file, language === 'sh' ? `set -eu\n${code}` : code);
  try {
    const { stdout } = await promisify(execFile)(runners[language], [file], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
      timeout: 30_000,
    });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
