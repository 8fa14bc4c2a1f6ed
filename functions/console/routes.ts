import { link } from './link.ts';
import type { Route } from './route.ts';

export const routes: readonly Route[] = [link];
