import { access, operation, respond } from '../operation.ts';
import { idParams, listOf, listQuery, shortListQuery } from '../schemas/common.ts';
import {
  partner,
  partnerChange,
  partnerIn,
  plan,
  planChange,
  planIn,
  provider,
  providerIn,
  service,
  serviceIn,
  setup,
} from '../schemas/provider.ts';

/** What administrators configure. */

const tag = 'Administration';

export const createPartner = operation({
  id: 'createPartner',
  method: 'POST',
  path: '/v1/partners',
  tag,
  summary: 'Add a partner',
  description: 'An account that opens tickets. Make a key for it next.',
  access: access.administer,
  body: partnerIn,
  responses: { 201: respond('The partner.', partner, ['Location', 'ETag']) },
  problems: ['already_exists', 'unknown_reference'],
  idempotent: 'claim',
});

export const listPartners = operation({
  id: 'listPartners',
  method: 'GET',
  path: '/v1/partners',
  tag,
  summary: 'List partners',
  description: 'Accounts that open tickets.',
  access: access.readDesk,
  query: listQuery,
  responses: { 200: respond('A page of partners.', listOf(partner)) },
  problems: ['bad_cursor'],
});

export const getPartner = operation({
  id: 'getPartner',
  method: 'GET',
  path: '/v1/partners/{id}',
  tag,
  summary: 'Read about a partner',
  description: 'Its name and its plan.',
  access: access.readDesk,
  params: idParams,
  responses: { 200: respond('The partner.', partner, ['ETag']) },
  problems: ['not_found'],
});

export const updatePartner = operation({
  id: 'updatePartner',
  method: 'PATCH',
  path: '/v1/partners/{id}',
  tag,
  summary: 'Change a partner',
  description: 'A new plan counts for tickets opened from now on.',
  access: access.administer,
  params: idParams,
  body: partnerChange,
  responses: { 200: respond('The partner.', partner, ['ETag']) },
  problems: ['precondition_failed', 'not_found', 'unknown_reference'],
  ifMatch: true,
});

export const createPlan = operation({
  id: 'createPlan',
  method: 'POST',
  path: '/v1/plans',
  tag,
  summary: 'Add a plan',
  description: 'By when tickets get a first response, by severity. Times left out are the usual ones.',
  access: access.administer,
  body: planIn,
  responses: { 201: respond('The plan.', plan, ['Location', 'ETag']) },
  problems: ['already_exists', 'unknown_reference'],
  idempotent: 'claim',
});

export const listPlans = operation({
  id: 'listPlans',
  method: 'GET',
  path: '/v1/plans',
  tag,
  summary: 'List plans',
  description: 'What partners buy: by when tickets get a first response.',
  access: access.readDesk,
  query: shortListQuery,
  responses: { 200: respond('All of them.', listOf(plan)) },
  problems: ['bad_cursor'],
});

export const getPlan = operation({
  id: 'getPlan',
  method: 'GET',
  path: '/v1/plans/{id}',
  tag,
  summary: 'Read a plan',
  description: 'By when its tickets get a first response, by severity.',
  access: access.readDesk,
  params: idParams,
  responses: { 200: respond('The plan.', plan, ['ETag']) },
  problems: ['not_found'],
});

export const updatePlan = operation({
  id: 'updatePlan',
  method: 'PATCH',
  path: '/v1/plans/{id}',
  tag,
  summary: 'Change a plan',
  description: 'Clocks of tickets that are open already stay as they were reached.',
  access: access.administer,
  params: idParams,
  body: planChange,
  responses: { 200: respond('The plan.', plan, ['ETag']) },
  problems: ['precondition_failed', 'not_found', 'unknown_reference'],
  ifMatch: true,
});

export const listServices = operation({
  id: 'listServices',
  method: 'GET',
  path: '/v1/services',
  tag,
  summary: 'List the services that the provider supports',
  description: 'What tickets may name as `service`.',
  access: access.anyKey,
  query: shortListQuery,
  responses: { 200: respond('All of them.', listOf(service)) },
  problems: ['bad_cursor'],
});

export const getService = operation({
  id: 'getService',
  method: 'GET',
  path: '/v1/services/{id}',
  tag,
  summary: 'Read about a service',
  description: 'What tickets may name as `service`.',
  access: access.anyKey,
  params: idParams,
  responses: { 200: respond('The service.', service, ['ETag']) },
  problems: ['not_found'],
});

export const putService = operation({
  id: 'putService',
  method: 'PUT',
  path: '/v1/services/{id}',
  tag,
  summary: 'Make or replace a service',
  description: 'What tickets may name as `service`.',
  access: access.administer,
  params: idParams,
  body: serviceIn,
  responses: { 200: respond('The service.', service, ['ETag']) },
  problems: ['precondition_failed'],
  ifMatch: true,
});

export const getProvider = operation({
  id: 'getProvider',
  method: 'GET',
  path: '/v1/provider',
  tag,
  summary: 'Read about the provider',
  description: 'The company that runs this desk, and its limits.',
  access: access.readDesk,
  responses: { 200: respond('The provider.', provider, ['ETag']) },
  problems: ['not_found'],
});

export const putProvider = operation({
  id: 'putProvider',
  method: 'PUT',
  path: '/v1/provider',
  tag,
  summary: 'Configure the provider',
  description: 'Its calendar and its policy must be there already: without them nobody could be paged.',
  access: access.administer,
  body: providerIn,
  responses: { 200: respond('The provider.', provider, ['ETag']) },
  problems: ['precondition_failed', 'unknown_reference'],
  tellsGaps: true,
  ifMatch: true,
});

export const getSetup = operation({
  id: 'getSetup',
  method: 'GET',
  path: '/v1/setup',
  tag,
  summary: 'What is missing before the desk works',
  description: 'Each entry says why it is needed and where it is set.',
  access: access.administer,
  responses: { 200: respond('What is missing, and where it is set.', setup) },
});
