import { access, operation, respond } from '../operation.ts';
import { onCallReport, promiseReport, promisesQuery, reportQuery } from '../schemas/report.ts';

const tag = 'Reports';

export const getPromises = operation({
  id: 'getPromises',
  method: 'GET',
  path: '/v1/reports/promises',
  tag,
  summary: 'Which promises were kept',
  description:
    'A row an escalation, by its start, oldest first; what was cancelled before its promise fell due, or closed by its own side with nobody having taken it, is left out. Partners see their own. `format=csv` answers text/csv, its times on the provider’s clock.',
  access: access.readTickets,
  query: promisesQuery,
  responses: { 200: { ...respond('A page of rows.', promiseReport), also: 'text/csv' } },
  problems: ['bad_cursor', 'report_too_large', 'not_set_up'],
});

export const getOnCallReport = operation({
  id: 'getOnCallReport',
  method: 'GET',
  path: '/v1/reports/on-call',
  tag,
  summary: 'How on-call went',
  description:
    'Time to page and to acknowledge, promises, and for each person pages and interrupted sleep (22:00 to 07:00 on their own clock) a week. Of escalations that began in the range, at most 2,000.',
  access: access.readDesk,
  query: reportQuery,
  responses: { 200: respond('The report.', onCallReport) },
  problems: ['report_too_large', 'not_set_up'],
});
