import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { LogSubscriptionPlan } from '../template/plan.ts';
import type { PhoneState } from './carrier.ts';

/** Where SNS logs what did not arrive, under a name that AWS fixes. */
export const failureLogGroup = 'sns/us-east-1/000000000000/DirectPublishToPhoneNumber/Failure';

/** The words of SNS for what people call it in `PUT /local/phones/{phone}`; other words stand as they are. */
const providerResponses: Readonly<Record<string, string>> = {
  'bad number': 'Invalid phone number',
  'spend limit': 'No quota left for account',
  'max price': 'This delivery would exceed max price',
  unreachable: 'Phone is currently unreachable/unavailable',
  blocked: 'Blocked as spam by phone carrier',
};

/** The delivery status record of an SMS that SNS took and did not deliver. */
export function deliveryFailure(failure: {
  id: string;
  to: string;
  state: PhoneState;
  smsType: string;
  now: number;
}): string {
  const { id, to, state, smsType, now } = failure;
  const why = state.optedOut ? 'Phone number is opted out' : (state.failing ?? '');
  return JSON.stringify({
    notification: {
      messageId: id,
      timestamp: new Date(now).toISOString().replace('T', ' ').replace('Z', ''),
    },
    delivery: {
      phoneCarrier: 'Local Carrier',
      mnc: 0,
      destination: to,
      priceInUSD: 0.00645,
      smsType,
      mcc: 0,
      providerResponse: providerResponses[why] ?? why,
      dwellTimeMs: 25,
    },
    status: 'FAILURE',
  });
}

/** What CloudWatch Logs hands to a function that reads a log group. */
export function logEvent({ name, logGroup }: LogSubscriptionPlan, record: string, now: number): string {
  const data = {
    messageType: 'DATA_MESSAGE',
    owner: '000000000000',
    logGroup,
    logStream: randomUUID(),
    subscriptionFilters: [name],
    logEvents: [{ id: String(now).padStart(56, '0'), timestamp: now, message: record }],
  };
  return JSON.stringify({ awslogs: { data: gzipSync(JSON.stringify(data)).toString('base64') } });
}
