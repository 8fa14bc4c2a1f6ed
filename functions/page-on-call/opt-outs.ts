import { addSeconds, type Instant } from '../../shared/domain/time.ts';
import type { Carrier } from '../../shared/effects/carrier.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { described, log } from '../../shared/runtime/logging.ts';

const keptSeconds = 300;

/**
 * Whether a phone has opted out, asked once in five minutes. An answer that does not come never holds a page:
 * what SNS then does not deliver comes in through its delivery log.
 */
export function optOuts(carrier: Carrier, clock: Clock): (phone: string) => Promise<boolean> {
  const known = new Map<string, { optedOut: boolean; askedAt: Instant }>();
  return async (phone) => {
    const now = clock.now();
    const last = known.get(phone);
    if (last && last.askedAt <= now && now < addSeconds(last.askedAt, keptSeconds)) return last.optedOut;
    try {
      const optedOut = await carrier.optedOut(phone);
      known.set(phone, { optedOut, askedAt: now });
      return optedOut;
    } catch (error) {
      log.warn('SNS does not say whether a phone has opted out; paging it.', described(error));
      return false;
    }
  };
}
