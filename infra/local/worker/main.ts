import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { installMovedDate } from '../clock/date.ts';
import { installGate } from './gate.ts';
import type { Fault, FromWorker, FunctionError, ToWorker, WorkerData } from './protocol.ts';

/**
 * One execution environment of one function: its bundle, its environment, its clock, its role. Runs one
 * invocation at a time, as Lambda does.
 */

type Handler = (event: unknown, context: unknown) => unknown;

const data = workerData as WorkerData;
const port = parentPort;
if (!port) throw new Error('worker/main.ts is started by the local cloud, as a thread.');
const send = (message: FromWorker) => port.postMessage(message);

installMovedDate(data.clockOffset);
// Node has read it: what it compiled once it need not compile again.
delete process.env.NODE_COMPILE_CACHE;

const faultsSet = new Int32Array(data.faults);
const questions = new Map<number, (fault: Fault | null) => void>();
let asked = 0;
installGate({
  ...data,
  faultFor({ service, action }) {
    if (Atomics.load(faultsSet, 0) === 0) return null;
    const question = asked++;
    const answer = new Promise<Fault | null>((resolve) => questions.set(question, resolve));
    send({ type: 'fault?', question, service, action });
    return answer;
  },
  wrote: () => send({ type: 'wrote' }),
});

const errorOf = (error: unknown): FunctionError =>
  error instanceof Error
    ? {
        errorType: error.name,
        errorMessage: error.message,
        stackTrace: (error.stack ?? '').split('\n').slice(1),
      }
    : { errorType: typeof error, errorMessage: String(error) };

process.on('uncaughtException', (error) => send({ type: 'failed', error: errorOf(error), fatal: true }));
process.on('unhandledRejection', (error) => send({ type: 'failed', error: errorOf(error), fatal: true }));

let handler: Handler;
try {
  const [module = '', name = ''] = data.handler.split('.');
  const loaded = await import(pathToFileURL(join(data.bundle, `${module}.mjs`)).href);
  if (typeof loaded[name] !== 'function') throw new Error(`${module}.mjs has no function ${name}`);
  handler = loaded[name];
  send({ type: 'loaded' });
} catch (error) {
  send({ type: 'failed', error: errorOf(error), fatal: true });
}

port.on('message', async (message: ToWorker) => {
  if (message.type === 'fault') {
    questions.get(message.question)?.(message.fault);
    questions.delete(message.question);
    return;
  }
  const deadline = performance.now() + message.timeoutMs;
  try {
    const result = await handler(JSON.parse(message.event), {
      functionName: data.functionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: data.functionArn,
      memoryLimitInMB: String(data.memoryMb),
      awsRequestId: message.requestId,
      logGroupName: data.logGroup,
      logStreamName: 'local',
      callbackWaitsForEmptyEventLoop: false,
      getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
    });
    send({ type: 'done', result: result === undefined ? null : JSON.stringify(result) });
  } catch (error) {
    send({ type: 'failed', error: errorOf(error) });
  }
});
