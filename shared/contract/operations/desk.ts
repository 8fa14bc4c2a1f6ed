import { access, operation, respond } from '../operation.ts';
import { businessTime, businessTimeQuery, calendar, calendarIn } from '../schemas/calendar.ts';
import { idParams, listOf, shortListQuery } from '../schemas/common.ts';
import { coverageOut, coverageQuery } from '../schemas/coverage.ts';
import { policy, policyIn } from '../schemas/policy.ts';
import { onCallNow } from '../schemas/schedule.ts';
import { atQuery, supportStatus } from '../schemas/support.ts';

/** Opening hours and on call. */

const tag = 'On call';

export const getSupportStatus = operation({
  id: 'getSupportStatus',
  method: 'GET',
  path: '/v1/support-status',
  tag,
  summary: 'Is the desk open, why, and whom to call',
  description: 'Now, or at another time with `at`. The number is answered at night, too.',
  access: access.anyKey,
  query: atQuery,
  responses: { 200: respond('The opening state.', supportStatus) },
  problems: ['not_set_up'],
});

export const getOnCall = operation({
  id: 'getOnCall',
  method: 'GET',
  path: '/v1/on-call',
  tag,
  summary: 'Who is on call at each level of the policy in force',
  description:
    'At another time, `at`: by the schedules as they were or are to be then, with the policy and the staff of today.',
  access: access.readDesk,
  query: atQuery,
  responses: { 200: respond('Who would be paged.', onCallNow) },
  problems: ['not_set_up'],
});

export const getCoverage = operation({
  id: 'getCoverage',
  method: 'GET',
  path: '/v1/coverage',
  tag,
  summary: 'Who can be reached while the desk is closed, and where nobody can',
  description:
    'For every closed time of the next days, level by level of the policy in force. Only verified phones count that have not opted out and do not fail; all others are paged all the same.',
  access: access.readDesk,
  query: coverageQuery,
  responses: { 200: respond('The coverage.', coverageOut) },
  problems: ['not_set_up'],
});

export const listPolicies = operation({
  id: 'listPolicies',
  method: 'GET',
  path: '/v1/policies',
  tag,
  summary: 'List escalation policies',
  description: 'Whom an emergency pages, and when.',
  access: access.readDesk,
  query: shortListQuery,
  responses: { 200: respond('All of them.', listOf(policy)) },
  problems: ['bad_cursor'],
});

export const getPolicy = operation({
  id: 'getPolicy',
  method: 'GET',
  path: '/v1/policies/{id}',
  tag,
  summary: 'Read an escalation policy',
  description: 'Its levels by night and by day, the promise and the repetition.',
  access: access.readDesk,
  params: idParams,
  responses: { 200: respond('The policy.', policy, ['ETag']) },
  problems: ['not_found'],
});

export const putPolicy = operation({
  id: 'putPolicy',
  method: 'PUT',
  path: '/v1/policies/{id}',
  tag,
  summary: 'Make or replace an escalation policy',
  description:
    'Escalations that run keep the policy in force when they were pressed. A policy that can page nobody, by night or by day, is refused with the reasons. A level that has nobody at its time, or whose pages fail, brings the next one at once, the last level everyone.',
  access: access.planWork,
  params: idParams,
  body: policyIn,
  responses: { 200: respond('The policy.', policy, ['ETag']) },
  problems: ['precondition_failed', 'unknown_reference', 'cannot_page_anybody'],
  tellsGaps: true,
  ifMatch: true,
});

export const listCalendars = operation({
  id: 'listCalendars',
  method: 'GET',
  path: '/v1/calendars',
  tag,
  summary: 'List calendars',
  description: 'Opening hours: the desk’s own and those that plans count by.',
  access: access.readDesk,
  query: shortListQuery,
  responses: { 200: respond('All of them.', listOf(calendar)) },
  problems: ['bad_cursor'],
});

export const getCalendar = operation({
  id: 'getCalendar',
  method: 'GET',
  path: '/v1/calendars/{id}',
  tag,
  summary: 'Read a calendar',
  description: 'Weekly hours with holidays and special days.',
  access: access.readDesk,
  params: idParams,
  responses: { 200: respond('The calendar.', calendar, ['ETag']) },
  problems: ['not_found'],
});

export const putCalendar = operation({
  id: 'putCalendar',
  method: 'PUT',
  path: '/v1/calendars/{id}',
  tag,
  summary: 'Make or replace a calendar',
  description:
    'The desk’s own decides from now on where emergencies go, those of plans count clocks of new tickets.',
  access: access.planWork,
  params: idParams,
  body: calendarIn,
  responses: { 200: respond('The calendar.', calendar, ['ETag']) },
  tellsGaps: true,
  problems: ['precondition_failed'],
  ifMatch: true,
});

export const getBusinessTime = operation({
  id: 'getBusinessTime',
  method: 'GET',
  path: '/v1/calendars/{id}/business-time',
  tag,
  summary: 'Count business time, with how it was counted',
  description: '`from` with `add` gives the due time, `from` with `to` the seconds open between the two.',
  access: access.anyKey,
  params: idParams,
  query: businessTimeQuery,
  responses: { 200: respond('The count and its steps.', businessTime) },
  problems: ['not_found'],
});
