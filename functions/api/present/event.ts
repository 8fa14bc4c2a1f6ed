import type { Decided } from '../../../shared/domain/decision.ts';
import type { TicketEvent } from '../../../shared/domain/event.ts';
import type { Comment } from '../../../shared/domain/ticket/comment.ts';
import type { Ticket } from '../../../shared/domain/ticket/ticket.ts';
import { symbolsOf } from '../../../shared/store/keys.ts';
import type { Caller } from '../caller.ts';

/** Who may not see an event's data sees `data: null` and the hashes, so that the chain still checks. */
export function presentEvent(event: TicketEvent, { staff }: Pick<Caller, 'staff'>) {
  const { id, seq, type, at, ticket, partner, actor, internal, dataHash, prevHash, hash } = event;
  const may = staff !== null || !internal;
  return {
    id,
    seq,
    type,
    at,
    ticket,
    partner,
    actor,
    internal,
    text: may ? event.text : null,
    data: may ? event.data : null,
    salt: may ? event.salt : null,
    dataHash,
    prevHash,
    hash,
  };
}

/** A comment as committed. Its event is the first of those that the decision made. */
export function presentComment(ticket: Ticket, { events }: Decided, { body, internal, by }: Comment) {
  const seq = ticket.seq - events.length + 1;
  return {
    id: `evt_${symbolsOf(ticket.number)}_${seq}`,
    seq,
    ticket: ticket.number,
    body,
    internal,
    author: by,
    at: ticket.updatedAt,
  };
}
