import * as operations from '../../../shared/contract/operations/tickets.ts';
import type { Case } from '../../../shared/domain/decision.ts';
import type { Partner } from '../../../shared/domain/directory.ts';
import { summaryOf } from '../../../shared/domain/escalation/event-data.ts';
import { asShown } from '../../../shared/domain/outage/step.ts';
import { changeTicket } from '../../../shared/domain/ticket/change.ts';
import { isStopped } from '../../../shared/domain/ticket/clock.ts';
import { comment } from '../../../shared/domain/ticket/comment.ts';
import type { DeskNow } from '../../../shared/domain/ticket/next-step.ts';
import { ticketNumber } from '../../../shared/domain/ticket/number.ts';
import { openTicket } from '../../../shared/domain/ticket/open.ts';
import type { Ticket } from '../../../shared/domain/ticket/ticket.ts';
import { json, Refusal } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import { type Call, route } from '../call.ts';
import { addressOf, caseAt, commit, rosterOf, ticketOf } from '../cases.ts';
import { etagOf, mustMatch } from '../etag.ts';
import { ticketsInStep } from '../in-step.ts';
import { deskNow, known, termsFor, termsOf } from '../lookups.ts';
import { presentComment, presentEvent } from '../present/event.ts';
import { presentTicket, ticketPath } from '../present/ticket.ts';

export const tickets = [
  route(operations.createTicket, async (call) => {
    const { body, caller, desk, now } = call;
    const seen = await deskNow(call);
    const partner = await openedFor(call, body);
    const { plan, calendar: planCalendar } = await termsOf(call, partner);
    if (body.service) known(await desk.store.directory.service(body.service), 'service', body.service);
    const number = ticketNumber(desk.random.bytes(7));
    const channel = body.channel ?? (caller.staff ? 'phone' : 'api');
    const { partner: _for, ...given } = body;
    const command = { ...given, number, channel, by: caller.actor };
    return commit(
      call,
      {
        read: async () => ({ state: null }),
        decide: () => openTicket(command, { partner, plan, planCalendar, now }),
      },
      (committed) => answerWith(201, committed, seen, { location: ticketPath(number) }),
    );
  }),

  route(operations.listTickets, async (call) => {
    const { query, caller, desk } = call;
    const seen = await deskNow(call);
    const found = await desk.store.cases.list({ ...query, partner: caller.partner?.id ?? null });
    const shown = await ticketsInStep(call, found.data);
    return json(200, { ...found, data: shown.map((ticket) => presentTicket(ticket, seen)) });
  }),

  route(operations.getTicket, async (call) => {
    const [stored, seen] = await Promise.all([ticketOf(call), deskNow(call)]);
    const ticket = await withLead(call, stored);
    return json(200, presentTicket(ticket, seen), { etag: etagOf(ticket) });
  }),

  route(operations.updateTicket, async (call) => {
    const { body, caller, desk } = call;
    const [address, seen] = await Promise.all([addressOf(call), deskNow(call)]);
    if (body.service) known(await desk.store.directory.service(body.service), 'service', body.service);
    return commit(
      call,
      {
        read: async () => {
          const [state, roster] = await Promise.all([caseAt(desk, address), rosterOf(desk)]);
          const terms = body.status || body.severity ? await termsFor(call, state.ticket) : null;
          return { state, roster, terms };
        },
        decide: ({ state, ...facts }, now) => {
          mustMatch(call, etagOf(state.ticket));
          return changeTicket(state, { ...body, by: caller.actor }, { ...facts, now });
        },
      },
      (committed) => answerWith(200, committed, seen),
    );
  }),

  route(operations.addComment, async (call) => {
    const { body, caller, desk } = call;
    const address = await addressOf(call);
    if (body.internal && !caller.staff) {
      throw new Refusal('forbidden', 'Internal comments are for staff.');
    }
    return commit(
      call,
      {
        read: async () => {
          const state = await caseAt(desk, address);
          const terms = isStopped(state.ticket.status) ? await termsFor(call, state.ticket) : null;
          return { state, terms };
        },
        decide: ({ state, terms }, now) => comment(state, { ...body, by: caller.actor }, now, terms),
      },
      ({ ticket }, decided) => json(201, presentComment(ticket, decided, { ...body, by: caller.actor })),
    );
  }),

  route(operations.listTicketEvents, async (call) => {
    const { query, caller, desk } = call;
    const ticket = await ticketOf(call);
    const address = { partner: ticket.partner, number: ticket.number };
    const found = await desk.store.cases.events(address, { ...query, reader: caller.partner?.id ?? null });
    return json(200, { ...found, data: found.data.map((event) => presentEvent(event, caller)) });
  }),
];

/** A ticket whose escalation follows another one shows at once what that one went through. */
async function withLead({ desk, now }: Pick<Call, 'desk' | 'now'>, ticket: Ticket): Promise<Ticket> {
  if (!ticket.escalation?.follows) return ticket;
  const state = await caseAt(desk, { partner: ticket.partner, number: ticket.number });
  const shown = asShown(state, now);
  return { ...state.ticket, escalation: shown && summaryOf(shown) };
}

function answerWith(status: number, { ticket }: Case, seen: DeskNow, headers: Record<string, string> = {}) {
  return json(status, presentTicket(ticket, seen), { etag: etagOf(ticket), ...headers });
}

/** Partners open tickets for themselves; staff say for whom. */
async function openedFor(
  { caller, desk }: Pick<Call, 'caller' | 'desk'>,
  { partner, channel }: { partner: string | null; channel: string | null },
): Promise<Partner> {
  if (caller.partner) {
    if (partner !== null && partner !== caller.partner.id) {
      throw new Refusal('forbidden', 'Only staff open tickets for another partner.');
    }
    if (channel === 'phone') throw invalid([{ field: 'channel', message: 'phone is for staff' }]);
    return caller.partner;
  }
  if (partner === null) throw invalid([{ field: 'partner', message: 'is required from staff' }]);
  return known(await desk.store.directory.partner(partner), 'partner', partner);
}
