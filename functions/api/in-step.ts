import { type Case, nothingToDo } from '../../shared/domain/decision.ts';
import type { Escalation } from '../../shared/domain/escalation/escalation.ts';
import { summaryOf } from '../../shared/domain/escalation/event-data.ts';
import { follow } from '../../shared/domain/outage/follow.ts';
import { isActive } from '../../shared/domain/outage/outage.ts';
import { asShown, isOverUnsaid } from '../../shared/domain/outage/step.ts';
import type { Ticket } from '../../shared/domain/ticket/ticket.ts';
import { decideAndCommit } from '../../shared/store/decide-and-commit.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import type { Call } from './call.ts';
import { caseAt, rosterOf } from './cases.ts';
import type { Desk } from './desk.ts';

/** Lists show what follows another escalation as it is shown alone: at once with all that its lead went through. */

type Looking = Pick<Call, 'desk' | 'now'>;

export async function ticketsInStep({ desk, now }: Looking, tickets: readonly Ticket[]): Promise<Ticket[]> {
  const following = tickets.flatMap(({ partner, number, escalation }) =>
    escalation?.follows && isActive(escalation)
      ? [{ partner, ticket: number, escalation: escalation.id }]
      : [],
  );
  const about = await desk.store.outages.aboutAll(following);
  return tickets.map((ticket) => {
    const own = ticket.escalation && about.get(ticket.escalation.id);
    const shown = own && asShown(own, now);
    return shown ? { ...ticket, escalation: summaryOf(shown) } : ticket;
  });
}

export async function escalationsInStep(
  { desk, now }: Looking,
  escalations: readonly Escalation[],
): Promise<Escalation[]> {
  const following = escalations.filter((one) => one.outage?.follows && isActive(one));
  const about = await desk.store.outages.aboutAll(
    following.map(({ partner, ticket, id }) => ({ partner, ticket, escalation: id })),
  );
  return escalations.map((one) => {
    const own = about.get(one.id);
    return (own && asShown(own, now)) ?? one;
  });
}

/** The case for a press: what its lead has just ended is over first, so that the press is of a new emergency. */
export async function caseToPress(desk: Desk, address: TicketAddress): Promise<Case> {
  const state = await caseAt(desk, address);
  if (!isOverUnsaid(state, desk.clock.now())) return state;
  const roster = await rosterOf(desk);
  const id = state.escalation?.id ?? '';
  await decideAndCommit(desk, {
    read: async () => ({ state: await caseAt(desk, address) }),
    decide: (facts, now) => follow(facts.state, { id, roster, now }) ?? nothingToDo(facts.state),
  });
  return caseAt(desk, address);
}
