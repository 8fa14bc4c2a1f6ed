import { access, operation, respond } from '../operation.ts';
import { listOf } from '../schemas/common.ts';
import {
  incident,
  incidentChange,
  incidentIn,
  incidentParams,
  incidentsQuery,
  incidentTicketParams,
  incidentTicketsIn,
  incidentWhole,
} from '../schemas/incident.ts';

/** Known outages that many tickets share: for staff. Partners see them in their tickets and in the support status. */

const tag = 'Incidents';

export const createIncident = operation({
  id: 'createIncident',
  method: 'POST',
  path: '/v1/incidents',
  tag,
  summary: 'Open an incident',
  description: 'Title and text are public at once: every partner sees them in the support status.',
  access: access.actOnEmergencies,
  body: incidentIn,
  responses: { 201: respond('The incident.', incident, ['Location', 'ETag']) },
  problems: ['unknown_reference', 'conflict'],
  idempotent: 'claim',
});

export const listIncidents = operation({
  id: 'listIncidents',
  method: 'GET',
  path: '/v1/incidents',
  tag,
  summary: 'List incidents, newest first',
  description: 'Open and resolved ones, without their tickets.',
  access: access.readDesk,
  query: incidentsQuery,
  responses: { 200: respond('A page of incidents.', listOf(incident)) },
  problems: ['bad_cursor'],
});

export const getIncident = operation({
  id: 'getIncident',
  method: 'GET',
  path: '/v1/incidents/{number}',
  tag,
  summary: 'Read an incident with its tickets',
  description: 'With all public words, and the tickets of every partner: for staff alone.',
  access: access.readDesk,
  params: incidentParams,
  responses: { 200: respond('The incident.', incidentWhole, ['ETag']) },
  problems: ['not_found'],
});

export const updateIncident = operation({
  id: 'updateIncident',
  method: 'PATCH',
  path: '/v1/incidents/{number}',
  tag,
  summary: 'Change, resolve or reopen an incident, or say something new',
  description:
    'Each of its tickets gets an event. Resolving it ends no emergency: each goes on until its holder, or its partner, says that it is over.',
  access: access.actOnEmergencies,
  params: incidentParams,
  body: incidentChange,
  responses: { 200: respond('The incident as changed.', incident, ['ETag']) },
  problems: ['not_found', 'unknown_reference', 'precondition_failed', 'conflict'],
  ifMatch: true,
});

export const linkTickets = operation({
  id: 'linkTickets',
  method: 'POST',
  path: '/v1/incidents/{number}/tickets',
  tag,
  summary: 'Link tickets to an incident',
  description:
    'A ticket belongs to one incident at a time: the latest link counts. While the incident is open, emergencies on its tickets follow the one that pages first, whatever their reasons. Each ticket is linked by itself, whole or not at all; sent again, those that are linked stay as they are.',
  access: access.actOnEmergencies,
  params: incidentParams,
  body: incidentTicketsIn,
  responses: { 200: respond('The incident.', incidentWhole, ['ETag']) },
  problems: ['not_found', 'unknown_reference', 'conflict', 'not_set_up'],
  idempotent: 'claim',
});

export const unlinkTicket = operation({
  id: 'unlinkTicket',
  method: 'DELETE',
  path: '/v1/incidents/{number}/tickets/{ticket}',
  tag,
  summary: 'Unlink a ticket from an incident',
  description:
    'Its event is `incident.unlinked`. An emergency on it that followed the incident is paged for on its own, at once; one that led stays with its holder, or goes on paging, and the oldest of the others leads them.',
  access: access.actOnEmergencies,
  params: incidentTicketParams,
  responses: { 204: respond('It belongs to it no longer.', null) },
  problems: ['not_found', 'conflict', 'not_set_up'],
});
