import { startLocalCloud } from '../../infra/local/client.ts';
import { storm } from '../flows/storm.ts';
import { percentile, report } from './report.ts';

/** 1,000 escalations of one outage, taken by one reply: how soon each of their tickets tells of it, on the desk's clock. */
const cloud = await startLocalCloud({ underLoad: true });
try {
  const { eventAfterSeconds } = await storm(cloud);
  const after = eventAfterSeconds.map((seconds) => seconds ?? Number.POSITIVE_INFINITY);
  report([
    { what: 'ALL to half of the followers’ events', value: percentile(after, 0.5), unit: 's' },
    { what: 'ALL to the last follower’s event', value: percentile(after, 1), unit: 's', most: 30 },
  ]);
} finally {
  await cloud.close();
}
