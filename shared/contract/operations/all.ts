import type { Operation } from '../operation.ts';
import * as desk from './desk.ts';
import * as directory from './directory.ts';
import * as escalations from './escalations.ts';
import * as integration from './integration.ts';
import * as tickets from './tickets.ts';

/** Every operation of the API. */
export const operations = [tickets, escalations, desk, directory, integration].flatMap(
  (group): Operation[] => Object.values(group) as Operation[],
);
