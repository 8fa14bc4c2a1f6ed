import { type Case, type Decision, nothingToDo } from '../domain/decision.ts';
import type { Roster } from '../domain/directory.ts';
import type { Instant } from '../domain/time.ts';
import { type DecideWith, decideAndCommit, type Outcome } from '../store/decide-and-commit.ts';
import type { Store } from '../store/store.ts';
import type { TicketAddress } from '../store/types/cases.ts';
import { wholeCase } from '../store/whole-case.ts';

export interface CaseFacts {
  state: Case;
  roster: Roster;
}

export interface CommandOptions {
  /** Asked after the case was read, in each try: what no longer holds then is not decided, and what changes after it makes the commit conflict. */
  stillWanted?: () => Promise<boolean>;
  /** For many commands of one moment, which read the roster once; read for each try when left out. */
  roster?: () => Promise<Roster | null>;
  /** In the same way, for the first try: after a conflict all is read afresh. */
  outages?: Store['outages'];
}

/**
 * What a timer, a reply or the outcome of an effect does to a case: a decision on the case, its outage and the
 * roster, all read consistently and afresh for each try.
 */
export function commandCase(
  { store, clock, random }: Omit<DecideWith, 'store'> & { store: Store },
  address: TicketAddress,
  decide: (facts: CaseFacts, now: Instant) => Decision,
  { stillWanted = async () => true, roster: read = store.directory.roster, outages }: CommandOptions = {},
): Promise<Outcome> {
  return decideAndCommit(
    { store, clock, random },
    {
      async read(conflict) {
        const from = { cases: store.cases, outages: (conflict ? null : outages) ?? store.outages };
        const [state, roster] = await Promise.all([wholeCase(from, address), read()]);
        if (!state || !roster) throw new Error(`The case ${address.number}, or the roster, is missing.`);
        return { state, roster, wanted: await stillWanted() };
      },
      decide: ({ wanted, ...facts }, now) => (wanted ? decide(facts, now) : nothingToDo(facts.state)),
    },
  );
}
