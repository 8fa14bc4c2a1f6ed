import { asksOptedOut } from '../../shared/effects/opted-out.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { required } from '../../shared/runtime/env.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createStore } from '../../shared/store/index.ts';
import { makeHandler } from './check-coverage.ts';

export const handler = makeHandler({
  store: createStore({ table: required('TABLE_NAME'), random: systemRandom, clock: systemClock }),
  optedOut: asksOptedOut(),
  clock: systemClock,
  random: systemRandom,
});
