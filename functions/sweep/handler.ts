import { createTimerQueue } from '../../shared/effects/queues.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { required } from '../../shared/runtime/env.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createStore } from '../../shared/store/index.ts';
import { makeHandler } from './sweep.ts';

export const handler = makeHandler({
  store: createStore({ table: required('TABLE_NAME'), random: systemRandom, clock: systemClock }),
  queue: createTimerQueue({ queueUrl: required('TIMER_QUEUE_URL') }),
  clock: systemClock,
});
