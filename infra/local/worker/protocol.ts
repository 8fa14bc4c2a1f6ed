import type { Statement } from '../iam/evaluate.ts';
import type { Caller } from '../iam/needs.ts';

/** What a worker is started with. */
export interface WorkerData {
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logGroup: string;
  /** The module and the export in it: `index.handler`. */
  readonly handler: string;
  readonly bundle: string;
  readonly clockOffset: SharedArrayBuffer;
  /** One word of memory, 1 while there are faults to ask about. */
  readonly faults: SharedArrayBuffer;
  readonly statements: readonly Statement[];
  readonly caller: Caller;
  readonly roleName: string;
  /** Attributes without which no stream's filter lets a record pass; null: any change may pass. */
  readonly streamed: readonly string[] | null;
  /** The ports of this machine on which AWS is played. */
  readonly awsPorts: readonly number[];
}

/** What a call meets instead of, or before, its real answer. */
export interface Fault {
  /** An AWS error code, a socket's (`ECONNRESET`), or `KILL`: the environment ends there and then. */
  readonly error?: string;
  readonly latencyMs?: number;
  /** The call is made all the same, and only its answer is lost. */
  readonly after?: boolean;
}

export type ToWorker =
  | {
      readonly type: 'invoke';
      readonly requestId: string;
      readonly event: string;
      readonly timeoutMs: number;
    }
  | { readonly type: 'fault'; readonly question: number; readonly fault: Fault | null };

export type FromWorker =
  | { readonly type: 'loaded' }
  | { readonly type: 'done'; readonly result: string | null }
  | { readonly type: 'failed'; readonly error: FunctionError; readonly fatal?: boolean }
  | { readonly type: 'wrote' }
  | { readonly type: 'fault?'; readonly question: number; readonly service: string; readonly action: string };

/** What Lambda answers when a function throws. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace?: readonly string[];
}
