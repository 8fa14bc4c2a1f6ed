import { describe, expect, it } from 'vitest';
import { webhookBody } from '../../../shared/contract/events/catalogue.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { bodyOf, bodyTextOf, largestBodyBytes } from '../../../shared/domain/webhook/body.ts';
import {
  afterAttempt,
  disabled,
  enabled,
  failingDue,
  isQuick,
} from '../../../shared/domain/webhook/health.ts';
import { anAttempt, anEndpoint } from '../../store/samples.ts';

const now = '2026-01-06T03:10:00.000Z';
const endpoint = anEndpoint('whk_1');
const day = 86_400;

const failed = anAttempt();
const delivered = anAttempt({ statusCode: 200, errorCode: null });
const failing = () => {
  const change = afterAttempt(endpoint, failed, now);
  if (!change) throw new Error('nothing was learned');
  return change.endpoint;
};

describe('an endpoint', () => {
  it('is failing from its first failed attempt on, with a timer for the warning', () => {
    const change = afterAttempt(endpoint, failed, now);
    expect(change).toMatchObject({ endpoint: { failingSince: now, status: 'enabled' }, events: [] });
    expect(change?.timers).toMatchObject([{ set: { kind: 'failing', dueAt: addSeconds(now, 3600) } }]);
    expect(afterAttempt(failing(), failed, addSeconds(now, 5))).toBeNull();
  });

  it('after the clock was put back is watched, and warned of, from its next failure on', () => {
    const earlier = addSeconds(now, -100 * 86_400);
    expect(afterAttempt(failing(), failed, earlier)).toMatchObject({
      endpoint: { failingSince: earlier, warnedAt: null },
      timers: [{ set: { dueAt: addSeconds(earlier, 3600) } }],
    });
  });

  it('is well again after one delivery, and then nothing is written for each', () => {
    const change = afterAttempt(failing(), delivered, addSeconds(now, 5));
    expect(change).toMatchObject({ endpoint: { failingSince: null, warnedAt: null } });
    expect(change?.timers).toMatchObject([{ clear: { kind: 'failing' } }]);
    expect(afterAttempt(endpoint, delivered, now)).toBeNull();
  });

  it('is warned of after an hour and disabled after five days, each told once', () => {
    expect(failingDue(failing(), addSeconds(now, 3599))).toBeNull();
    const warned = failingDue(failing(), addSeconds(now, 3600));
    expect(warned?.events).toMatchObject([
      { type: 'webhook.failing', data: { webhook: { id: 'whk_1', failingSince: now } } },
    ]);
    expect(warned?.events[0]?.data).toMatchObject({ webhook: { host: new URL(endpoint.url).host } });
    expect(JSON.stringify(warned?.events)).not.toContain(endpoint.url);
    expect(warned?.timers).toMatchObject([{ set: { dueAt: addSeconds(now, 5 * day) } }]);
    const told = warned?.endpoint ?? endpoint;
    expect(failingDue(told, addSeconds(now, 3 * day))).toBeNull();
    const off = failingDue(told, addSeconds(now, 5 * day));
    expect(off?.endpoint).toMatchObject({
      status: 'disabled',
      disabledBecause: expect.stringMatching(/for 5 days, since \w{3} \d+ \w{3} \d\d:\d\d UTC\.$/),
    });
    expect(off?.events).toMatchObject([{ type: 'webhook.disabled' }]);
    expect(failingDue(off?.endpoint ?? endpoint, addSeconds(now, 6 * day))).toBeNull();
    expect(failingDue(endpoint, now)).toBeNull();
  });

  it('is disabled at once when its receiver asks for no more', () => {
    for (const result of [failed, delivered]) {
      const change = afterAttempt(endpoint, { ...result, disableBecause: 'It asked.' }, now);
      expect(change).toMatchObject({
        endpoint: { status: 'disabled', disabledBecause: 'It asked.' },
        events: [{ type: 'webhook.disabled' }],
      });
    }
  });

  it('learns nothing more while it is disabled, and begins anew when it is enabled', () => {
    const off = disabled(failing(), 'by hand').endpoint;
    expect(afterAttempt(off, delivered, now)).toBeNull();
    expect(enabled(off).endpoint).toMatchObject({
      ...{ status: 'enabled', disabledBecause: null, failingSince: null, warnedAt: null, slow: true },
    });
  });

  it('is quick when it answers within a second, whatever it answers', () => {
    expect(isQuick({ totalMs: 1000 })).toBe(true);
    expect(isQuick({ totalMs: 1001 })).toBe(false);
  });
});

describe('the body', () => {
  const event = {
    type: 'ticket.commented' as const,
    ...{
      id: 'evt_1',
      at: now,
      seq: 3,
      text: 'x',
      hash: 'h',
      ticket: 'ND-6PC7-PS91',
    },
    data: { ticket: { number: 'ND-6PC7-PS91', subject: 'Mail' }, comment: { body: 'ü'.repeat(10) } },
  };

  it('is thin for who wants it so: the number in place of the data', () => {
    expect(bodyOf(event, 'thin')).toEqual({
      ...{ id: 'evt_1', type: 'ticket.commented', timestamp: now, apiVersion: '2026-01-01' },
      ...{ subjectSeq: 3, text: 'x', hash: 'h' },
      data: { ticket: { number: 'ND-6PC7-PS91' } },
    });
  });

  it('is thin, too, of what is about no ticket: where it is the first in the list of events', () => {
    const gap = {
      ...event,
      type: 'coverage.gap' as const,
      ticket: null,
      data: { days: 14, count: 0, gaps: [] },
    };
    expect(bodyOf(gap, 'thin').data).toEqual({ href: `/v1/events?type=coverage.gap&since=${now}` });
    const person = { id: 'stf_dana', name: 'Dana Whitfield', why: 'not_verified' };
    const gaps = Array.from({ length: 100 }, () => ({
      from: now,
      to: now,
      level: 1,
      people: Array(25).fill(person),
    }));
    const long = bodyTextOf({ ...gap, data: { days: 14, count: 100, gaps } }, 'full');
    expect(Buffer.byteLength(long)).toBeLessThan(1_000);
    expect(webhookBody('coverage.gap').parse(JSON.parse(long))).toEqual({ ...JSON.parse(long) });
    expect(JSON.parse(long)).toMatchObject({
      id: 'evt_1',
      type: 'coverage.gap',
      data: bodyOf(gap, 'thin').data,
    });
  });

  it('is thin when it would be larger than 64 KiB in UTF-8', () => {
    const room = largestBodyBytes - Buffer.byteLength(bodyTextOf(event, 'full')) + 20;
    const long = (bytes: number) => ({
      ...event,
      data: { ...event.data, comment: { body: 'ü'.repeat(Math.floor(bytes / 2)) } },
    });
    expect(JSON.parse(bodyTextOf(long(room), 'full')).data.comment).toBeDefined();
    expect(JSON.parse(bodyTextOf(long(room + 2), 'full')).data).toEqual({
      ticket: { number: 'ND-6PC7-PS91' },
    });
  });
});
