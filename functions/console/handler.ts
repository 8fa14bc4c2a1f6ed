import { systemClock } from '../../shared/runtime/clock.ts';
import { optional, required } from '../../shared/runtime/env.ts';
import { log } from '../../shared/runtime/logging.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createStore } from '../../shared/store/index.ts';
import { makeConsole } from './console.ts';

const clock = systemClock;
const random = systemRandom;

export const handler = makeConsole({
  store: createStore({ table: required('TABLE_NAME'), clock, random }),
  clock,
  random,
  originationNumber: optional('ORIGINATION_NUMBER'),
  log,
  publicUrl: required('PUBLIC_URL'),
});
