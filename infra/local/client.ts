import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import type { PhoneState, Sms } from './carrier/carrier.ts';
import type { DeadLetter } from './cloud.ts';
import type { FaultSpec } from './faults.ts';
import type { HookAnswer, HookRequest } from './hooks.ts';
import type { Mail } from './mail.ts';
import type { Demo } from './seed.ts';

export interface StartOptions {
  /** Default 0: a free one. */
  readonly port?: number;
  /** Where everything is kept. Default: in memory. */
  readonly dataDir?: string;
  /** The port of a DynamoDB Local that runs already, for a cloud in memory. Default: it starts its own. */
  readonly dynamoPort?: number;
  /** A cloud assembly to run instead of that of these sources. */
  readonly assemblyDir?: string;
  /** What its clock is set to at first: an instant in ISO 8601. */
  readonly now?: string;
  /** Whether to make the demo provider. Default true. */
  readonly demo?: boolean;
  /** Whether to load every function before anybody asks for it. Default true. */
  readonly warm?: boolean;
  /** Whether it is to be fast after minutes of much work rather than soon. Default false. */
  readonly underLoad?: boolean;
}

/** The control API of a local cloud, as functions. */
export interface LocalCloud {
  readonly baseUrl: string;
  /** The demo provider: keys and people. */
  readonly demo: Demo;
  now(): Promise<string>;
  /** Moves the clock; answers when all that fell due is done, with the time then. */
  clock(move: { set: string } | { advance: string }): Promise<string>;
  /** Answers when nothing is left to do at this instant. */
  settle(): Promise<void>;
  /** The SMS that were delivered: to this phone, or to all. */
  sms(to?: string): Promise<Sms[]>;
  /** Somebody answers by SMS. */
  text(from: string, body: string): Promise<void>;
  /** Sets what is the matter with a phone; `{}` heals it. */
  phone(number: string, state: PhoneState): Promise<void>;
  mail(to?: string): Promise<Mail[]>;
  /** What the webhook receiver of this name got. */
  hooks(name: string): Promise<HookRequest[]>;
  answerHook(name: string, answer: HookAnswer): Promise<void>;
  fault(spec: FaultSpec): Promise<void>;
  clearFaults(): Promise<void>;
  deadLetters(): Promise<DeadLetter[]>;
  /** Invokes a function, by its name without the stage, and gives what it answered. */
  invoke<T = unknown>(name: string, event: object): Promise<T>;
  /** What a function has logged lately, or all of them. */
  logs(name?: string): Promise<{ function: string; line: string }[]>;
}

/** A local cloud that runs in a process of its own. */
export interface StartedCloud extends LocalCloud {
  readonly pid: number;
  /** Stops it as SIGTERM does. */
  close(): Promise<void>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
}

/** To settle, or to move the clock, answers when all is done, however long that takes. */
const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

/** The control API of the local cloud at this address. */
export function connectLocalCloud(baseUrl: string, demo: Demo | null): LocalCloud {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${baseUrl}/local${path}`, {
      ...{ method, dispatcher: patient },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /local${path}: ${response.status} ${text}`);
    return text === '' ? (undefined as T) : JSON.parse(text);
  };
  const list = async <T>(path: string) => (await ask<{ data: T[] }>('GET', path)).data;
  const matching = (name: string, value?: string) => (value ? `?${name}=${encodeURIComponent(value)}` : '');
  return {
    baseUrl,
    get demo() {
      if (!demo) throw new Error('This local cloud was started without a demo provider.');
      return demo;
    },
    now: async () => (await ask<{ now: string }>('GET', '/clock')).now,
    clock: async (move) => (await ask<{ now: string }>('POST', '/clock', move)).now,
    settle: async () => void (await ask('POST', '/settle')),
    sms: (to) => list(`/sms${matching('to', to)}`),
    text: async (from, body) => void (await ask('POST', '/sms', { from, body })),
    phone: async (number, state) => void (await ask('PUT', `/phones/${encodeURIComponent(number)}`, state)),
    mail: (to) => list(`/mail${matching('to', to)}`),
    hooks: (name) => list(`/hooks/${encodeURIComponent(name)}`),
    answerHook: async (name, answer) => void (await ask('PUT', `/hooks/${encodeURIComponent(name)}`, answer)),
    fault: async (spec) => void (await ask('POST', '/faults', spec)),
    clearFaults: () => ask('DELETE', '/faults'),
    deadLetters: () => list('/dead-letters'),
    invoke: (name, event) => ask('POST', `/functions/${name}`, event),
    logs: (name) => list(`/logs${matching('function', name)}`),
  };
}

/** Starts a local cloud in a process of its own, which ends with this one, and waits until it is ready. */
export async function startLocalCloud(options: StartOptions = {}): Promise<StartedCloud> {
  const { port = 0, dataDir = '', dynamoPort, assemblyDir, now } = options;
  const { demo = true, warm = true, underLoad = false } = options;
  const child = spawn(process.execPath, [join(import.meta.dirname, 'start.ts')], {
    env: {
      ...process.env,
      PORT: String(port),
      DATA_DIR: dataDir,
      DYNAMODB_PORT: dynamoPort ? String(dynamoPort) : '',
      DEMO: demo ? '1' : '0',
      WARM: warm ? '1' : '0',
      UNDER_LOAD: underLoad ? '1' : '0',
      ASSEMBLY_DIR: assemblyDir ?? '',
      NOW: now ?? '',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const exited = once(child, 'exit');
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
    process.stderr.write(text);
  });
  const ready = new Promise<string>((resolve) => {
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, url] = /^Nightdesk is ready at (\S+)$/m.exec(said) ?? [];
      if (url) resolve(url);
    });
  });
  const gone = exited.then(([code, signal]): never => {
    throw new Error(`The local cloud ended (${code ?? signal}) before it was ready:\n${complaints}`);
  });
  gone.catch(() => {});
  const baseUrl = await Promise.race([ready, gone]);
  const answer = await fetch(`${baseUrl}/local/demo`);
  const made = answer.ok ? ((await answer.json()) as Demo) : null;
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return Object.assign(connectLocalCloud(baseUrl, made), {
    pid: child.pid ?? 0,
    close: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  });
}
