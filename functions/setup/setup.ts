import * as z from 'zod';
import { lazy } from '../../shared/contract/lazy.ts';
import { scopes } from '../../shared/contract/words.ts';
import type { Staff } from '../../shared/domain/directory.ts';
import { makeApiKey } from '../../shared/runtime/api-key.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { eventFunction, parse } from '../../shared/runtime/handler.ts';
import { log } from '../../shared/runtime/logging.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Store } from '../../shared/store/store.ts';

export interface SetupDependencies {
  store: Pick<Store, 'keys'>;
  clock: Clock;
  random: Random;
}

const request = lazy(() =>
  z.object({
    name: z.string().trim().min(1).max(200).default('Administrator'),
    email: z.email().default('admin@nightdesk.invalid'),
  }),
);

export type SetupAnswer = { key: string; staffId: string } | { alreadySetUp: true };

/** The first administrator with the first API key, once in the life of a table. The key is shown this once. */
export function makeHandler({ store, clock, random }: SetupDependencies) {
  return eventFunction<unknown, SetupAnswer>(async (event) => {
    const { name, email } = parse(request(), event ?? {});
    const now = clock.now();
    const admin: Staff = {
      id: random.id('stf'),
      name,
      role: 'admin',
      phone: null,
      phoneVerifiedAt: null,
      email,
      timezone: 'America/New_York',
      suspended: false,
      createdAt: now,
    };
    const { key, record } = makeApiKey(random, {
      partner: null,
      staff: admin.id,
      scopes: [...scopes],
      createdAt: now,
      expiresAt: null,
    });
    const first = await store.keys.setUp(admin, record);
    log.info(first ? 'The desk was set up.' : 'The desk was set up before.', { staff: admin.id });
    return first ? { key, staffId: admin.id } : { alreadySetUp: true };
  });
}
