import type { Operation } from '../operation.ts';
import * as desk from './desk.ts';
import * as directory from './directory.ts';
import * as escalations from './escalations.ts';
import * as incidents from './incidents.ts';
import * as integration from './integration.ts';
import * as reports from './reports.ts';
import * as schedules from './schedules.ts';
import * as staff from './staff.ts';
import * as tickets from './tickets.ts';
import * as webhooks from './webhooks.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Every operation of the API, group by group, in the order of their paths. */
export const operations: readonly Operation[] = [
  tickets,
  escalations,
  incidents,
  desk,
  schedules,
  staff,
  reports,
  directory,
  webhooks,
  integration,
].flatMap((group) =>
  (Object.values(group) as Operation[]).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
);

function placeOf({ path, method }: Operation): string {
  return `${path} ${methods.indexOf(method)}`;
}
