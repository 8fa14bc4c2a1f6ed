/**
 * What an AWS call's failure says about its effect:
 * - `refused`: it did not happen, and asking again would not help;
 * - `not_taken`: it did not happen, and may work soon (throttled, or no connection was made);
 * - `unknown`: it may have happened (no answer in time, a server's error, a broken connection).
 */
export type Outcome = 'refused' | 'not_taken' | 'unknown';

const notConnected = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'];
/** @smithy/node-http-handler, when its connectionTimeout is over: an error of this text, without a code. */
const connectionTimeOut = 'did not establish a connection';

export function outcomeOf(error: unknown): Outcome {
  const { name, message, code, syscall, $metadata, $retryable } = error as {
    name?: string;
    message?: string;
    code?: string;
    syscall?: string;
    $metadata?: { httpStatusCode?: number };
    $retryable?: { throttling?: boolean };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429 || $retryable?.throttling || /throttl/i.test(name ?? '')) return 'not_taken';
  if ((code && notConnected.includes(code)) || syscall === 'connect') return 'not_taken';
  if (name === 'TimeoutError' && message?.includes(connectionTimeOut)) return 'not_taken';
  return status >= 400 && status < 500 ? 'refused' : 'unknown';
}

/** The name of an error, for logs and failures: its message may quote a phone number. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
