import { systemClock } from '../../shared/runtime/clock.ts';
import { optional, required } from '../../shared/runtime/env.ts';
import { log } from '../../shared/runtime/logging.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createStore } from '../../shared/store/index.ts';
import { makeApi } from './api.ts';

const clock = systemClock;
const random = systemRandom;

export const handler = makeApi({
  store: createStore({ table: required('TABLE_NAME'), clock, random }),
  clock,
  random,
  log,
  publicUrl: required('PUBLIC_URL'),
  webhookLocalOrigin: optional('WEBHOOK_LOCAL_ORIGIN'),
});
