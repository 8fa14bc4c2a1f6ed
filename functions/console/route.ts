import type { consolePaths } from '../../shared/contract/console.ts';
import type { Instant } from '../../shared/domain/time.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Answer, HttpEvent } from '../../shared/runtime/http.ts';
import type { Log } from '../../shared/runtime/logging.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Store } from '../../shared/store/store.ts';

/** All that the console reaches beyond the request: handed in, so that tests move the clock. */
export interface ConsoleDesk {
  store: Store;
  clock: Clock;
  random: Random;
  /** The number that pages come from; null in a stage that has none. */
  originationNumber: string | null;
  log: Log;
  /** Where the desk is reached. */
  publicUrl: string;
}

/** What a request is about, for the one line that is logged of it. Never its path: that holds a secret. */
export interface About {
  screen: string | null;
  ticket: string | null;
}

export interface Request {
  /** Of the path, as they were sent. */
  params: Readonly<Record<string, string | undefined>>;
  event: HttpEvent;
  desk: ConsoleDesk;
  now: Instant;
  about: About;
}

/** One path and what it answers to each method. HEAD is answered as GET, without the body. */
export interface Route {
  screen: string;
  path: (typeof consolePaths)[keyof typeof consolePaths];
  methods: Partial<Record<'GET' | 'POST', (request: Request) => Promise<Answer>>>;
}
