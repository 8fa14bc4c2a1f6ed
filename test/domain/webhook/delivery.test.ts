import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventType } from '../../../shared/contract/words.ts';
import { addSeconds, secondsBetween } from '../../../shared/domain/time.ts';
import { answerBytes, cutShort } from '../../../shared/domain/webhook/attempt-log.ts';
import { largestBodyBytes } from '../../../shared/domain/webhook/body.ts';
import {
  again,
  attempted,
  isRecovered,
  newDelivery,
  placeInLine,
  recoverable,
  retryDue,
  retrySchedule,
  skipped,
  testDelivery,
} from '../../../shared/domain/webhook/delivery.ts';
import { rotated, secretsOf, wants } from '../../../shared/domain/webhook/endpoint.ts';
import type { Exchange, WebhookDelivery } from '../../../shared/domain/webhook/webhook.ts';
import { anEndpoint, anAttempt as result } from '../../store/samples.ts';

const now = '2026-01-06T03:10:00.000Z';
const endpoint = anEndpoint('whk_1', { partner: 'acme' });
const event = { id: 'evt_6PC7PS9V_3', type: 'escalation.paged' };
const fresh = (): WebhookDelivery => newDelivery(endpoint, event, { id: 'whd_1', body: '{}', now });
const delivered = result({ statusCode: 200, errorCode: null });

describe('which endpoint wants which event', () => {
  const about = (type: EventType, more = {}) => ({
    type,
    partner: 'acme',
    internal: false,
    ...more,
  });
  it.each([
    [['*'], true],
    [['escalation.*'], true],
    [['escalation.paged'], true],
    [['ticket.created', 'escalation.paged'], true],
    [['ticket.*'], false],
    [['escalation.acknowledged'], false],
    [['escalation'], false],
    [[], false],
  ])('%j and escalation.paged: %s', (eventTypes, expected) => {
    expect(wants({ ...endpoint, eventTypes }, about('escalation.paged'))).toBe(expected);
  });
  it("a partner's endpoint never gets another partner's events, nor internal ones", () => {
    expect(wants(endpoint, about('ticket.created', { partner: 'globex' }))).toBe(false);
    expect(wants(endpoint, about('ticket.created', { internal: true }))).toBe(false);
  });
  it('every endpoint gets what is of no partner, unless it is internal', () => {
    expect(wants(endpoint, about('desk.opened', { partner: null }))).toBe(true);
    expect(wants({ ...endpoint, partner: null }, about('desk.opened', { partner: null }))).toBe(true);
    expect(wants(endpoint, about('coverage.gap', { partner: null, internal: true }))).toBe(false);
  });
  it('an endpoint that ignores its own key gets nothing that this key did, and all else', () => {
    const own = { ...endpoint, ignoredKey: 'key_1' };
    expect(wants(own, about('ticket.created', { key: 'key_1' }))).toBe(false);
    expect(wants(own, about('ticket.created', { key: 'key_2' }))).toBe(true);
    expect(wants(own, about('escalation.paged'))).toBe(true);
    expect(wants(endpoint, about('ticket.created', { key: 'key_1' }))).toBe(true);
  });
  it("the desk's endpoint gets them all", () => {
    const desk = { ...endpoint, partner: null };
    expect(wants(desk, about('ticket.created', { partner: 'globex' }))).toBe(true);
    // What happens to an incident it has once, however many tickets say so.
    expect(wants(desk, about('incident.updated', { partner: 'globex' }))).toBe(false);
    expect(wants(desk, about('incident.updated', { partner: null, internal: true }))).toBe(true);
    expect(wants(desk, about('ticket.created', { internal: true }))).toBe(true);
  });
});

