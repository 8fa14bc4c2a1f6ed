import { Logger } from '@aws-lambda-powertools/logger';

/**
 * What a log line may say of its subject. Never a key, a phone number, an address or a message's words; and
 * never through `appendKeys`: records are handled side by side, and would wear each other's keys.
 */
export interface LogFields {
  ticket?: string | null | undefined;
  partner?: string | null | undefined;
  /** Names that the log itself uses: it would drop them. */
  level?: never;
  message?: never;
  [name: string]: unknown;
}

/** Structured lines in JSON; within an invocation each carries its request id (see handler.ts). */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export const logger = new Logger();

/** A line with the fields; a plain call when there are none. */
export const log: Log = {
  info: (message, fields = {}) => logger.info(message, fields),
  warn: (message, fields = {}) => logger.warn(message, fields),
  error: (message, fields = {}) => logger.error(message, fields),
};

/** An error for the log: what and where, with every long run of digits masked, for AWS quotes phone numbers. */
export function described(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: { name: typeof error } };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return {
    error: {
      name: error.name,
      message: error.message.replace(/\+?\d[\d\s().-]{5,}\d/g, '(masked)'),
      at: frames.slice(0, 8).map((line) => line.trim()),
    },
  };
}
