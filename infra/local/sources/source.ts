import type { FunctionPlan } from '../template/plan.ts';
import type { Outcome } from '../worker/pool.ts';

/** Something that feeds functions: a stream, a queue. */
export interface Source {
  start(): void | Promise<void>;
  /** Takes up whatever there is to do now. */
  poke(): void;
  /** Whether, looked at anew, there is nothing that could be handed out now. */
  isDrained(): Promise<boolean>;
  /** For moves of the clock: when something that waits now may be handed out: a delayed message, a next try. */
  nextDueAt(): number | null;
  close(): void;
}

/** A function, as far as a source needs it. */
export interface Invokable {
  readonly plan: FunctionPlan;
  /** How many invocations can run at a time. */
  readonly capacity: number;
  invoke(event: string): Promise<Outcome>;
}

/** What a batch function answers about the records that it could not handle; null when the answer makes no sense. */
export function failedIdentifiers(payload: string): readonly string[] | null {
  const answer = JSON.parse(payload) as { batchItemFailures?: { itemIdentifier?: unknown }[] | null } | null;
  const failures = answer?.batchItemFailures;
  if (!failures) return [];
  const identifiers = failures.map(({ itemIdentifier }) => itemIdentifier);
  return identifiers.every((one) => typeof one === 'string' && one !== '') ? (identifiers as string[]) : null;
}
