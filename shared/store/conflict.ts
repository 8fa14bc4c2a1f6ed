import type { IdempotencyRecord } from './types/idempotency.ts';

/**
 * Something moved between the read and the write: read again, decide again. `failed` names each condition
 * that did not hold, such as `ticket.version`, or `ticket.busy` when another transaction had the item.
 */
export class Conflict extends Error {
  override readonly name = 'Conflict';
  readonly failed: readonly string[];

  constructor(failed: readonly string[], options?: ErrorOptions) {
    super(`Changed by somebody else meanwhile: ${failed.join(', ')}`, options);
    this.failed = failed;
  }

  /**
   * Whether somebody else has changed the row of this name since it was read. If not, rows were only held by another
   * transaction just then, and whoever held them may have given up as well: nothing need have been written.
   */
  hasMoved(what: string): boolean {
    return this.failed.includes(`${what}.version`);
  }
}

/** The Idempotency-Key was used before. `record` is what was stored then: compare its fingerprint, give its answer. */
export class IdempotencyTaken extends Error {
  override readonly name = 'IdempotencyTaken';
  readonly record: IdempotencyRecord;

  constructor(record: IdempotencyRecord, options?: ErrorOptions) {
    super('This idempotency key was used before', options);
    this.record = record;
  }
}
