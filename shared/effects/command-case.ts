import { type Case, type Decision, nothingToDo } from '../domain/decision.ts';
import type { Roster } from '../domain/directory.ts';
import type { Instant } from '../domain/time.ts';
import { type DecideWith, decideAndCommit, type Outcome } from '../store/decide-and-commit.ts';
import type { Store } from '../store/store.ts';
import type { TicketAddress } from '../store/types/cases.ts';

export interface CaseFacts {
  state: Case;
  roster: Roster;
}

/**
 * What a timer, a reply or the outcome of an effect does to a case: a decision on the case, its outage and the
 * roster, all read consistently and afresh for each try. `stillWanted` is asked after the case was read, in each
 * try: what no longer holds then is not decided, and what changes after it makes the commit conflict.
 */
export function commandCase(
  { store, clock, random }: Omit<DecideWith, 'store'> & { store: Store },
  address: TicketAddress,
  decide: (facts: CaseFacts, now: Instant) => Decision,
  stillWanted: () => Promise<boolean> = async () => true,
): Promise<Outcome> {
  return decideAndCommit(
    { store, clock, random },
    {
      async read() {
        const [state, roster] = await Promise.all([store.cases.read(address), store.directory.roster()]);
        if (!state || !roster) throw new Error(`The case ${address.number}, or the roster, is missing.`);
        const [wanted, outage] = await Promise.all([stillWanted(), store.outages.of(state)]);
        return { state: { ...state, outage }, roster, wanted };
      },
      decide: ({ wanted, ...facts }, now) => (wanted ? decide(facts, now) : nothingToDo(facts.state)),
    },
  );
}
