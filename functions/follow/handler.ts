import { createFollowerQueue } from '../../shared/effects/queues.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { required } from '../../shared/runtime/env.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createStore } from '../../shared/store/index.ts';
import { makeHandler } from './follow.ts';

export const handler = makeHandler({
  store: createStore({ table: required('TABLE_NAME'), random: systemRandom, clock: systemClock }),
  followers: createFollowerQueue({ queueUrl: required('FOLLOWER_QUEUE_URL') }),
  clock: systemClock,
  random: systemRandom,
});
