import type { Case, Decided, Decision, Refused } from '../../shared/domain/decision.ts';
import type { Roster } from '../../shared/domain/directory.ts';
import { parseTicketNumber } from '../../shared/domain/ticket/number.ts';
import type { Ticket } from '../../shared/domain/ticket/ticket.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { type Answer, Refusal } from '../../shared/runtime/http.ts';
import type { Conflict } from '../../shared/store/conflict.ts';
import { decideAndCommit } from '../../shared/store/decide-and-commit.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { wholeCase } from '../../shared/store/whole-case.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';

/** How routes find a case, and how a decision about it becomes a commit and an answer. */

type TicketCall = Pick<Call<{ number: string }>, 'params' | 'caller' | 'desk'>;

/** Where the ticket of the path lives for this caller: for partners in their own tenant, and nowhere else. */
export async function addressOf({ params, caller, desk }: TicketCall): Promise<TicketAddress> {
  const number = numberOf(params.number);
  if (caller.partner) return { partner: caller.partner.id, number };
  const found = await desk.store.cases.find(number);
  if (!found) throw noTicket(number);
  return found;
}

function numberOf(text: string): string {
  const parsed = parseTicketNumber(text);
  if (parsed.ok) return parsed.number;
  throw new Refusal(
    'bad_ticket_number',
    parsed.why === 'check_digit'
      ? 'The check digit of this number is wrong: a symbol was mistyped, or two were swapped.'
      : 'A ticket number looks like ND-6PC7-PS91.',
    {
      errors: [
        {
          field: 'number',
          message: parsed.why === 'check_digit' ? 'has a wrong check digit' : 'is not a ticket number',
        },
      ],
    },
  );
}

/** The same for a ticket of somebody else and for one that never was. */
function noTicket(number: string): Refusal {
  return new Refusal('ticket_not_found', `There is no ticket ${number}.`);
}

export async function ticketOf(call: TicketCall): Promise<Ticket> {
  const address = await addressOf(call);
  const ticket = await call.desk.store.cases.ticket(address);
  if (!ticket) throw noTicket(address.number);
  return ticket;
}

/** The case with the outage that it may share: what a decision, or somebody who looks, needs. */
export async function caseAt({ store }: Desk, address: TicketAddress): Promise<Case> {
  const state = await wholeCase(store, address);
  if (!state) throw noTicket(address.number);
  return state;
}

/** Who can be paged, read now: never from a cache. */
export async function rosterOf({ store }: Desk): Promise<Roster> {
  const roster = await store.directory.roster();
  if (!roster) throw notSetUp();
  return roster;
}

export function notSetUp(): Refusal {
  return new Refusal(
    'not_set_up',
    'The provider, its calendar or its escalation policy is not configured yet; GET /v1/setup lists what is missing.',
  );
}

/** One command on one case, with the answer that a repeated Idempotency-Key will get, in one transaction. */
export async function commit<S extends { state: Case | null }>(
  { desk, caller, idempotency }: Pick<Call, 'desk' | 'caller' | 'idempotency'>,
  command: { read(conflict: Conflict | null): Promise<S>; decide(facts: S, now: Instant): Decision },
  answer: (committed: Case, decided: Decided) => Answer,
): Promise<Answer> {
  const outcome = await decideAndCommit(desk, {
    ...command,
    key: caller.firstKey,
    ...(idempotency ? { idempotency: { ...idempotency, answer } } : {}),
  });
  if (outcome.refused) throw refusalFrom(outcome);
  return answer(outcome.case, outcome.decided);
}

export function refusalFrom({ code, detail, errors = [], extra = {} }: Refused): Refusal {
  return new Refusal(code, detail, { errors, extra });
}
