import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds, secondsBetween } from '../../shared/domain/time.ts';
import {
  type AttemptResult,
  attempted,
  newDelivery,
  retryDue,
  retrySchedule,
  skipped,
  wants,
} from '../../shared/domain/webhook/delivery.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';

const now = '2026-01-06T03:10:00.000Z';

const endpoint: WebhookEndpoint = {
  id: 'whk_1',
  partner: 'acme',
  url: 'https://hooks.acme.example/',
  eventTypes: ['*'],
  description: null,
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  status: 'enabled',
  disabledBecause: null,
  createdAt: now,
};
const event = { id: 'evt_6PC7PS9V_3', type: 'escalation.paged' };
const fresh = (): WebhookDelivery => newDelivery(endpoint, event, { id: 'whd_1', body: '{}', now });
const result = (change: Partial<AttemptResult>): AttemptResult => ({
  statusCode: 500,
  errorCode: 'status_500',
  retryAfterSeconds: null,
  totalMs: 12,
  ...change,
});
const delivered = result({ statusCode: 200, errorCode: null });

describe('which endpoint wants which event', () => {
  const about = (type: 'ticket.created' | 'escalation.paged', more = {}) => ({
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
  it("the desk's endpoint gets them all", () => {
    const desk = { ...endpoint, partner: null };
    expect(wants(desk, about('ticket.created', { partner: 'globex' }))).toBe(true);
    expect(wants(desk, about('ticket.created', { internal: true }))).toBe(true);
  });
});

describe('an attempt and what follows', () => {
  it('is over when the receiver has it', () => {
    const { delivery, timers, disableBecause } = attempted(fresh(), delivered, { now, jitter: 0.5 });
    expect(delivery).toMatchObject({ status: 'delivered', nextAttemptAt: null });
    expect(delivery.attempts).toMatchObject([{ n: 1, trigger: 'event', statusCode: 200, errorCode: null }]);
    expect(timers).toEqual([{ clear: { home: { delivery: 'whd_1' }, subject: 'whd_1', kind: 'retry' } }]);
    expect(disableBecause).toBeNull();
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
      const due = retryDue(delivery, { generation: timer?.generation ?? 0 });
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

  it('ends at 410, and asks for the endpoint to be disabled', () => {
    const gone = attempted(fresh(), result({ statusCode: 410, errorCode: 'status_410' }), { now, jitter: 0 });
    expect(gone.delivery.status).toBe('failed');
    expect(gone.disableBecause).toMatch(/410/);
  });

  it('is not retried by a timer of an earlier attempt, nor when it is over', () => {
    const once = attempted(fresh(), result({}), { now, jitter: 0.5 }).delivery;
    const twice = attempted({ ...once, status: 'queued' }, result({}), { now, jitter: 0.5 }).delivery;
    expect(retryDue(twice, { generation: 1 })).toBeNull();
    expect(retryDue(twice, { generation: 2 })).not.toBeNull();
    expect(
      retryDue(attempted(fresh(), delivered, { now, jitter: 0 }).delivery, { generation: 1 }),
    ).toBeNull();
  });

  it('is kept as skipped while its endpoint is disabled', () => {
    const disabled = { ...endpoint, status: 'disabled' as const };
    expect(newDelivery(disabled, event, { id: 'whd_1', body: '{}', now }).status).toBe('skipped');
    expect(skipped(fresh()).delivery).toMatchObject({ status: 'skipped', body: '{}' });
  });
});
