import { access, operation, respond } from '../operation.ts';
import type { ProblemCode } from '../problems.ts';
import { listOf } from '../schemas/common.ts';
import {
  escalation,
  escalationIn,
  escalationParams,
  escalationPreview,
  escalationsQuery,
  previewQuery,
} from '../schemas/escalation.ts';
import { ticketParams } from '../schemas/ticket.ts';

/** An emergency is never refused for its number of requests. */
const emergency = { tag: 'Escalation', rateLimit: null } as const;
const path = '/v1/tickets/{number}/escalation';
const ofTicket = ['bad_ticket_number', 'ticket_not_found'] as const satisfies ProblemCode[];

export const previewEscalation = operation({
  id: 'previewEscalation',
  method: 'GET',
  path: `${path}/preview`,
  ...emergency,
  summary: 'What Escalate would do now',
  description: 'Desk or on-call and why, who would be paged and when, and by when a person takes it.',
  access: access.readTickets,
  params: ticketParams,
  query: previewQuery,
  responses: { 200: respond('What would happen.', escalationPreview) },
  problems: [...ofTicket, 'not_set_up'],
});

export const escalate = operation({
  id: 'escalate',
  method: 'POST',
  path,
  ...emergency,
  summary: 'Escalate: this is an emergency',
  description:
    'At night on-call is paged at once, by day the desk is alerted first. A second press returns the same escalation; what changed is told to whoever has it. Who answers is seen by GET. The third on one service and reason within 15 minutes, and all after it, follow the first (`follows`), and so do all whose tickets belong to one open incident: one outage pages once.',
  access: access.writeTickets,
  params: ticketParams,
  body: escalationIn,
  responses: {
    202: respond('The escalation has begun.', escalation, ['Location']),
    200: respond('It was active already.', escalation, ['Location']),
  },
  problems: [...ofTicket, 'nightly_cap_reached', 'conflict', 'not_set_up'],
  idempotent: 'commit',
});

export const getEscalation = operation({
  id: 'getEscalation',
  method: 'GET',
  path,
  ...emergency,
  summary: 'Watch the latest escalation of a ticket',
  description: 'Whom it pages, how far each page got, who took it, and whether the promise holds.',
  access: access.readTickets,
  params: ticketParams,
  responses: { 200: respond('The escalation.', escalation) },
  problems: [...ofTicket, 'escalation_not_found'],
});

export const reportNotContacted = operation({
  id: 'reportNotContacted',
  method: 'POST',
  path: `${path}/not-contacted`,
  ...emergency,
  summary: 'Nobody has called',
  description:
    'Whoever holds the emergency and the next level are paged at once, and the first of them to answer has it. Said again within five minutes it changes nothing.',
  access: access.writeTickets,
  params: ticketParams,
  responses: { 200: respond('The escalation.', escalation) },
  problems: [...ofTicket, 'not_active', 'conflict', 'not_set_up'],
  idempotent: 'commit',
});

export const cancelEscalation = operation({
  id: 'cancelEscalation',
  method: 'DELETE',
  path,
  ...emergency,
  summary: 'Cancel the escalation',
  description: 'Nothing rings any more, and everyone paged is told to stand down.',
  access: access.writeTickets,
  params: ticketParams,
  responses: { 200: respond('The escalation, cancelled.', escalation) },
  problems: [...ofTicket, 'not_active', 'conflict', 'not_set_up'],
});

export const splitEscalation = operation({
  id: 'splitEscalation',
  method: 'POST',
  path: `${path}/split`,
  ...emergency,
  summary: 'This is a different problem',
  description:
    'Takes an escalation out of the outage that it shares: on-call is paged for it at once, whoever holds the outage.',
  access: access.writeTickets,
  params: ticketParams,
  responses: { 200: respond('The escalation, on its own.', escalation) },
  problems: [...ofTicket, 'not_active', 'not_shared', 'nightly_cap_reached', 'conflict', 'not_set_up'],
  idempotent: 'commit',
});

export const listEscalations = operation({
  id: 'listEscalations',
  method: 'GET',
  path: '/v1/escalations',
  ...emergency,
  summary: 'List escalations, newest first',
  description: 'Of all partners, for the desk. `state` narrows the list.',
  access: access.readDesk,
  query: escalationsQuery,
  responses: { 200: respond('A page of escalations.', listOf(escalation)) },
  problems: ['bad_cursor'],
});

const act = (
  id: string,
  verb: string,
  summary: string,
  description: string,
  problems: readonly ProblemCode[],
) =>
  operation({
    id,
    method: 'POST',
    path: `/v1/escalations/{id}/${verb}`,
    ...emergency,
    summary,
    description,
    access: access.actOnEmergencies,
    params: escalationParams,
    responses: { 200: respond('The escalation.', escalation) },
    problems: ['escalation_not_found', 'not_active', ...problems, 'conflict', 'not_set_up'],
    idempotent: 'commit',
  });

export const acknowledgeEscalation = act(
  'acknowledgeEscalation',
  'acknowledge',
  'Take it',
  'The first wins. Engineers may take what they were paged for, agents and managers any.',
  ['not_paged', 'already_acknowledged'],
);

export const passEscalation = act(
  'passEscalation',
  'pass',
  'Hand it on',
  'To the next level that pages somebody else.',
  ['not_holder', 'cannot_page_anybody'],
);

export const resolveEscalation = act(
  'resolveEscalation',
  'resolve',
  'The emergency is over',
  'The ticket stays for the desk.',
  ['not_paged'],
);
