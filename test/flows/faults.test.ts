import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';

/**
 * Any single fault during an escalation: somebody is paged within 60 s of its being knowable, with at most one
 * duplicate SMS, and the timeline tells what happened. Duplicate messages and records out of order are
 * played where they can be: test/functions/page-on-call*.test.ts and timer.test.ts.
 */

/** Monday 2026-11-23, 22:10 in New York. */
const desk = openDesk('2026-11-24T03:10:00.000Z');

let before: Set<string>;
beforeEach(async () => {
  before = new Set((await desk.cloud.sms()).map(({ id }) => id));
});
afterEach(async () => {
  await desk.cloud.clearFaults();
  for (const who of ['dana', 'eli']) await desk.cloud.phone(desk.phoneOf(who), {});
});

const press = async (): Promise<string> => {
  const { body } = await desk.partner('POST', '/v1/tickets', outage);
  const pressed = await desk.partner('POST', `/v1/tickets/${body.number}/escalation`, emergency);
  expect(pressed.status).toBe(202);
  return body.number;
};
/** What came of it in the first minute: to whom a page went, how often. */
const pagedWithinAMinute = async (number: string): Promise<Record<string, number>> => {
  await desk.cloud.settle();
  await desk.cloud.clock({ advance: 'PT60S' });
  const paged: Record<string, number> = {};
  for (const sms of await desk.cloud.sms()) {
    if (before.has(sms.id) || !sms.body.startsWith(number)) continue;
    for (const who of ['dana', 'eli', 'mo'])
      if (sms.to === desk.phoneOf(who)) paged[who] = (paged[who] ?? 0) + 1;
  }
  for (const [who, times] of Object.entries(paged))
    for (let n = 0; n < times; n++) await desk.expectSms(who, new RegExp(number));
  return paged;
};
const events = async (number: string) =>
  (await desk.staff('GET', `/v1/tickets/${number}/events?limit=100`)).body.data;
const failures = async (number: string) =>
  (await events(number))
    .filter(({ type }) => type === 'escalation.page_failed')
    .map(({ data }) => data?.because);

describe('the page goes out to the same person when', () => {
  it.each([
    ['SNS throttles it', { service: 'sns', action: 'Publish', error: 'Throttling', times: 2 }],
    ['SNS hangs up before it took it', { service: 'sns', action: 'Publish', error: 'ECONNREFUSED' }],
    [
      'a transaction is in conflict',
      { service: 'dynamodb', action: 'TransactWriteItems', error: 'TransactionConflict', times: 3 },
    ],
    ['the worker is killed between claim and send', { service: 'sns', action: 'Publish', error: 'KILL' }],
    [
      'the topic of events throttles the outbox',
      { service: 'sns', action: 'PublishBatch', error: 'Throttling' },
    ],
    [
      'reading throttles',
      { service: 'dynamodb', action: 'GetItem', error: 'ProvisionedThroughputExceededException', times: 3 },
    ],
    [
      'writing throttles',
      { service: 'dynamodb', action: 'TransactWriteItems', error: 'ThrottlingException', times: 2 },
    ],
  ] as const)('%s: exactly once', async (_, fault) => {
    const ticket = await desk.partner('POST', '/v1/tickets', outage);
    await desk.cloud.settle();
    await desk.cloud.fault(fault);
    const pressed = await desk.partner('POST', `/v1/tickets/${ticket.body.number}/escalation`, emergency);
    expect(pressed.status).toBe(202);
    expect(await pagedWithinAMinute(ticket.body.number)).toEqual({ dana: 1 });
  });

  it.each([
    [
      'the answer of SNS is lost after it was sent',
      { service: 'sns', action: 'Publish', error: 'ECONNRESET', after: true },
    ],
    [
      'the worker is killed between send and record',
      { service: 'sns', action: 'Publish', error: 'KILL', after: true },
    ],
  ] as const)('%s: one duplicate at most', async (_, fault) => {
    await desk.cloud.fault(fault);
    expect(await pagedWithinAMinute(await press())).toEqual({ dana: 2 });
  });
});

describe('the next level is paged at once, and the timeline says why, when', () => {
  it('the phone has opted out, which SNS says beforehand', async () => {
    await desk.cloud.phone(desk.phoneOf('dana'), { optedOut: true });
    const number = await press();
    expect(await pagedWithinAMinute(number)).toEqual({ eli: 1 });
    expect(await failures(number)).toEqual(expect.arrayContaining(['opted out']));
  });

  it.each(['bad number', 'spend limit', 'unreachable'])('the delivery log says: %s', async (failing) => {
    await desk.cloud.phone(desk.phoneOf('dana'), { failing });
    const number = await press();
    expect(await pagedWithinAMinute(number)).toEqual({ eli: 1 });
    expect((await failures(number)).length).toBeGreaterThan(0);
  });

  it('SNS stays broken for one page', async () => {
    await desk.cloud.fault({ service: 'sns', action: 'Publish', error: 'InternalError', times: 2 });
    const number = await press();
    // The next level of the default policy is the primary again.
    expect(await pagedWithinAMinute(number)).toEqual({ dana: 1 });
    expect(await failures(number)).toEqual(['it could not be sent in time']);
  });
});
