import type { LookupAddress } from 'node:dns';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Log } from '../../shared/runtime/logging.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Store } from '../../shared/store/store.ts';
import type { Limits } from './limits.ts';

/** All that the API reaches beyond the request: handed in, so that tests move the clock. */
export interface Desk {
  store: Store;
  clock: Clock;
  random: Random;
  publicUrl: string;
  /** Only stage `local` has one: see the address guard. */
  webhookLocalOrigin: string | null;
  log: Log;
  limits: Limits;
  /** For tests: how long the answer to a webhook's test waits for the attempt. 17 s when left out. */
  testSeconds?: number;
  /** For tests: resolves a webhook's host. The system's resolver when left out. */
  resolve?: (hostname: string) => Promise<LookupAddress[]>;
}
