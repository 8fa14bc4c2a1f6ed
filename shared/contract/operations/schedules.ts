import { access, operation, respond } from '../operation.ts';
import { idParams, listOf } from '../schemas/common.ts';
import { override, overrideIn, schedule, scheduleIn, shiftList, shiftsQuery } from '../schemas/schedule.ts';

/** Who is on call when. */

const tag = 'On call';

export const listSchedules = operation({
  id: 'listSchedules',
  method: 'GET',
  path: '/v1/schedules',
  tag,
  summary: 'List schedules',
  access: access.readDesk,
  responses: { 200: respond('All of them.', listOf(schedule)) },
});

export const getSchedule = operation({
  id: 'getSchedule',
  method: 'GET',
  path: '/v1/schedules/{id}',
  tag,
  summary: 'Read a schedule',
  access: access.readDesk,
  params: idParams,
  responses: { 200: respond('The schedule with its overrides.', schedule) },
  problems: ['not_found'],
});

export const putSchedule = operation({
  id: 'putSchedule',
  method: 'PUT',
  path: '/v1/schedules/{id}',
  tag,
  summary: 'Make or replace a schedule',
  description: 'All rotations are on call, each with its own member. Overrides are kept.',
  access: access.planWork,
  params: idParams,
  body: scheduleIn,
  responses: { 200: respond('The schedule.', schedule) },
});

export const createOverride = operation({
  id: 'createOverride',
  method: 'POST',
  path: '/v1/schedules/{id}/overrides',
  tag,
  summary: 'Put somebody on call for a time',
  description: 'The same override twice is one: the second answer is 200 with the first.',
  access: access.planWork,
  params: idParams,
  body: overrideIn,
  responses: {
    201: respond('The override.', override),
    200: respond('It was there already.', override),
  },
  problems: ['not_found', 'override_overlaps'],
  idempotent: 'claim',
});

export const listShifts = operation({
  id: 'listShifts',
  method: 'GET',
  path: '/v1/schedules/{id}/shifts',
  tag,
  summary: 'Who is on call when',
  access: access.readDesk,
  params: idParams,
  query: shiftsQuery,
  responses: { 200: respond('The shifts, cut to the range.', shiftList) },
  problems: ['not_found'],
});