describe('an attempt and what follows', () => {
  it('is over when the receiver has it', () => {
    const { delivery, timers } = attempted(fresh(), delivered, { now, jitter: 0.5 });
    expect(delivery).toMatchObject({ status: 'delivered', nextAttemptAt: null });
    expect(delivery.attempts).toMatchObject([{ n: 1, trigger: 'event', statusCode: 200, errorCode: null }]);
    expect(timers).toEqual([]);
  });

  it('is tried again on the published schedule, then is failed', () => {
    let delivery = fresh();
    const waits: number[] = [];
    for (;;) {
      const after = attempted(delivery, result({}), { now, jitter: 0.5 });
      delivery = after.delivery;
      if (delivery.status === 'failed') break;
      expect(delivery.status).toBe('waiting');
      const [change] = after.timers;
      const timer = change && 'set' in change ? change.set : null;
      expect(timer).toMatchObject({ kind: 'retry', subject: 'whd_1', dueAt: delivery.nextAttemptAt });
      waits.push(secondsBetween(now, timer?.dueAt ?? now));
      const due = retryDue(delivery, { generation: timer?.generation ?? 0, now });
      expect(due?.delivery).toMatchObject({ status: 'queued', nextAttemptAt: null });
      delivery = due?.delivery ?? delivery;
    }
    expect(waits).toEqual([5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]);
    expect(delivery.attempts).toHaveLength(10);
    expect(delivery.attempts.map((attempt) => attempt.n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(delivery.attempts.at(-1)).toMatchObject({ trigger: 'schedule', errorCode: 'status_500' });
  });

  it('spreads each wait by 20 % at most, both ways', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: retrySchedule.length - 1 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (tries, jitter) => {
          let delivery = fresh();
          for (let n = 0; n < tries; n++)
            delivery = attempted(delivery, result({}), { now, jitter: 0.5 }).delivery;
          const { nextAttemptAt } = attempted(delivery, result({}), { now, jitter }).delivery;
          const wait = secondsBetween(now, nextAttemptAt ?? now) / (retrySchedule[tries] ?? 0);
          return wait >= 0.799 && wait <= 1.201;
        },
      ),
    );
  });

  it('waits as long as the receiver asks, up to a day, never shorter than the schedule', () => {
    const next = (retryAfterSeconds: number) =>
      attempted(fresh(), result({ statusCode: 503, retryAfterSeconds }), { now, jitter: 0.5 }).delivery
        .nextAttemptAt;
    expect(next(120)).toBe(addSeconds(now, 120));
    expect(next(0)).toBe(addSeconds(now, 5));
    expect(next(10 ** 9)).toBe(addSeconds(now, 86_400));
  });

  it('ends when the receiver asks for no more', () => {
    const gone = result({ statusCode: 410, errorCode: 'status_410', disableBecause: '410' });
    expect(attempted(fresh(), gone, { now, jitter: 0 }).delivery.status).toBe('failed');
    const thanks = result({ statusCode: 200, errorCode: null, disableBecause: 'asked' });
    expect(attempted(fresh(), thanks, { now, jitter: 0 }).delivery.status).toBe('delivered');
  });

  it('is not retried by a timer of an earlier attempt, nor when it is over', () => {
    const once = attempted(fresh(), result({}), { now, jitter: 0.5 }).delivery;
    const twice = attempted({ ...once, status: 'queued' }, result({}), { now, jitter: 0.5 }).delivery;
    expect(retryDue(twice, { generation: 1, now })).toBeNull();
    expect(retryDue(twice, { generation: 2, now })).not.toBeNull();
    expect(
      retryDue(attempted(fresh(), delivered, { now, jitter: 0 }).delivery, { generation: 1, now }),
    ).toBeNull();
  });

  it('is kept as skipped while its endpoint is disabled', () => {
    const disabled = { ...endpoint, status: 'disabled' as const };
    expect(newDelivery(disabled, event, { id: 'whd_1', body: '{}', now }).status).toBe('skipped');
    expect(skipped(fresh()).delivery).toMatchObject({ status: 'skipped', body: '{}' });
  });

  it('stands in line when its endpoint is slow, and never as a test', () => {
    const slow = { ...endpoint, slow: true };
    expect(newDelivery(slow, event, { id: 'whd_1', body: '{}', now }).way).toBe('line');
    expect(testDelivery(slow, event, { id: 'whd_1', body: '{}', now }).way).toBe('direct');
  });

  it('as a test is over after one attempt, also when its endpoint is disabled', () => {
    const test = testDelivery({ ...endpoint, status: 'disabled' }, event, { id: 'whd_1', body: '{}', now });
    expect(test.status).toBe('queued');
    const { delivery, timers } = attempted(test, result({}), { now, jitter: 0.5 });
    expect(delivery).toMatchObject({ status: 'failed', attempts: [{ trigger: 'test' }] });
    expect(timers).toEqual([]);
  });

  it('wanted again has the whole schedule before it, whatever became of it; what is on its way stays', () => {
    for (const trigger of ['manual', 'recovery'] as const) {
      let delivery = fresh();
      for (let n = 0; n < 10; n++)
        delivery = { ...attempted(delivery, result({}), { now, jitter: 0.5 }).delivery };
      expect(delivery.status).toBe('failed');
      const change = again(delivery, trigger, now);
      expect(change?.delivery).toMatchObject({ status: 'queued', trigger, triedBefore: 10 });
      expect(change?.delivery.way).toBe(trigger === 'manual' ? 'direct' : 'line');
      const next = attempted(change?.delivery ?? delivery, result({}), { now, jitter: 0.5 }).delivery;
      expect(next).toMatchObject({ status: 'waiting', nextAttemptAt: addSeconds(now, 5) });
      expect(next.attempts.at(-1)).toMatchObject({ n: 11, trigger });
    }
  });

  it('wanted again while it waits gives up its timer', () => {
    const waiting = attempted(fresh(), result({}), { now, jitter: 0.5 }).delivery;
    expect(again(waiting, 'manual', now)?.timers).toEqual([
      { clear: { home: { delivery: 'whd_1' }, subject: 'whd_1', kind: 'retry' } },
    ]);
  });

  it('that was queued a minute ago and is still not attempted is pushed by hand, never by a recovery', () => {
    expect(again(fresh(), 'manual', addSeconds(now, 59))).toBeNull();
    const lost: WebhookDelivery = { ...fresh(), way: 'line' };
    expect(again(lost, 'manual', addSeconds(now, 60))?.delivery).toMatchObject({
      ...{ status: 'queued', trigger: 'manual', way: 'direct', queuedAt: addSeconds(now, 60) },
    });
    expect(again(lost, 'recovery', addSeconds(now, 3600))).toBeNull();
  });

  it('as a test stays one when it is wanted again, and no recovery brings it back', () => {
    const test = testDelivery(endpoint, event, { id: 'whd_1', body: '{}', now });
    const failed = attempted(test, result({}), { now, jitter: 0.5 }).delivery;
    expect(again(failed, 'manual', now)?.delivery).toMatchObject({ status: 'queued', trigger: 'test' });
    expect(recoverable(failed, ['failed'])).toBe(false);
    expect(recoverable({ ...fresh(), status: 'failed' }, ['failed', 'skipped'])).toBe(true);
    expect(recoverable({ ...fresh(), status: 'delivered' }, ['failed', 'skipped'])).toBe(false);
  });

  it('stands behind what is fresh when it is recovered, else by the time that it was queued', () => {
    const at = (seconds: number, change: Partial<WebhookDelivery>) =>
      placeInLine({ ...fresh(), queuedAt: addSeconds(now, seconds), ...change });
    const recovered = at(-60, { trigger: 'recovery' });
    const places = [recovered, at(0, {}), at(60, { trigger: 'schedule' })];
    expect(places.toSorted()).toEqual([places[1], places[2], recovered]);
    expect(at(0, { version: 7 })).toBe(at(0, {}));
  });

  it('stays behind what is fresh for the whole schedule that a recovery began, and until somebody pushes it', () => {
    let delivery = again({ ...fresh(), status: 'failed' }, 'recovery', now)?.delivery ?? fresh();
    for (let n = 1; n <= retrySchedule.length; n++) {
      expect(isRecovered(delivery)).toBe(true);
      const waiting = attempted(delivery, result({}), { now, jitter: 0 }).delivery;
      delivery = retryDue(waiting, { generation: n, now })?.delivery ?? fresh();
      expect(delivery.trigger).toBe('schedule');
    }
    expect(placeInLine(delivery) > placeInLine({ ...fresh(), queuedAt: addSeconds(now, 60) })).toBe(true);
    const pushed = again({ ...delivery, status: 'failed' }, 'manual', now)?.delivery ?? delivery;
    expect(isRecovered(pushed)).toBe(false);
  });
});

