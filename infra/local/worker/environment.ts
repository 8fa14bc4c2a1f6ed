import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Dynamo } from '../dynamodb/call.ts';
import { account, region } from '../template/identity.ts';
import type { FunctionPlan } from '../template/plan.ts';
import type { Outcome } from './pool.ts';
import type { Fault, FromWorker, FunctionError, ToWorker, WorkerData } from './protocol.ts';

/** What all environments of a function are made from. */
export interface EnvironmentOptions {
  readonly plan: FunctionPlan;
  readonly clockOffset: SharedArrayBuffer;
  readonly faults: SharedArrayBuffer;
  readonly streamed: readonly string[] | null;
  readonly dynamo: Pick<Dynamo, 'port' | 'accessKeyId'>;
  readonly messagingPort: number;
  faultFor(service: string, action: string): Fault | null;
  wrote(): void;
  log(text: string): void;
}

/** One execution environment: a thread with the function's own bundle and variables, and nothing else's. */
export class Environment {
  /** Resolves when the bundle is loaded; with an error if it could not be. */
  readonly loaded: Promise<FunctionError | null>;
  /** It can take another invocation. */
  usable = true;
  private readonly options: EnvironmentOptions;
  private readonly worker: Worker;
  private settleLoading: (failure: FunctionError | null) => void = () => {};
  private settleInvocation: ((outcome: Outcome) => void) | null = null;

  constructor(options: EnvironmentOptions) {
    this.options = options;
    this.loaded = new Promise((resolve) => {
      this.settleLoading = resolve;
    });
    this.worker = new Worker(new URL('./main.ts', import.meta.url), {
      workerData: workerDataFor(options),
      env: environmentFor(options),
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: options.plan.memoryMb },
    });
    this.worker.on('message', (message: FromWorker) => this.hear(message));
    this.worker.on('error', (error) =>
      this.end({ errorType: 'Runtime.ExitError', errorMessage: error.message }),
    );
    this.worker.on('exit', (code) =>
      this.end({ errorType: 'Runtime.ExitError', errorMessage: `the runtime exited with ${code}` }),
    );
    for (const stream of [this.worker.stdout, this.worker.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => options.log(text));
    }
  }

  async invoke(event: string, requestId: string): Promise<Outcome> {
    const { timeoutMs } = this.options.plan;
    const outcome = new Promise<Outcome>((resolve) => {
      this.settleInvocation = resolve;
    });
    const timer = setTimeout(() => {
      const seconds = (timeoutMs / 1000).toFixed(2);
      this.end({ errorType: 'Sandbox.Timedout', errorMessage: `Task timed out after ${seconds} seconds` });
    }, timeoutMs);
    this.send({ type: 'invoke', requestId, event, timeoutMs });
    try {
      return await outcome;
    } finally {
      clearTimeout(timer);
    }
  }

  async terminate(): Promise<void> {
    this.usable = false;
    await this.worker.terminate();
  }

  private send(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private hear(message: FromWorker): void {
    switch (message.type) {
      case 'loaded':
        this.settleLoading(null);
        break;
      case 'wrote':
        this.options.wrote();
        break;
      case 'fault?': {
        const { question, service, action } = message;
        this.send({ type: 'fault', question, fault: this.options.faultFor(service, action) });
        break;
      }
      case 'done':
        this.finish({ ok: true, payload: message.result ?? 'null' });
        break;
      case 'failed':
        if (message.fatal) this.end(message.error);
        else this.finish({ ok: false, error: message.error });
    }
  }

  private finish(outcome: Outcome): void {
    this.settleInvocation?.(outcome);
    this.settleInvocation = null;
  }

  /** Nothing more can come of this thread. */
  private end(error: FunctionError): void {
    const first = this.usable;
    this.usable = false;
    this.settleLoading(error);
    this.finish({ ok: false, error });
    if (first) void this.worker.terminate();
  }
}

function workerDataFor({
  plan,
  clockOffset,
  faults,
  streamed,
  dynamo,
  messagingPort,
}: EnvironmentOptions): WorkerData {
  return {
    functionName: plan.name,
    functionArn: plan.arn,
    memoryMb: plan.memoryMb,
    logGroup: plan.logGroup,
    handler: plan.handler,
    bundle: plan.bundle,
    clockOffset,
    faults,
    streamed,
    statements: plan.statements,
    caller: { region, account },
    roleName: plan.roleName,
    awsPorts: [dynamo.port, messagingPort],
  };
}

/** The template's variables, those that Lambda adds, and where AWS is on this machine. */
function environmentFor({ plan, dynamo, messagingPort }: EnvironmentOptions): Record<string, string> {
  return {
    AWS_LAMBDA_FUNCTION_NAME: plan.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(plan.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: plan.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: dynamo.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    LAMBDA_TASK_ROOT: plan.bundle,
    _HANDLER: plan.handler,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${messagingPort}`,
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${dynamo.port}`,
    // Not the function's: main.ts takes it away. Beside the bundles, so that it goes when they do.
    NODE_COMPILE_CACHE: join(dirname(plan.bundle), 'compiled'),
    ...plan.environment,
  };
}
