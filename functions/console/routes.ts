import { calendar } from './calendar.ts';
import { link } from './link.ts';
import { pager } from './pager.ts';
import type { Route } from './route.ts';

export const routes: readonly Route[] = [link, pager, calendar];
