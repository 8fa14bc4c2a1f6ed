import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Staff } from '../../../shared/domain/directory.ts';
import {
  contactMethods,
  failureFact,
  learned,
  type Reach,
  type ReachFact,
  unreachable,
} from '../../../shared/domain/reach/reach.ts';
import {
  askToVerify,
  hasLapsed,
  lapsedAnswer,
  type Verification,
  verifies,
} from '../../../shared/domain/reach/verification.ts';
import { addSeconds, type Instant } from '../../../shared/domain/time.ts';
import { roster } from '../escalation/world.ts';

const start: Instant = '2026-11-24T03:00:00.000Z';
const at = (minutes: number): Instant => addSeconds(start, minutes * 60);
const phone = '+12025550111';
const dana = roster().staff[0] as Staff & { phone: string };

const knownAfter = (...facts: [ReachFact, number][]): Reach | null =>
  facts.reduce<Reach | null>(
    (known, [fact, minute]) => learned(phone, known, fact, { at: at(minute), now: at(99) }),
    null,
  );
const optedOut: ReachFact = { kind: 'opted_out' };
const failed: ReachFact = { kind: 'failed', because: 'Invalid phone number' };
const answered: ReachFact = { kind: 'answered' };
const verified: ReachFact = { kind: 'verified' };
const why = (known: Reach | null) => unreachable(dana, known ? [known] : []);

describe('what is known of a phone', () => {
  test.each<[string, [ReachFact, number][], string | null]>([
    ['nothing', [], null],
    ['an opt-out', [[optedOut, 0]], 'opted_out'],
    ['a failure', [[failed, 0]], 'failing'],
    [
      'both: what it said itself comes first',
      [
        [failed, 0],
        [optedOut, 1],
      ],
      'opted_out',
    ],
    [
      'an answer after a failure clears it',
      [
        [failed, 0],
        [answered, 1],
      ],
      null,
    ],
    [
      'an answer does not opt in again',
      [
        [optedOut, 0],
        [answered, 1],
      ],
      'opted_out',
    ],
    [
      'the reply to a verification proves both',
      [
        [optedOut, 0],
        [failed, 0],
        [verified, 1],
      ],
      null,
    ],
    [
      'SNS says that it has opted in again',
      [
        [optedOut, 0],
        [{ kind: 'not_opted_out' }, 1],
      ],
      null,
    ],
    [
      'a record that comes after a newer answer changes nothing',
      [
        [answered, 5],
        [failed, 4],
        [optedOut, 5],
      ],
      null,
    ],
    [
      'a failure after an answer counts',
      [
        [answered, 5],
        [failed, 6],
      ],
      'failing',
    ],
  ])('%s', (_what, facts, expected) => {
    expect(why(knownAfter(...facts))).toBe(expected);
  });

  test('keeps since when and why it was first so, and is the same object when nothing is new', () => {
    const known = knownAfter([failed, 0], [{ kind: 'failed', because: 'other' }, 3]);
    expect(known).toMatchObject({ failingAt: at(0), because: 'Invalid phone number' });
    expect(learned(phone, known, failed, { at: at(9), now: at(9) })).toBe(known);
    expect(learned(phone, null, { kind: 'not_opted_out' }, { at: at(9), now: at(9) })).toBeNull();
  });

  test.each<[string, [ReachFact, number][], ReachFact, string | null]>([
    ['an answer silences no failure', [[answered, 9]], failed, 'failing'],
    ['an answer silences no opt-out', [[verified, 9]], optedOut, 'opted_out'],
    ['a failure outlives no answer', [[failed, 9]], answered, null],
    ['a drill outlives no answer', [[{ kind: 'drilled', dueAt: at(19) }, 9]], answered, null],
  ])('from before the clock was put back, %s', (_what, before, fact, expected) => {
    const known = learned(phone, knownAfter(...before), fact, { at: at(1), now: at(2) });
    expect(why(known)).toBe(expected);
    expect(known?.drill).toBeNull();
  });

  test('a carrier’s words tell an opt-out from a failure', () => {
    expect(failureFact({ phone, notice: null }, 'Phone number is opted out')).toEqual({
      phone,
      fact: optedOut,
    });
    expect(failureFact({ phone, notice: 'drill' }, 'Invalid phone number')).toEqual({ phone, fact: failed });
  });

  test.each([
    'No quota left for account',
    'This delivery would exceed max price',
    'Message body is invalid',
    'AuthorizationErrorException',
    'KMSAccessDeniedException',
  ])('a failure of the account is no phone’s: %s', (because) => {
    expect(failureFact({ phone, notice: null }, because)).toBeNull();
  });

  test.each([
    'bad number',
    'Blocked as spam by phone carrier',
    'Phone has blocked SMS',
    'Phone carrier is currently unreachable/unavailable',
    'Unknown error attempting to reach phone',
  ])('a failure on the way to the phone is kept of it: %s', (because) => {
    expect(failureFact({ phone, notice: null }, because)?.fact).toEqual({ kind: 'failed', because });
  });

  test('a requester’s number, and the desk’s topic, are no phones of the staff', () => {
    expect(failureFact({ phone, notice: 'update' }, 'Phone number is opted out')).toBeNull();
    expect(failureFact({ phone: null, notice: 'desk_alert' }, 'bad number')).toBeNull();
  });

  test('an answer that comes late clears only what was there before it', () => {
    const known = knownAfter([{ kind: 'drilled', dueAt: at(9) }, 5], [failed, 6], [answered, 4]);
    expect(known).toMatchObject({
      failingAt: at(6),
      because: 'Invalid phone number',
      drill: { sentAt: at(5) },
    });
    expect(knownAfter([{ kind: 'drilled', dueAt: at(9) }, 3], [failed, 6], [answered, 4])).toMatchObject({
      failingAt: at(6),
      drill: null,
    });
  });

  test('a failure counts exactly while no answer is younger, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.array(fc.nat(50)), fc.nat(), (failedAt, answeredAt, place) => {
        const facts = answeredAt.map((minute): [ReachFact, number] => [answered, minute]);
        facts.splice(place % (facts.length + 1), 0, [failed, failedAt]);
        const expected = answeredAt.some((minute) => minute >= failedAt) ? null : 'failing';
        expect(why(knownAfter(...facts))).toBe(expected);
      }),
    );
  });

  test('whatever came before in whatever order, the reply to a verification makes a phone reachable', () => {
    const fact = fc.constantFrom<ReachFact>(optedOut, failed, answered, verified, {
      kind: 'drilled',
      dueAt: at(9),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fact, fc.nat(100))), (facts) => {
        expect(why(knownAfter(...facts, [verified, 101]))).toBeNull();
      }),
    );
  });
});

