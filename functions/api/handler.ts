import { systemClock } from '../../shared/runtime/clock.ts';
import { optional, required } from '../../shared/runtime/env.ts';
import { log } from '../../shared/runtime/logging.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createStore } from '../../shared/store/index.ts';
import { makeApi } from './api.ts';
import { Limits } from './limits.ts';

const clock = systemClock;
const random = systemRandom;

export const handler = makeApi({
  store: createStore({ table: required('TABLE_NAME'), clock, random }),
  clock,
  random,
  log,
  limits: new Limits({
    requests: Number(required('REQUESTS_PER_MINUTE')),
    tickets: Number(required('TICKETS_PER_MINUTE')),
  }),
  publicUrl: required('PUBLIC_URL'),
  webhookLocalOrigin: optional('WEBHOOK_LOCAL_ORIGIN'),
});
