import { access, operation, respond } from '../operation.ts';
import { idParams, listOf, shortListQuery } from '../schemas/common.ts';
import {
  override,
  overrideIn,
  overrideParams,
  schedule,
  scheduleIn,
  shiftList,
  shiftsQuery,
} from '../schemas/schedule.ts';

/** Who is on call when. */

const tag = 'On call';

export const listSchedules = operation({
  id: 'listSchedules',
  method: 'GET',
  path: '/v1/schedules',
  tag,
  summary: 'List schedules',
  description: 'Who is on call when, with overrides.',
  access: access.readDesk,
  query: shortListQuery,
  responses: { 200: respond('All of them.', listOf(schedule)) },
  problems: ['bad_cursor'],
});

export const getSchedule = operation({
  id: 'getSchedule',
  method: 'GET',
  path: '/v1/schedules/{id}',
  tag,
  summary: 'Read a schedule',
  description: 'Its rotations, its overrides and the address of its calendar feed.',
  access: access.readDesk,
  params: idParams,
  responses: { 200: respond('The schedule with its overrides.', schedule, ['ETag']) },
  problems: ['not_found'],
});

export const putSchedule = operation({
  id: 'putSchedule',
  method: 'PUT',
  path: '/v1/schedules/{id}',
  tag,
  summary: 'Make or replace a schedule',
  description:
    'All rotations are on call at the same time, each with its own member; nobody covers anybody but by an override. A change counts from now on: who was on call before stays as it was. A new schedule counts from the start of its rotations. Overrides are kept.',
  access: access.planWork,
  params: idParams,
  body: scheduleIn,
  responses: { 200: respond('The schedule.', schedule, ['ETag']) },
  tellsGaps: true,
  problems: ['precondition_failed'],
  ifMatch: true,
});

export const createOverride = operation({
  id: 'createOverride',
  method: 'POST',
  path: '/v1/schedules/{id}/overrides',
  tag,
  summary: 'Put somebody on call for a time, or take somebody off',
  description:
    '`staff` comes on call besides the others, or in the place of `instead`; `staff: null` takes `instead` off call with nobody in their place. One that has begun counts from now (up to a minute ago it is taken as written), one whose time is past is refused: who was on call stays known. The same override twice is one: the second answer is 200 with the first.',
  access: access.planWork,
  params: idParams,
  body: overrideIn,
  responses: {
    201: respond('The override.', override),
    200: respond('It was there already.', override),
  },
  problems: ['not_found', 'override_overlaps'],
  idempotent: 'claim',
  tellsGaps: true,
});

export const endOverride = operation({
  id: 'endOverride',
  method: 'DELETE',
  path: '/v1/schedules/{id}/overrides/{override}',
  tag,
  summary: 'End an override',
  description: 'One to come is gone, one that runs ends now, one that has ended stays what it was.',
  access: access.planWork,
  params: overrideParams,
  responses: { 204: respond('It holds no longer.', null) },
  problems: ['not_found', 'override_ended'],
  tellsGaps: true,
});

export const renewCalendarUrl = operation({
  id: 'renewCalendarUrl',
  method: 'POST',
  path: '/v1/schedules/{id}/calendar-url',
  tag,
  summary: 'Give the calendar feed a new address',
  description: 'The address before stops working at once: whoever subscribed needs the new one.',
  access: access.planWork,
  params: idParams,
  responses: { 200: respond('The schedule with its new `calendarUrl`.', schedule) },
  problems: ['not_found'],
  idempotent: 'secret',
});

export const revokeCalendarUrl = operation({
  id: 'revokeCalendarUrl',
  method: 'DELETE',
  path: '/v1/schedules/{id}/calendar-url',
  tag,
  summary: 'Close the calendar feed',
  description: 'Its address stops working at once. `POST` gives it a new one.',
  access: access.planWork,
  params: idParams,
  responses: { 204: respond('The feed is closed.', null) },
  problems: ['not_found'],
});

export const listShifts = operation({
  id: 'listShifts',
  method: 'GET',
  path: '/v1/schedules/{id}/shifts',
  tag,
  summary: 'Who is on call when',
  description: 'Computed for the range, across clock changes; `source` names the rotation or the override.',
  access: access.readDesk,
  params: idParams,
  query: shiftsQuery,
  responses: { 200: respond('The shifts, cut to the range.', shiftList) },
  problems: ['not_found'],
});
