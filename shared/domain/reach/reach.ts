import type { Staff } from '../directory.ts';
import type { Page } from '../escalation/escalation.ts';
import { type Instant, isAhead } from '../time.ts';

/** What became known of a phone by writing to it. No row at all: nothing speaks against it. */
export interface Reach {
  /** E.164. */
  phone: string;
  /** Since when SNS says that it has opted out. */
  optedOutAt: Instant | null;
  /** Since when messages to it do not arrive, or a drill stayed unanswered; and why, in words. */
  failingAt: Instant | null;
  because: string | null;
  /** The last SMS from it: proof both ways, so older failures say nothing any more. */
  answeredAt: Instant | null;
  /** A drill that has not been answered yet. */
  drill: { sentAt: Instant; dueAt: Instant } | null;
}

export type ReachFact =
  /** SNS was asked, or its delivery log says so. */
  | { kind: 'opted_out' }
  | { kind: 'not_opted_out' }
  | { kind: 'failed'; because: string }
  /** Anything that its holder wrote; carrier words are not the holder's answer. */
  | { kind: 'answered' }
  /** The answer to a verification: the message asked for it arrived, so it cannot have opted out before. */
  | { kind: 'verified' }
  | { kind: 'drilled'; dueAt: Instant }
  | { kind: 'drill_missed' };

/** What SNS's delivery log says of a phone that has opted out. */
const optedOutWords = /opted out/i;
/**
 * What is the account's and no phone's: its quota, its price cap, what it wrote, and what SNS refuses by the name
 * of an error, such as a missing grant. https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
 */
const accountWords = /quota|spend|price|body is invalid|^[A-Z]\w+$/;

/**
 * What a message that did not arrive says of a phone of the staff, in the words of a carrier or of SNS; null
 * when it says nothing of it: an account's failure is no phone's, and a requester's number is no matter of coverage.
 */
export function failureFact(
  { phone, notice }: Pick<Page, 'phone' | 'notice'>,
  because: string,
): { phone: string; fact: ReachFact } | null {
  if (phone === null || notice === 'update') return null;
  if (optedOutWords.test(because)) return { phone, fact: { kind: 'opted_out' } };
  return accountWords.test(because) ? null : { phone, fact: { kind: 'failed', because } };
}

/**
 * What is known of a phone after a fact of `at`, heard of `now`. Records may come late and in any order: what is older than
 * the last answer changes nothing, and an answer clears only what is not younger. The same object when there is
 * nothing new.
 */
export function learned(
  phone: string,
  before: Reach | null,
  fact: ReachFact,
  { at, now: heardAt }: { at: Instant; now: Instant },
): Reach | null {
  const known = before && asOf(before, heardAt);
  const now = known ?? {
    phone,
    optedOutAt: null,
    failingAt: null,
    because: null,
    answeredAt: null,
    drill: null,
  };
  const stale = now.answeredAt !== null && at <= now.answeredAt;
  const failsSince = now.failingAt !== null && now.failingAt > at;
  const drilledSince = now.drill !== null && now.drill.sentAt > at;
  const well = {
    ...(!failsSince && { failingAt: null, because: null }),
    ...(!drilledSince && { drill: null }),
    answeredAt: at,
  };
  switch (fact.kind) {
    case 'opted_out':
      return stale || now.optedOutAt ? known : { ...now, optedOutAt: at };
    case 'not_opted_out':
      return now.optedOutAt ? { ...now, optedOutAt: null } : known;
    case 'failed':
      return stale || now.failingAt ? known : { ...now, failingAt: at, because: fact.because };
    case 'answered':
      return stale ? known : { ...now, ...well };
    case 'verified':
      return stale ? { ...now, optedOutAt: null } : { ...now, ...well, optedOutAt: null };
    case 'drilled':
      return { ...now, drill: { sentAt: at, dueAt: fact.dueAt } };
    case 'drill_missed': {
      if (now.drill === null) return known;
      const since = now.failingAt ?? at;
      return {
        ...now,
        drill: null,
        failingAt: since,
        because: now.because ?? 'It did not answer its drill.',
      };
    }
  }
}

/**
 * Without what the future taught: once the clock was put back, that says nothing. The same object when there is nothing of
 * it. An opt-out stays, for SNS takes it back itself.
 */
export function asOf(known: Reach, now: Instant): Reach {
  const [fails, answers, drill] = [known.failingAt, known.answeredAt, known.drill?.sentAt].map(
    (at) => at && isAhead(at, now),
  );
  if (!fails && !answers && !drill) return known;
  return {
    ...known,
    ...(fails && { failingAt: null, because: null }),
    ...(answers && { answeredAt: null }),
    ...(drill && { drill: null }),
  };
}

export const unreachableWhys = ['not_verified', 'opted_out', 'failing'] as const;
export type UnreachableWhy = (typeof unreachableWhys)[number];

/**
 * One way to reach somebody, in the order in which they are tried. SMS is the only method so far; e-mail and
 * voice would be further entries with an address, a proof and a state of their own.
 */
export interface ContactMethod {
  method: 'sms';
  address: string;
  verifiedAt: Instant | null;
  /** Why it cannot be relied on, since when, and what was said; null while it can. */
  problem: { why: UnreachableWhy; since: Instant | null; because: string | null } | null;
}

/** The ways to reach somebody; none for people without a phone. */
export function contactMethods(
  { phone, phoneVerifiedAt }: Pick<Staff, 'phone' | 'phoneVerifiedAt'>,
  reach: readonly Reach[],
): ContactMethod[] {
  if (phone === null) return [];
  const known = reach.find((one) => one.phone === phone);
  const problem = () => {
    if (known?.optedOutAt)
      return { why: 'opted_out' as const, since: known.optedOutAt, because: 'It has opted out of SMS.' };
    if (known?.failingAt) return { why: 'failing' as const, since: known.failingAt, because: known.because };
    if (phoneVerifiedAt === null) return { why: 'not_verified' as const, since: null, because: null };
    return null;
  };
  return [{ method: 'sms', address: phone, verifiedAt: phoneVerifiedAt, problem: problem() }];
}

/** Why none of somebody's contact methods can be relied on; null when one can. */
export function unreachable(person: Staff, reach: readonly Reach[]): UnreachableWhy | null {
  const methods = contactMethods(person, reach);
  if (methods.some(({ problem }) => problem === null)) return null;
  return methods[0]?.problem?.why ?? 'not_verified';
}
