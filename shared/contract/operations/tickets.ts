import { access, operation, respond } from '../operation.ts';
import { listOf, listQuery } from '../schemas/common.ts';
import { ticketEvent } from '../schemas/event.ts';
import {
  commentIn,
  commentOut,
  ticket,
  ticketChange,
  ticketIn,
  ticketParams,
  ticketsQuery,
} from '../schemas/ticket.ts';

const tag = 'Tickets';

export const createTicket = operation({
  id: 'createTicket',
  method: 'POST',
  path: '/v1/tickets',
  tag,
  summary: 'Open a ticket',
  description:
    'The answer says whether the desk is open, by when it will answer, what is missing, and what to do now.',
  access: access.writeTickets,
  body: ticketIn,
  responses: { 201: respond('The ticket.', ticket, ['Location', 'ETag']) },
  rateLimit: 'tickets',
  problems: ['unknown_reference', 'not_set_up'],
  idempotent: 'commit',
});

export const listTickets = operation({
  id: 'listTickets',
  method: 'GET',
  path: '/v1/tickets',
  tag,
  summary: 'List tickets, newest first',
  description: 'Partners see their own. Filters narrow the list; `q` looks for words.',
  access: access.readTickets,
  query: ticketsQuery,
  responses: { 200: respond('A page of tickets.', listOf(ticket)) },
  problems: ['bad_cursor', 'not_set_up'],
});

export const getTicket = operation({
  id: 'getTicket',
  method: 'GET',
  path: '/v1/tickets/{number}',
  tag,
  summary: 'Read a ticket',
  description:
    'As it stands now, with its clocks, what is missing and what to do next. Numbers may be written in any case.',
  access: access.readTickets,
  params: ticketParams,
  responses: { 200: respond('The ticket.', ticket, ['ETag']) },
  problems: ['bad_ticket_number', 'ticket_not_found', 'not_set_up'],
});

export const updateTicket = operation({
  id: 'updateTicket',
  method: 'PATCH',
  path: '/v1/tickets/{number}',
  tag,
  summary: 'Change a ticket',
  description:
    'Resolving or closing it ends its escalation, too. `If-Match` with the ETag refuses a lost update.',
  access: access.writeTickets,
  params: ticketParams,
  body: ticketChange,
  responses: { 200: respond('The ticket as changed.', ticket, ['ETag']) },
  problems: [
    'bad_ticket_number',
    'ticket_not_found',
    'unknown_reference',
    'precondition_failed',
    'conflict',
    'not_set_up',
  ],
  ifMatch: true,
});

export const addComment = operation({
  id: 'addComment',
  method: 'POST',
  path: '/v1/tickets/{number}/comments',
  tag,
  summary: 'Comment on a ticket',
  description: 'A reply to a resolved or closed ticket reopens it.',
  access: access.writeTickets,
  params: ticketParams,
  body: commentIn,
  responses: { 201: respond('The comment.', commentOut) },
  problems: ['bad_ticket_number', 'ticket_not_found', 'conflict'],
  idempotent: 'commit',
});

export const listTicketEvents = operation({
  id: 'listTicketEvents',
  method: 'GET',
  path: '/v1/tickets/{number}/events',
  tag,
  summary: 'Read the timeline of a ticket, from its beginning',
  description:
    'Timeline, audit trail and source of webhooks in one. Each event holds the hash of the one before: a missing, altered or cut event shows.',
  access: access.readTickets,
  params: ticketParams,
  query: listQuery,
  responses: { 200: respond('A page of events.', listOf(ticketEvent)) },
  problems: ['bad_ticket_number', 'ticket_not_found', 'bad_cursor'],
});
