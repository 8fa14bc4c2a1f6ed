import type { Case } from '../domain/decision.ts';
import type { Store } from './store.ts';
import type { TicketAddress } from './types/cases.ts';

/** A case with the outage that it may share: what a decision, or somebody who looks, needs. null: there is none. */
export async function wholeCase(
  { cases, outages }: Pick<Store, 'cases' | 'outages'>,
  address: TicketAddress,
): Promise<Case | null> {
  const state = await cases.read(address);
  return state && { ...state, outage: await outages.of(state) };
}
