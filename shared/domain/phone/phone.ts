import type { EscalationState } from '../../contract/words.ts';
import type { EscalationAddress } from '../outage/lead.ts';
import { addSeconds, type Instant, isAhead, secondsBetween } from '../time.ts';

/** What was sent to one phone: enough to space pages out, and to give codes in turn. */
export interface Phone {
  /** Raised by each change; 0 before the first. */
  version: number;
  /** The codes to give next, in turn; when none is left, the next are worked out (see nextCodes). */
  codes: number[];
  /** None was free when they were: whatever is given one of them may share it. */
  shared: boolean;
  /** When the sendings of the last minute began, oldest first: pages and bundles, never notices. */
  recent: Instant[];
  /** When the pages that are held go out as one; null when none is. */
  bundleAt: Instant | null;
  /** The bundle that is on its way, with the phone's version at its claim: held pages wait for what becomes of it. */
  bundling: { page: string; at: Instant; until: Instant; version: number } | null;
  /** The last bundle that was sent: a page that was held at its version or before went with it. */
  bundled: { page: string; at: Instant; version: number } | null;
  /** Answers to replies that made no sense or could not be done, since the last good command. */
  errors: number;
}

const allCodes = Array.from({ length: 99 }, (_, n) => n + 1);

export const newPhone: Phone = {
  version: 0,
  codes: allCodes,
  shared: false,
  recent: [],
  bundleAt: null,
  bundling: null,
  bundled: null,
  errors: 0,
};

/** An escalation that this phone was shown: by a page of its own with a code, or by a bundle without one. */
export interface Shown {
  escalation: string;
  ticket: string;
  partner: string;
  code: number | null;
  givenAt: Instant;
  /** No code was free then: the escalation that had this one before may still have it. */
  shared?: true;
  /** Its page was held: nothing has shown it yet but a bundle that lists it. */
  held?: true;
}

/** What a bundle showed besides the escalation that it went out for: what was held, and open, at its claim. */
export interface Bundle {
  page: string;
  at: Instant;
  /** Ids of escalations; none once it is known that it never went out. */
  escalations: string[];
}

/** What it was shown, with how that escalation stands now; `null` once the ticket has a later one. */
export interface ShownNow extends Shown {
  /** Held, and no bundle has shown it: this phone does not know of it. */
  waits?: true;
  state: EscalationState | null;
  endedAt: Instant | null;
  holder: { id: string; name: string } | null;
  /** The outage that it follows. */
  follows: string | null;
  /** The escalation that acts for it, when that is another one; state and holder are then that one's. */
  lead?: EscalationAddress;
  /** It is over itself: its code stands for that lead alone. */
  isOver?: boolean;
}

/**
 * What a phone was shown, newest first: what was held counts from the first bundle that lists it, and waits until then. What
 * lies in the future was shown before the clock was put back: longer ago than anything else, and before any reply.
 */
export function inOrder<T extends Shown>(
  rows: readonly T[],
  bundles: readonly Bundle[],
  now: Instant,
): (T & Pick<ShownNow, 'waits'>)[] {
  const since = new Map<string, Instant>();
  for (const { at, escalations } of bundles.toSorted((a, b) => (a.at < b.at ? 1 : -1)))
    for (const escalation of escalations) since.set(escalation, at);
  const all = rows.map((row) => {
    const givenAt = row.held ? since.get(row.escalation) : row.givenAt;
    return givenAt === undefined ? { ...row, waits: true as const } : { ...row, givenAt };
  });
  const isPast = ({ givenAt }: Shown) => !isAhead(givenAt, now);
  const newestFirst = (a: Shown, b: Shown) => secondsBetween(a.givenAt, b.givenAt);
  const future = all.filter((each) => !isPast(each)).sort(newestFirst);
  return [...all.filter(isPast).sort(newestFirst), ...future.map((each) => ({ ...each, givenAt: longAgo }))];
}

/** Whether a reply that was sent then may mean it. */
export const wasShown = ({ waits, givenAt }: ShownNow, sentAt: Instant): boolean =>
  !waits && givenAt <= sentAt;

const longAgo: Instant = '0000-01-01T00:00:00.000Z';
const restSeconds = 12 * 3600;
const mostErrorAnswers = 5;

export const isUntaken = ({ state }: Pick<ShownNow, 'state'>): boolean =>
  state === 'paging' || state === 'exhausted';
export const isRunning = (shown: Pick<ShownNow, 'state'>): boolean =>
  isUntaken(shown) || shown.state === 'acknowledged';

/**
 * The codes to give next, in turn. A code that names a running escalation, or one that ended less than 12 h ago, is left
 * out; of the others the one that was given longest ago comes first. When none is free all are given once more, those
 * that only rest before those that run: the later escalation has it then. All at once, since finding them takes a look at
 * all that runs.
 * @param shown what the phone was shown, newest first
 */
export function nextCodes(shown: readonly ShownNow[], now: Instant): Pick<Phone, 'codes' | 'shared'> {
  const codesOf = (which: (each: ShownNow) => boolean) =>
    new Set(shown.filter(which).map(({ code }) => code));
  const running = codesOf(isRunning);
  const resting = codesOf((each) => isResting(each, now));
  const codes = inTurn(shown);
  const free = codes.filter((code) => !running.has(code) && !resting.has(code));
  if (free.length > 0) return { codes: free, shared: false };
  const runs = (code: number) => running.has(code);
  return { codes: [...codes.filter((code) => !runs(code)), ...codes.filter(runs)], shared: true };
}

function inTurn(shown: readonly ShownNow[]): number[] {
  const lately = [...new Set(shown.map(({ code }) => code))].filter((code) => code !== null).reverse();
  return [...allCodes.filter((code) => !lately.includes(code)), ...lately];
}

/**
 * What may still have a code: the latest that was given it and, as long as that shares it, the one before. Who shares one
 * that its latest has not given back need not be asked.
 */
export function mayHaveCodes(newestFirst: readonly Shown[]): { latest: Shown[]; sharers: Shown[] } {
  const latest = new Map<number, Shown>();
  const settled = new Set<number>();
  const sharers: Shown[] = [];
  for (const each of newestFirst) {
    const { code, shared } = each;
    if (code === null || settled.has(code)) continue;
    if (latest.has(code)) sharers.push(each);
    else latest.set(code, each);
    if (!shared) settled.add(code);
  }
  return { latest: [...latest.values()], sharers };
}

/** It is over, and its code has rested. */
export const hasGivenBack = (shown: ShownNow, now: Instant): boolean =>
  !isRunning(shown) && !isResting(shown, now);

/** Ended so lately that its code may still stand for what goes on. */
export const isResting = ({ endedAt }: ShownNow, now: Instant): boolean =>
  endedAt !== null && addSeconds(endedAt, restSeconds) > now;

/** A good command ends the counting of errors. */
export const goodCommand = (phone: Phone): Phone => (phone.errors === 0 ? phone : { ...phone, errors: 0 });

/** A reply that made no sense or cannot be done is answered five times, then with silence until a good command (loops of machines end). */
export function countError(phone: Phone): { answer: boolean; phone: Phone } {
  if (phone.errors >= mostErrorAnswers) return { answer: false, phone };
  return { answer: true, phone: { ...phone, errors: phone.errors + 1 } };
}
