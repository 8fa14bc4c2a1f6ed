import type { Cases } from './types/cases.ts';
import type { Directory } from './types/directory.ts';
import type { EventLog } from './types/events.ts';
import type { Idempotency } from './types/idempotency.ts';
import type { Incidents } from './types/incidents.ts';
import type { ApiKeys } from './types/keys.ts';
import type { DeskLog } from './types/log.ts';
import type { Outages } from './types/outages.ts';
import type { Pages } from './types/pages.ts';
import type { Phones } from './types/phones.ts';
import type { Reaches } from './types/reach.ts';
import type { Timers } from './types/timers.ts';
import type { Webhooks } from './webhooks/types.ts';

export interface Store {
  cases: Cases;
  outages: Outages;
  incidents: Incidents;
  pages: Pages;
  phones: Phones;
  reach: Reaches;
  log: DeskLog;
  timers: Timers;
  directory: Directory;
  keys: ApiKeys;
  webhooks: Webhooks;
  events: EventLog;
  idempotency: Idempotency;
}
