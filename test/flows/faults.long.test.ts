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
type Page = { to: { name: string } };
/** What the timeline tells from the press on: of each page, and of what became of it, whose it was and why. */
const told = async (number: string): Promise<string[]> => {
  const all = await events(number);
  return all.slice(all.findIndex(({ type }) => type === 'escalation.started')).map(({ type, data }) => {
    const { page, pages } = data as { page?: Page; pages?: Page[] };
    const who = (pages ?? [page]).map((one) => one?.to.name.split(' ')[0]).join();
    return [type.replace('escalation.', ''), who, data?.because].filter(Boolean).join(' ');
  });
};
/** What the functions have counted so far for CloudWatch, of one thing. */
const counted = async (name: string): Promise<number> => {
  const lines = (await desk.cloud.logs()).map(({ line }) => line).filter((line) => line.includes('"_aws"'));
  return lines.flatMap((line) => JSON.parse(line)[name] ?? []).length;
};
const asUsual = ['started', 'paged Dana'];

describe('the page goes out to the same person when', () => {
  it.each([
    ['SNS throttles it', { service: 'sns', action: 'Publish', error: 'Throttling', times: 2 }],
    ['SNS cannot be reached', { service: 'sns', action: 'Publish', error: 'ECONNREFUSED', times: 2 }],
    [
      'a transaction is in conflict',
      { service: 'dynamodb', action: 'TransactWriteItems', error: 'TransactionConflict', times: 3 },
    ],
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
    expect(await told(ticket.body.number)).toEqual(asUsual);
  });

  it.each([
    ['SNS hangs up before it took it', 1, { service: 'sns', action: 'Publish', error: 'ECONNRESET' }],
    ['the worker is killed between claim and send', 1, { service: 'sns', action: 'Publish', error: 'KILL' }],
    [
      'the answer of SNS is lost after it was sent',
      2,
      { service: 'sns', action: 'Publish', error: 'ECONNRESET', after: true },
    ],
    [
      'the worker is killed between send and record',
      2,
      { service: 'sns', action: 'Publish', error: 'KILL', after: true },
    ],
  ] as const)(
    '%s: one duplicate at most, and the timeline says that there may be one',
    async (_, times, fault) => {
      await desk.cloud.fault(fault);
      const number = await press();
      expect(await pagedWithinAMinute(number)).toEqual({ dana: times });
      expect(await told(number)).toEqual([...asUsual, 'page_retried Dana whether it was sent is not known']);
    },
  );
});

describe('the next level is paged at once, and the timeline says why, when', () => {
  it.each([
    ['bad number', 'Invalid phone number'],
    ['spend limit', 'No quota left for account'],
    ['unreachable', 'Phone is currently unreachable/unavailable'],
  ])('the delivery log says: %s', async (failing, because) => {
    await desk.cloud.phone(desk.phoneOf('dana'), { failing });
    const count = await counted('PagesNotDelivered');
    const number = await press();
    expect(await pagedWithinAMinute(number)).toEqual({ eli: 1 });
    expect((await counted('PagesNotDelivered')) - count).toBe(2);
    expect(await told(number)).toEqual([
      ...asUsual,
      `page_failed Dana ${because}`,
      'paged Dana paging Dana Whitfield failed',
      `page_failed Dana ${because}`,
      'paged Eli paging Dana Whitfield failed',
    ]);
  });

  it('SNS stays broken for one page', async () => {
    await desk.cloud.fault({ service: 'sns', action: 'Publish', error: 'InternalError', times: 2 });
    const number = await press();
    // The next level of the default policy is the primary again.
    expect(await pagedWithinAMinute(number)).toEqual({ dana: 1 });
    expect(await told(number)).toEqual([
      ...asUsual,
      'page_retried Dana whether it was sent is not known',
      'page_failed Dana it could not be sent in time',
      'paged Dana paging Dana Whitfield failed',
    ]);
  });

  it('SNS refuses everything, and its alarm counts enough within a minute to ring', async () => {
    const count = await counted('PagesNotSent');
    await desk.cloud.fault({ service: 'sns', action: 'Publish', error: 'AuthorizationError', times: 1000 });
    const number = await press();
    expect(await pagedWithinAMinute(number)).toEqual({});
    expect((await counted('PagesNotSent')) - count).toBeGreaterThanOrEqual(3);
    await desk.cloud.clearFaults();
    await desk.partner('DELETE', `/v1/tickets/${number}/escalation`);
  });

  it('the phone has opted out, which SNS says beforehand', async () => {
    // Past the five minutes for which the answer to the tests before is known; all of them begin at one time.
    await desk.cloud.clock({ advance: 'PT10M' });
    await desk.cloud.phone(desk.phoneOf('dana'), { optedOut: true });
    const number = await press();
    expect(await pagedWithinAMinute(number)).toEqual({ eli: 1 });
    expect(await told(number)).toEqual([
      ...asUsual,
      'page_failed Dana opted out',
      'paged Dana paging Dana Whitfield failed',
      'page_failed Dana opted out',
      'paged Eli paging Dana Whitfield failed',
    ]);
  });
});
