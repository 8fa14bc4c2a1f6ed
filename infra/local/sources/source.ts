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
  /** How many invocations can run at a time, as things stand. */
  readonly capacity: number;
  invoke(event: string): Promise<Outcome>;
}

/** One that asks for its event only when it begins; null: nothing is left to do. */
export interface Gathering extends Invokable {
  invoke(event: string | (() => string | null)): Promise<Outcome>;
  /** Calls this whenever there is room for one more. */
  onRoom(listener: () => void): void;
}

/** What a batch function answers about the records that it could not handle; null when the answer makes no sense. */
export function failedIdentifiers(payload: string): readonly string[] | null {
  const answer = JSON.parse(payload) as { batchItemFailures?: { itemIdentifier?: unknown }[] | null } | null;
  const failures = answer?.batchItemFailures;
  if (!failures) return [];
  const identifiers = failures.map(({ itemIdentifier }) => itemIdentifier);
  return identifiers.every((one) => typeof one === 'string' && one !== '') ? (identifiers as string[]) : null;
}
