import { createDeskEvents } from '../../shared/effects/desk-events.ts';
import { createFailureQueue, createTimerQueue } from '../../shared/effects/queues.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { required } from '../../shared/runtime/env.ts';
import { makeHandler } from './outbox.ts';

export const handler = makeHandler({
  events: createDeskEvents({ topicArn: required('EVENTS_TOPIC_ARN') }),
  timers: createTimerQueue({ queueUrl: required('TIMER_QUEUE_URL') }),
  failures: createFailureQueue({ queueUrl: required('FAILURE_QUEUE_URL') }),
  clock: systemClock,
});
