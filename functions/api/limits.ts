import type { RateLimited } from '../../shared/contract/operation.ts';
import { type Instant, millisOf } from '../../shared/domain/time.ts';

/** Requests a minute and API key. */
export type RateLimits = Readonly<Record<RateLimited, number>>;

export interface Counted {
  admitted: boolean;
  /** RateLimit fields as in draft-ietf-httpapi-ratelimit-headers: what is left, and when all of it is there again. */
  headers: Record<string, string>;
  /** Until one more is admitted. */
  retryAfterSeconds: number;
}

const windowSeconds = 60;
const mostBuckets = 10_000;

/**
 * A bucket for each key and kind of request, which fills again evenly within a minute. This instance of the
 * function counts what it answers itself: a key that is busy on several may have more, never less. A counter
 * for all of them would be a write a request.
 */
export class Limits {
  private readonly most: RateLimits;
  private readonly buckets = new Map<string, { left: number; at: number }>();

  constructor(most: RateLimits) {
    this.most = most;
  }

  /** Takes one request out of the key's bucket, if there is one left in it. */
  take(key: string, kind: RateLimited, now: Instant): Counted {
    const most = this.most[kind];
    const each = windowSeconds / most;
    const at = millisOf(now);
    const name = `${kind} ${key}`;
    const bucket = this.buckets.get(name) ?? { left: most, at };
    // A clock that was put back fills nothing.
    const seconds = Math.max(0, at - bucket.at) / 1000;
    const left = Math.min(most, bucket.left + seconds / each);
    const admitted = left >= 1;
    const after = admitted ? left - 1 : left;
    this.buckets.delete(name);
    this.makeRoom();
    this.buckets.set(name, { left: after, at });
    const full = Math.ceil((most - after) * each);
    return {
      admitted,
      headers: {
        'ratelimit-policy': `"${kind}";q=${most};w=${windowSeconds}`,
        ratelimit: `"${kind}";r=${Math.floor(after)};t=${full}`,
      },
      retryAfterSeconds: Math.max(1, Math.ceil((1 - after) * each)),
    };
  }

  /** The one that was not used for longest goes, and would be the fullest. */
  private makeRoom(): void {
    const [oldest] = this.buckets.keys();
    if (oldest !== undefined && this.buckets.size >= mostBuckets) this.buckets.delete(oldest);
  }
}