describe('contact methods', () => {
  test('are none without a phone, and say what is the matter with each', () => {
    expect(contactMethods({ ...dana, phone: null }, [])).toEqual([]);
    const known = knownAfter([failed, 0]) as Reach;
    expect(contactMethods(dana, [known])).toEqual([
      {
        method: 'sms',
        address: phone,
        verifiedAt: dana.phoneVerifiedAt,
        problem: { why: 'failing', since: at(0), because: 'Invalid phone number' },
      },
    ]);
    expect(unreachable({ ...dana, phoneVerifiedAt: null }, [])).toBe('not_verified');
  });
});

describe('a verification', () => {
  const ask = (minute: number, pending: Verification | null) =>
    askToVerify(dana, pending, { id: 'vfy_1', provider: 'Mailguard', now: at(minute) });
  const asked = (minute: number, pending: Verification | null = null) => {
    const asking = ask(minute, pending);
    if (!asking.asked) throw new Error(asking.because);
    return asking;
  };
  const reply = (minute: number, staff: Staff = dana) => ({ staff, sentAt: at(minute), now: at(minute) });

  test('is an SMS of one segment that says what to do', () => {
    const { page } = asked(0);
    expect(page).toMatchObject({ phone, home: null, notice: 'verify', state: 'queued' });
    expect(page.text).toMatch(/^Mailguard: reply OK /);
    expect(page.text?.length).toBeLessThanOrEqual(160);
  });

  test('is done by a reply within 24 h of the last asking, from that person with that phone', () => {
    const { verification } = asked(60, asked(0).verification);
    expect(verifies(verification, reply(0))).toBe(true);
    expect(verifies(verification, reply(60 + 24 * 60))).toBe(true);
    expect(verifies(verification, reply(61 + 24 * 60))).toBe(false);
    expect(verifies(verification, { ...reply(1), sentAt: at(-1) })).toBe(false);
    expect(verifies(verification, reply(1, { ...dana, id: 'eli' }))).toBe(false);
    expect(verifies(verification, reply(1, { ...dana, phone: '+12025550119' }))).toBe(false);
    expect(verifies(null, reply(1))).toBe(false);
  });

  test('that has lapsed is told to that person with that phone, while nothing is open there', () => {
    const { verification } = asked(0);
    const shown = (state: 'paging' | 'acknowledged' | 'resolved') =>
      ({ state }) as Parameters<typeof hasLapsed>[1]['all'][number];
    const lapsed = (minute: number, more: { staff?: Staff; all?: ReturnType<typeof shown>[] } = {}) =>
      hasLapsed(verification, { staff: dana, all: [], now: at(minute), ...more });
    expect([lapsed(24 * 60), lapsed(24 * 60 + 1)]).toEqual([false, true]);
    expect(lapsed(25 * 60, { staff: { ...dana, id: 'eli' } })).toBe(false);
    expect(lapsed(25 * 60, { staff: { ...dana, phone: '+12025550119' } })).toBe(false);
    expect(lapsed(25 * 60, { all: [shown('resolved')] })).toBe(true);
    expect(lapsed(25 * 60, { all: [shown('resolved'), shown('paging')] })).toBe(false);
    expect(lapsed(25 * 60, { all: [shown('acknowledged')] })).toBe(false);
    expect(lapsedAnswer.length).toBeLessThanOrEqual(160);
  });

  test('is asked at most once a minute and five times a day', () => {
    const first = asked(0).verification;
    expect(ask(0.5, first)).toMatchObject({ asked: false, retryAfter: 30 });
    let last = first;
    for (const minute of [1, 2, 3, 4]) last = asked(minute, last).verification;
    expect(ask(10, last)).toMatchObject({ asked: false, retryAfter: (24 * 60 - 10) * 60 });
    expect(asked(24 * 60, last).verification.sentAt).toHaveLength(5);
  });

  test('of a phone that changed hands begins afresh, and a clock put back holds nothing up', () => {
    expect(asked(0, { ...asked(0).verification, staff: 'eli' }).verification.sentAt).toEqual([at(0)]);
    expect(asked(-60, asked(0).verification).verification.sentAt).toEqual([at(-60)]);
  });
});
