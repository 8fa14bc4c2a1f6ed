import { createCarrier } from '../../shared/effects/carrier.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { optional, required } from '../../shared/runtime/env.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createStore } from '../../shared/store/index.ts';
import { makeHandler } from './page-on-call.ts';

export const handler = makeHandler({
  store: createStore({ table: required('TABLE_NAME'), random: systemRandom, clock: systemClock }),
  carrier: createCarrier({
    deskAlertsTopicArn: required('DESK_ALERTS_TOPIC_ARN'),
    originationNumber: optional('ORIGINATION_NUMBER'),
  }),
  clock: systemClock,
  random: systemRandom,
  linkUrl: optional('LINK_URL'),
});
