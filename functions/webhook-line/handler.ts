import { createFailureQueue } from '../../shared/effects/queues.ts';
import { createWebhookSender } from '../../shared/effects/webhook-sender.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { optional, required } from '../../shared/runtime/env.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createStore } from '../../shared/store/index.ts';
import { makeHandler } from './webhook-line.ts';

export const handler = makeHandler({
  store: createStore({ table: required('TABLE_NAME'), random: systemRandom, clock: systemClock }),
  sender: createWebhookSender({ clock: systemClock, localOrigin: optional('WEBHOOK_LOCAL_ORIGIN') }),
  failures: createFailureQueue({ queueUrl: required('FAILURE_QUEUE_URL') }),
  clock: systemClock,
  random: systemRandom,
});
