import { access, operation, respond } from '../operation.ts';
import { idParams, listOf, shortListQuery } from '../schemas/common.ts';
import { staffChange, staffIn, staffMember, verificationAsked } from '../schemas/staff.ts';

/** Who works here, and how they are reached. */

const tag = 'Staff';

export const createStaff = operation({
  id: 'createStaff',
  method: 'POST',
  path: '/v1/staff',
  tag,
  summary: 'Add somebody to the staff',
  description: 'Their phone is not verified yet: see `verify`. Only admins make admins.',
  access: access.planWork,
  body: staffIn,
  responses: { 201: respond('The person.', staffMember, ['Location', 'ETag']) },
  problems: ['already_exists'],
  idempotent: 'claim',
});

export const listStaff = operation({
  id: 'listStaff',
  method: 'GET',
  path: '/v1/staff',
  tag,
  summary: 'List the staff',
  description: 'Everybody, with how their phones can be reached.',
  access: access.readDesk,
  query: shortListQuery,
  responses: { 200: respond('Everybody.', listOf(staffMember)) },
  problems: ['bad_cursor'],
});

export const getStaff = operation({
  id: 'getStaff',
  method: 'GET',
  path: '/v1/staff/{id}',
  tag,
  summary: 'Read about somebody of the staff',
  description: 'With how their phone can be reached.',
  access: access.readDesk,
  params: idParams,
  responses: { 200: respond('The person.', staffMember, ['ETag']) },
  problems: ['not_found'],
});

export const updateStaff = operation({
  id: 'updateStaff',
  method: 'PATCH',
  path: '/v1/staff/{id}',
  tag,
  summary: 'Change somebody of the staff',
  description:
    'A phone that changes has to be verified anew. Only admins change admins, or the e-mail address of somebody else.',
  access: access.planWork,
  params: idParams,
  body: staffChange,
  responses: { 200: respond('The person.', staffMember, ['ETag']) },
  problems: ['precondition_failed', 'not_found', 'already_exists', 'conflict'],
  tellsGaps: true,
  ifMatch: true,
});

export const verifyStaff = operation({
  id: 'verifyStaff',
  method: 'POST',
  path: '/v1/staff/{id}/verify',
  tag,
  summary: "Ask somebody's phone to prove that pages reach it",
  description:
    'Sends an SMS. Any reply to it within 24 hours, but for a carrier word such as STOP, verifies the phone: messages go both ways. At most once a minute, five times a day.',
  access: access.planWork,
  params: idParams,
  responses: { 202: respond('The SMS is on its way.', verificationAsked) },
  problems: ['not_found', 'no_phone', 'throttled', 'not_set_up', 'conflict'],
  idempotent: 'claim',
});