describe('the log of attempts', () => {
  /** Tried so often by hand; each answer as given. */
  const tried = (times: number, response: object = {}): WebhookDelivery => {
    let delivery = fresh();
    const exchange = result({}).exchange;
    const answer = { headers: {}, body: 'oops', truncated: false, ...response };
    for (let n = 0; n < times; n++) {
      const queued = again({ ...delivery, status: 'failed' }, 'manual', now)?.delivery ?? delivery;
      const met = result({ exchange: { ...exchange, response: answer } });
      delivery = attempted(queued, met, { now, jitter: 0.5 }).delivery;
    }
    return delivery;
  };

  it('keeps what was exchanged in the last 10, and how the last 100 ended, with their numbers', () => {
    const { attempts } = tried(14);
    expect(attempts.map(({ exchange }) => exchange !== null)).toEqual([
      ...Array(4).fill(false),
      ...Array(10).fill(true),
    ]);
    const many = tried(130);
    expect(many.attempts).toHaveLength(100);
    expect(many.attempts.at(-1)).toMatchObject({ n: 130 });
    expect(many).toMatchObject({ status: 'waiting', triedBefore: 129, nextAttemptAt: addSeconds(now, 5) });
    expect(retryDue(many, { generation: 130, now })).not.toBeNull();
  });

  it('keeps long answers of the last 4, and of others the first KiB', () => {
    const { attempts } = tried(6, { body: 'x'.repeat(16 * 1024) });
    expect(attempts.map(({ exchange }) => exchange?.response?.body.length)).toEqual([
      ...[1024, 1024, 16_384, 16_384, 16_384, 16_384],
    ]);
    expect(attempts.map(({ exchange }) => exchange?.response?.truncated)).toEqual([
      ...[true, true, false, false, false, false],
    ]);
  });

  it('cuts an answer by its bytes in UTF-8, symbols whole, and says so', () => {
    const { exchange } = result({});
    const answered = (headers: Record<string, string>, body: string) =>
      cutShort({ ...exchange, response: { headers, body, truncated: false } }, { body: 10, headers: 10 });
    expect(answered({ a: '1', long: 'x'.repeat(10), b: 'üü' }, '日本語日本').response).toEqual({
      ...{ headers: { a: '1', b: 'üü' }, body: '日本語', truncated: true },
    });
    expect(answered({}, '🌙🌙').response).toEqual({ headers: {}, body: '🌙🌙', truncated: false });
    expect(cutShort({ ...exchange, response: null }, { body: 1, headers: 1 }).response).toBeNull();
  });

  it('leaves room for the body in a row of 400 KB, whatever receivers answer', () => {
    const worst = { ...answerBytes, url: 3 * 2048, request: 2048 };
    const exchange: Exchange = {
      url: 'ü'.repeat(worst.url / 2),
      remoteAddress: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
      requestHeaders: { 'webhook-signature': 'x'.repeat(worst.request) },
      response: {
        headers: { x: 'ü'.repeat(20_000), y: 'ü'.repeat(4000) },
        body: '\uFFFD'.repeat(20_000),
        truncated: false,
      },
    };
    let delivery = { ...fresh(), body: 'x'.repeat(largestBodyBytes) };
    for (let n = 0; n < 120; n++) {
      const queued = again({ ...delivery, status: 'failed' }, 'manual', now)?.delivery ?? delivery;
      const met = result({ exchange: cutShort(exchange, answerBytes) });
      delivery = attempted(queued, met, { now, jitter: 0.5 }).delivery;
    }
    expect(delivery.attempts).toHaveLength(100);
    expect(Buffer.byteLength(JSON.stringify(delivery))).toBeLessThan(350_000);
  });
});

describe('secrets', () => {
  it('that were replaced sign along until their time, the newest first, three at most', () => {
    let known = endpoint;
    for (const [index, secret] of ['b', 'c', 'd', 'e'].entries())
      known = rotated(known, secret, { now: addSeconds(now, index), overlapSeconds: 3600 });
    expect(secretsOf(known, addSeconds(now, 4))).toEqual(['e', 'd', 'c']);
    expect(secretsOf(known, addSeconds(now, 3602))).toEqual(['e', 'd']);
    expect(secretsOf(known, addSeconds(now, 3603))).toEqual(['e']);
  });

  it('replaced without overlap sign no more', () => {
    const changed = rotated(endpoint, 'b', { now, overlapSeconds: 0 });
    expect(secretsOf(changed, now)).toEqual(['b']);
  });
});
