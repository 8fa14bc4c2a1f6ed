import { setTimeout as wait } from 'node:timers/promises';
import type { Case, Decided, Decision, Refused } from '../domain/decision.ts';
import type { Instant } from '../domain/time.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { Conflict, IdempotencyTaken } from './conflict.ts';
import type { Store } from './store.ts';
import type { IdempotencyRequest } from './types/idempotency.ts';

export interface DecideWith {
  store: Pick<Store, 'cases' | 'idempotency'>;
  clock: Clock;
  random: Random;
  /** For tests; real time when left out. */
  sleep?: (milliseconds: number) => Promise<unknown>;
  tries?: number;
}

/** One command on one case. `S` is all that its decision needs, the case as `state`. */
export interface Command<S extends { state: Case | null }> {
  /** Read afresh for each try: the case and, say, the roster. After a first try with what was in its way. */
  read(conflict: Conflict | null): Promise<S>;
  decide(facts: S, now: Instant): Decision;
  idempotency?: IdempotencyRequest;
  /** The API key that it came with. */
  key?: string;
}

export type Outcome = { refused: false; case: Case; decided: Decided; at: Instant } | Refused;

const firstWait = 10;
const longestWait = 500;

/**
 * Reads, decides and commits; when something moved meanwhile, again with full jitter.
 * A refusal comes back as data; so does what was committed, or the case as it is when nothing had to change.
 * @throws IdempotencyTaken when the key was used before, also where the repeated command would now be refused.
 * @throws Conflict after the last try.
 */
export async function decideAndCommit<S extends { state: Case | null }>(
  { store, clock, random, sleep = wait, tries = 12 }: DecideWith,
  command: Command<S>,
): Promise<Outcome> {
  const { idempotency, key } = command;
  let conflict: Conflict | null = null;
  for (let tried = 1; ; tried++) {
    const facts = await command.read(conflict);
    const at = clock.now();
    const decision = command.decide(facts, at);
    if (decision.refused) {
      const record = idempotency && (await store.idempotency.read(idempotency.owner, idempotency.key));
      if (record) throw new IdempotencyTaken(record);
      return decision;
    }
    try {
      const committed = await store.cases.commit(facts.state, decision, at, {
        ...(idempotency && { idempotency }),
        ...(key !== undefined && { key }),
      });
      return { refused: false, case: committed, decided: decision, at };
    } catch (error) {
      if (!(error instanceof Conflict) || tried >= tries) throw error;
      conflict = error;
    }
    await sleep(random.fraction() * Math.min(longestWait, firstWait * 2 ** (tried - 1)));
  }
}
