import type { Route } from '../call.ts';
import { deliveries } from './deliveries.ts';
import { desk } from './desk.ts';
import { directory } from './directory.ts';
import { escalations } from './escalations.ts';
import { incidents } from './incidents.ts';
import { integration } from './integration.ts';
import { reports } from './reports.ts';
import { schedules } from './schedules.ts';
import { staff } from './staff.ts';
import { tickets } from './tickets.ts';
import { webhooks } from './webhooks.ts';

export const routes: readonly Route[] = [
  ...tickets,
  ...escalations,
  ...incidents,
  ...desk,
  ...schedules,
  ...staff,
  ...reports,
  ...directory,
  ...webhooks,
  ...deliveries,
  ...integration,
];
