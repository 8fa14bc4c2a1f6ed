import http, { type ClientRequest, type RequestOptions } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { isAllowed, type Statement } from '../iam/evaluate.ts';
import { type AwsCall, type Caller, readCall } from '../iam/needs.ts';
import { answerInstead, awsError } from './answer.ts';
import type { Fault } from './protocol.ts';

export interface GateOptions {
  readonly statements: readonly Statement[];
  readonly caller: Caller;
  readonly roleName: string;
  readonly awsPorts: readonly number[];
  /** The fault that this call meets, if any. Asked for each call, so cheap when there is none. */
  faultFor(call: AwsCall): Promise<Fault | null> | null;
  /** Attributes without which no stream's filter lets a record pass; null: any change may pass. */
  readonly streamed: readonly string[] | null;
  /** Something was written that a stream may have to hand on. */
  wrote(): void;
}

/** What Node calls on an agent with a request that wants a connection; since 0.11, and in no type. */
interface Connects {
  addRequest(request: ClientRequest, options: unknown, ...rest: unknown[]): void;
}

/**
 * Stands between this thread's functions and AWS, at the one place that every SDK passes: `http.request`. A call
 * gets its connection only when its body is known, the role allows what it asks and no fault is to be played. Each
 * answer is dated by the moved clock: an SDK that sees another time than its own takes every refusal, such as a
 * condition that did not hold, for its own clock's error, and asks four times in vain.
 */
export function installGate(gate: GateOptions): void {
  const request = http.request;
  const held = new WeakMap<Connects, HoldingAgent>();
  http.request = ((...args: unknown[]) => {
    const options = args.find(
      (arg): arg is RequestOptions => typeof arg === 'object' && !(arg instanceof URL),
    );
    if (options && gate.awsPorts.includes(Number(options.port))) {
      const inner = (options.agent || http.globalAgent) as unknown as Connects;
      const agent = held.get(inner) ?? new HoldingAgent(inner, gate);
      held.set(inner, agent);
      args[args.indexOf(options)] = { ...options, agent };
    }
    return Reflect.apply(request, http, args);
  }) as typeof http.request;
  syncBuiltinESMExports();
}

class HoldingAgent extends http.Agent {
  private readonly inner: Connects;
  private readonly gate: GateOptions;

  constructor(inner: Connects, gate: GateOptions) {
    super({ keepAlive: true });
    this.inner = inner;
    this.gate = gate;
  }

  addRequest(request: ClientRequest, ...rest: [unknown, ...unknown[]]): void {
    const body: Buffer[] = [];
    const keep = (chunk: unknown) => {
      if (typeof chunk === 'string') body.push(Buffer.from(chunk));
      else if (chunk instanceof Uint8Array) body.push(Buffer.from(chunk));
    };
    const { write, end } = request;
    request.write = ((chunk: unknown, ...more: unknown[]) => {
      keep(chunk);
      return Reflect.apply(write, request, [chunk, ...more]);
    }) as ClientRequest['write'];
    request.end = ((chunk?: unknown, ...more: unknown[]) => {
      keep(chunk);
      Reflect.apply(end, request, [chunk, ...more]);
      this.decide(request, Buffer.concat(body).toString(), rest).catch((error) => request.destroy(error));
      return request;
    }) as ClientRequest['end'];
  }

  private async decide(request: ClientRequest, body: string, rest: [unknown, ...unknown[]]): Promise<void> {
    const { statements, caller, roleName, streamed } = this.gate;
    const target = request.getHeader('x-amz-target');
    const call = readCall(typeof target === 'string' ? target : undefined, body, caller);

    const asking = this.gate.faultFor(call);
    const fault = asking && (await asking);
    if (fault?.latencyMs) await new Promise((done) => setTimeout(done, fault.latencyMs));
    if (request.destroyed) return;
    if (fault?.error && !fault.after) return playFault(request, call, fault.error);

    const missing = call.needs.find((need) => !isAllowed(statements, need));
    if (missing) {
      const who = `arn:aws:sts::${caller.account}:assumed-role/${roleName}/local`;
      const what = `User: ${who} is not authorized to perform: ${missing.action} on resource: ${missing.resource} because no identity-based policy allows the ${missing.action} action`;
      const [code, status] = refusals[call.service];
      return answerInstead(request, awsError(call, code, what, status));
    }
    if (call.writes && (streamed === null || streamed.some((name) => body.includes(`"${name}"`)))) {
      request.prependOnceListener('response', ({ statusCode }) => {
        if (statusCode === 200) this.gate.wrote();
      });
    }
    request.prependOnceListener('response', ({ headers }) => {
      headers.date = new Date().toUTCString();
    });
    if (fault?.error) loseAnswer(request, fault.error);
    this.inner.addRequest(request, ...rest);
  }
}

const refusals = {
  dynamodb: ['AccessDeniedException', 400],
  sqs: ['AccessDeniedException', 403],
  sns: ['AuthorizationError', 403],
  unknown: ['AccessDeniedException', 403],
} as const;

/** The call has its effect, and nobody here learns of it. */
function loseAnswer(request: ClientRequest, code: string): void {
  request.removeAllListeners('response');
  request.once('response', (response) => {
    if (code === 'KILL') process.exit(1);
    response.destroy();
    request.emit('error', Object.assign(new Error(`fault: ${code}`), { code }));
  });
}

function playFault(request: ClientRequest, call: AwsCall, code: string): void {
  if (code === 'KILL') process.exit(1);
  if (/^E[A-Z]+$/.test(code)) {
    request.destroy();
    // It has no socket yet, so that nothing else tells of the error.
    request.emit('error', Object.assign(new Error(`fault: ${code}`), { code }));
    return;
  }
  const status = /^(Internal|Service)/.test(code) ? (code.startsWith('Internal') ? 500 : 503) : 400;
  answerInstead(request, awsError(call, code, `A fault set by POST /local/faults: ${code}`, status));
}
