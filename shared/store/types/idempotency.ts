import type { Audit } from '../../domain/audit.ts';
import type { Case, Decided } from '../../domain/decision.ts';
import type { Instant } from '../../domain/time.ts';

/** Kept with the effect of a POST, in the same transaction: the same key and body give the same answer for 24 h. */
export interface IdempotencyRecord {
  /** Who sent it: the API key's owner. */
  owner: string;
  key: string;
  /** SHA-256 of method, path and body, hex. */
  fingerprint: string;
  answer: { status: number; body: string; headers: Record<string, string> };
  expiresAt: Instant;
}

/** The answer as it will be given again: its bytes, not what they were made of. */
type Answer = IdempotencyRecord['answer'];

/**
 * The record of a POST whose effect is a case's commit. The answer is built from the case as it will be
 * committed (its version, seq and head included), so that record and effect are one transaction.
 */
export interface IdempotencyRequest extends Omit<IdempotencyRecord, 'answer'> {
  answer(committed: Case, what: Decided): Answer;
}

/** Who changes something, with the record of the POST that it came with: change and record are one transaction. */
export interface Recorded<T> extends Audit {
  /** Made of what is about to be written; undefined where no key was sent. */
  record?: (after: T) => IdempotencyRecord | undefined;
}

export interface Idempotency {
  /** null when unknown or expired (checked on read: DynamoDB's TTL is late). */
  read(owner: string, key: string): Promise<IdempotencyRecord | null>;
  /** For POSTs whose effect is no single transaction. @throws IdempotencyTaken when the key was taken meanwhile. */
  put(record: IdempotencyRecord): Promise<void>;
  /** Forgets a record whose effect did not happen. */
  drop(record: Pick<IdempotencyRecord, 'owner' | 'key'>): Promise<void>;
}
