import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
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

/** A running DynamoDB Local. */
export interface DynamoProcess {
  readonly dynamo: Dynamo;
  /** Resolves with a sentence if Java ends by itself. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

const needsJava = 'Nightdesk needs Java 17 or newer for DynamoDB Local.';
const install =
  'On Debian or Ubuntu: sudo apt-get install openjdk-17-jre-headless. On macOS: brew install openjdk@17';

/** Starts DynamoDB Local, in memory or on files in this directory, and waits until it answers. */
export async function startDynamo(directory: string | null): Promise<DynamoProcess> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const started = await tryPort(port, directory);
    if (started !== 'port taken') return started;
    if (attempt === 5) throw new CannotStart('DynamoDB Local found no free port in five attempts.');
  }
}

/**
 * A new database, gone with the server, in a DynamoDB Local that somebody else runs without `-sharedDb`: for tests,
 * whose clouds live for seconds and would each wait for a Java of their own.
 */
export async function joinDynamo(port: number): Promise<DynamoProcess> {
  const dynamo = dynamoOn(port, `local${randomUUID().replaceAll('-', '')}`);
  await dynamo.table('ListTables', {});
  return { dynamo, died: new Promise(() => {}), stop: async () => {} };
}

async function tryPort(port: number, directory: string | null): Promise<DynamoProcess | 'port taken'> {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const child = spawn(
    '/bin/sh',
    [
      ...['-c', keeper, 'dynamodb-local', java, '-showversion', ...flags],
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

  const dynamo = dynamoOn(port);
  const code = await Promise.race([answers(dynamo, child), ended]);
  if (code === 'yes') {
    const version = Number(/version "(?:1\.)?(\d+)/.exec(said)?.[1] ?? 17);
    if (version < 17) {
      await stop();
      throw new CannotStart(`${needsJava} Found Java ${version}. ${install}`);
    }
    return {
      dynamo,
      stop,
      died: ended.then((status) => `DynamoDB Local ended (${status}). ${said.slice(-400)}`),
    };
  }
  if (/BindException|Address already in use/.test(said)) return 'port taken';
  if (code === 126 || code === 127) throw new CannotStart(`${needsJava} There is none. ${install}`);
  if (/UnsupportedClassVersionError|Unrecognized VM option/.test(said)) {
    throw new CannotStart(`${needsJava} The one found is older. ${install}`);
  }
  throw new CannotStart(
    `DynamoDB Local did not start (${code}): ${said.trim().split('\n').slice(-5).join(' ')}`,
  );
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

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
