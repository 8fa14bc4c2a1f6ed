import { resolve } from 'node:path';
import { invitation } from './invitation.ts';
import { runLocalCloud } from './run.ts';
import { CannotStart } from './words.ts';

/** `npm start`: the desk on this machine. README.md beside this says what can be set. */

const say = (line: string) => process.stderr.write(`${line}\n`);

function portFrom(name: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CannotStart(`${name} is not a port: ${text}`);
  return port;
}

function instantFrom(text: string): number {
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new CannotStart(`NOW is not an instant: ${text}`);
  return instant;
}

const { PORT, DATA_DIR = '.local', DYNAMODB_PORT, ASSEMBLY_DIR, NOW, DEMO, WARM, UNDER_LOAD } = process.env;
process.env.TZ = 'UTC';

try {
  if (DYNAMODB_PORT && DATA_DIR !== '')
    throw new CannotStart('With DYNAMODB_PORT nothing is kept: it goes with an empty DATA_DIR.');
  const running = await runLocalCloud({
    port: portFrom('PORT', PORT || '4000'),
    dataDir: DATA_DIR === '' ? null : resolve(DATA_DIR),
    ...(ASSEMBLY_DIR && { assemblyDir: resolve(ASSEMBLY_DIR) }),
    ...(DYNAMODB_PORT && { dynamoPort: portFrom('DYNAMODB_PORT', DYNAMODB_PORT) }),
    ...(NOW && { now: instantFrom(NOW) }),
    demo: DEMO !== '0',
    warm: WARM !== '0',
    underLoad: UNDER_LOAD === '1',
    report: say,
    died(line) {
      say(line);
      process.exit(1);
    },
  });
  const stop = async () => {
    await running.close();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // Started by client.ts: ends with whoever started it.
  if (process.send) process.once('disconnect', stop);
  console.log(`Nightdesk is ready at ${running.baseUrl}`);
  if (running.demo) console.log(invitation(running.demo));
} catch (error) {
  say(
    error instanceof CannotStart
      ? error.message
      : error instanceof Error
        ? String(error.stack)
        : String(error),
  );
  process.exit(1);
}
