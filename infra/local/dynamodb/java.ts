import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotStart } from '../words.ts';
import { type Dynamo, dynamoOn } from './call.ts';

const emulator = join(dirname(fileURLToPath(import.meta.resolve('amplify-dynamodb-simulator'))), 'emulator');

/** The serial collector leaves the second core alone. */
const flags = ['-XX:+UseSerialGC', '-Xms64m', '-Xmx512m', '-Xshare:auto'];
/**
 * The optimizing compiler takes half of all that Java needs until the demo provider is there, and pays that back
 * only under a load of minutes: eight pages at a time take 1.7 times as long without it, once it is done.
 */
const quickCompiler = '-XX:TieredStopAtLevel=1';

/**
 * Runs Java below a shell that waits for the end of its standard input. That end comes when this process is gone,
 * however it went, and then the shell kills Java: nothing is left running, not even by kill -9.
 */
const keeper = `
exec 3<&0
"$@" </dev/null & java=$!
{ read -r _ <&3; kill -9 $java; } & reader=$!
wait $java; code=$?
kill -9 $reader
exit $code
`;

/** A DynamoDB Local that starts, or runs. */
export interface DynamoProcess {
  readonly dynamo: Dynamo;
  /** Resolves when it answers; rejects, with a CannotStart, when it never will. */
  readonly ready: Promise<void>;
  /** Resolves with a sentence if Java ends by itself. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

const needsJava = 'Nightdesk needs Java 17 or newer for DynamoDB Local.';
const install =
  'On Debian or Ubuntu: sudo apt-get install openjdk-17-jre-headless. On macOS: brew install openjdk@17';

/**
 * Starts DynamoDB Local, in memory or on files in this directory. Where it will answer is known at once.
 * `underLoad`: it is to be fast after minutes of much work rather than soon.
 */
export async function startDynamo(directory: string | null, underLoad: boolean): Promise<DynamoProcess> {
  const port = await freePort();
  const dynamo = dynamoOn(port);
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const child = spawn(
    '/bin/sh',
    [
      ...['-c', keeper, 'dynamodb-local', java, '-showversion', ...flags],
      ...(underLoad ? [] : [quickCompiler]),
      ...[
        `-Djava.library.path=${join(emulator, 'DynamoDBLocal_lib')}`,
        '-jar',
        join(emulator, 'DynamoDBLocal.jar'),
      ],
      ...[
        '-port',
        String(port),
        '-sharedDb',
        '-disableTelemetry',
        ...(directory ? ['-dbPath', directory] : ['-inMemory']),
      ],
    ],
    // A group of its own: Ctrl-C in a terminal ends the local cloud first, and that ends this.
    // It leaves a file of its own wherever it is started.
    { stdio: ['pipe', 'ignore', 'pipe'], detached: true, cwd: directory ?? tmpdir() },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-8000);
  });
  const ended = once(child, 'exit').then(([code]) => Number(code));
  const stop = async () => {
    child.stdin.destroy();
    await ended;
  };
  const ready = Promise.race([answers(dynamo, child), ended]).then(async (code) => {
    if (code !== 'yes') throw new CannotStart(whyNot(code, said, port));
    const version = Number(/version "(?:1\.)?(\d+)/.exec(said)?.[1] ?? 17);
    if (version >= 17) return;
    await stop();
    throw new CannotStart(`${needsJava} Found Java ${version}. ${install}`);
  });
  const died = ended.then((status) => `DynamoDB Local ended (${status}). ${said.slice(-400)}`);
  return { dynamo, ready, died, stop };
}

/**
 * A new database, gone with the server, in a DynamoDB Local that somebody else runs without `-sharedDb`: for tests,
 * whose clouds live for seconds and would each wait for a Java of their own.
 */
export function joinDynamo(port: number): DynamoProcess {
  const dynamo = dynamoOn(port, `local${randomUUID().replaceAll('-', '')}`);
  const ready = dynamo.table('ListTables', {}).then(() => {});
  return { dynamo, ready, died: new Promise(() => {}), stop: async () => {} };
}

function whyNot(code: number, said: string, port: number): string {
  if (/BindException|Address already in use/.test(said))
    return `Port ${port}, free a moment ago, is taken. Start again: another one is chosen each time.`;
  if (code === 126 || code === 127) return `${needsJava} There is none. ${install}`;
  if (/UnsupportedClassVersionError|Unrecognized VM option/.test(said))
    return `${needsJava} The one found is older. ${install}`;
  return `DynamoDB Local did not start (${code}): ${said.trim().split('\n').slice(-5).join(' ')}`;
}

async function answers(dynamo: Dynamo, child: ChildProcess): Promise<'yes'> {
  for (;;) {
    try {
      await dynamo.table('ListTables', {});
      return 'yes';
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Not listening yet. When it has ended, whoever races with this knows; then there is nothing to ask.
      if ((code !== 'ECONNREFUSED' && code !== 'ECONNRESET') || child.exitCode !== null) throw error;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

/**
 * A port that nobody listens on now, and that no system gives to a connection that goes out (Linux 32768 and up,
 * macOS and Windows 49152 and up): so it is still free when Java, seconds later, comes to it.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
