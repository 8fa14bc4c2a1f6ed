import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedCloud, startLocalCloud } from '../../infra/local/client.ts';
import { newDataDir } from '../fakes/data-dir.ts';
import { type Fixture, writeFixture } from './fixture.ts';

let fixture: Fixture;
let dataDir: string;
beforeAll(() => {
  fixture = writeFixture();
  dataDir = newDataDir();
});
afterAll(() => {
  fixture.remove();
  rmSync(dataDir, { recursive: true, force: true });
});

const dana = '+12025550101';
const open = (now?: string) =>
  startLocalCloud({ assemblyDir: fixture.dir, demo: false, dataDir, ...(now && { now }) });

async function api(cloud: StartedCloud, wanted: object): Promise<void> {
  const body = JSON.stringify(wanted);
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(cloud.baseUrl, { method: 'POST', body, headers });
  expect(response.status).toBe(200);
}

/** The processes of Java that run over these files. */
function javas(): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return lines.filter(
    (line) => line.includes('DynamoDBLocal.jar') && line.includes(dataDir) && !line.includes('/bin/sh'),
  );
}

async function gone(): Promise<void> {
  while (javas().length > 0) await new Promise((resume) => setTimeout(resume, 20));
}

describe('killed at once', () => {
  it('leaves no Java behind, loses nothing that it accepted, and its clock stays moved', async () => {
    const first = await open('2026-01-05T22:10:00Z');
    await first.clock({ advance: 'P10D' });
    await first.phone('+12025550199', { optedOut: true });
    // One is on its way over the stream, one waits on the queue, one has arrived.
    await api(first, { send: [[{ text: 'arrived' }, 0]] });
    await first.settle();
    await api(first, { send: [[{ text: 'delayed' }, 600]] });
    await api(first, { put: [{ pk: 'k', sk: '1', outbox: JSON.stringify({ text: 'streamed' }) }] });
    expect(javas()).toHaveLength(1);
    await first.kill();
    await gone();

    const second = await open();
    expect(await second.now()).toMatch(/^2026-01-15T22:1/);
    await second.settle();
    const texts = async () => (await second.sms(dana)).map(({ body }) => body.split(' ')[0]);
    expect(new Set(await texts())).toEqual(new Set(['arrived', 'streamed']));
    await second.clock({ advance: 'PT10M' });
    expect(await texts()).toContain('delayed');
    await second.close();
    await gone();
  });
});

describe('a start that cannot be', () => {
  /** Runs `npm start`'s script and gives its exit code and what it said. */
  async function start(env: Record<string, string>): Promise<{ code: number; said: string }> {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../infra/local/start.ts')], {
      env: { ...process.env, PORT: '0', DATA_DIR: '', DEMO: '0', ASSEMBLY_DIR: fixture.dir, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    return { code, said };
  }

  it('for a port that is taken says so in one line', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(await start({ PORT: String(port) })).toEqual({
      code: 1,
      said: `Port ${port} is taken. Choose another: PORT=${port + 1} npm start\n`,
    });
    server.close();
  });

  it('for want of Java says in one line what to install', async () => {
    const { code, said } = await start({ JAVA_HOME: '/nonexistent' });
    expect(code).toBe(1);
    expect(said).toMatch(/^Nightdesk needs Java 17 or newer.*apt-get install openjdk-17-jre-headless.*\n$/);
    expect(said.trim().split('\n')).toHaveLength(1);
  });

  it('for a template that the cloud would refuse says what is missing', async () => {
    const spoilt = writeFixture((_, desk) => {
      delete desk.Resources.ApiPermission;
    });
    const { code, said } = await start({ ASSEMBLY_DIR: spoilt.dir });
    expect([code, said]).toEqual([1, expect.stringMatching(/^No AWS::Lambda::Permission lets apigateway/)]);
    spoilt.remove();
  });
});
