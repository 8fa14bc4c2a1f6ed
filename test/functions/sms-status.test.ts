import { gzipSync } from 'node:zlib';
import { beforeEach, expect, it } from 'vitest';
import { makeHandler as makePager } from '../../functions/page-on-call/page-on-call.ts';
import { makeHandler } from '../../functions/sms-status/sms-status.ts';
import { makeHandler as makeTimer } from '../../functions/timer/timer.ts';
import type { Page } from '../../shared/domain/escalation/escalation.ts';
import { addSeconds, type Instant, millisOf } from '../../shared/domain/time.ts';
import type { Carrier } from '../../shared/effects/carrier.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import {
  context,
  type Desk,
  deliver,
  nightDesk,
  pageMessageOf,
  random,
  timerMessageOf,
} from '../fakes/carrier-desk.ts';
import { putProvider } from '../store/put.ts';

let desk: Desk;
let handler: ReturnType<typeof makeHandler>;
let ticket: TicketAddress;
let carrier: Carrier;

beforeEach(async () => {
  desk = await nightDesk();
  const { store, clock } = desk;
  let sent = 0;
  carrier = {
    text: async () => ({ sent: true, messageId: `msg-${++sent}` }),
    alertDesk: async () => ({ sent: true, messageId: `msg-${++sent}` }),
    optedOut: async () => false,
  };
  handler = makeHandler({ store, clock, random });
  ticket = await desk.escalated();
  await deliver(
    makePager({ store, carrier, clock, random }),
    ...(await desk.pages(ticket)).map(pageMessageOf),
  );
});

/** As SNS writes it, and CloudWatch Logs sends it on. */
const line = (messageId: string, more: { status?: string; providerResponse?: string } = {}) =>
  JSON.stringify({
    notification: { messageId, timestamp: '2026-01-06 03:10:00.123' },
    delivery: {
      phoneCarrier: 'My Phone Carrier',
      mnc: 270,
      mcc: 310,
      destination: '+12025550111',
      priceInUSD: 0.00645,
      smsType: 'Transactional',
      providerResponse: more.providerResponse ?? 'Phone +12025550111 is currently unreachable/unavailable',
      dwellTimeMs: 1420,
    },
    status: more.status ?? 'FAILURE',
  });
const report = (...lines: string[]) => reportAt(desk.clock.now(), ...lines);
const reportAt = (at: Instant, ...lines: string[]) => {
  const batch = {
    messageType: 'DATA_MESSAGE',
    owner: '000000000000',
    logGroup: 'sns/us-east-1/000000000000/DirectPublishToPhoneNumber/Failure',
    logStream: 'stream',
    subscriptionFilters: ['ToSmsStatus'],
    logEvents: lines.map((message, n) => ({ id: String(n), timestamp: millisOf(at), message })),
  };
  return handler({ awslogs: { data: gzipSync(JSON.stringify(batch)).toString('base64') } }, context);
};

it('makes a failed page of a failed delivery, which brings the next level', async () => {
  await report(line('msg-1'));
  const pages = await desk.pages(ticket);
  expect(pages[0]).toMatchObject({
    state: 'failed',
    failure: 'Phone (number) is currently unreachable/unavailable',
  });
  expect(pages).toHaveLength(2);
});

it('says the same twice without paging twice', async () => {
  await report(line('msg-1'), line('msg-1'));
  await report(line('msg-1'));
  expect(await desk.pages(ticket)).toHaveLength(2);
});

it('fails with a message for several pages every page that went with it, and those still held go out after all', async () => {
  const { store, clock } = desk;
  const provider = await store.directory.provider();
  if (provider) await putProvider(store.directory, { ...provider, pagesPerMinute: 1 });
  const pager = makePager({ store, carrier, clock, random });
  const waiting: TicketAddress[] = [];
  while (waiting.length < 4) waiting.push(await desk.escalated());
  const send = async (address: TicketAddress) =>
    deliver(pager, ...(await desk.pages(address)).slice(0, 1).map(pageMessageOf));
  for (const address of waiting) await send(address);
  const timer = makeTimer({ store, clock, random, sleep: async () => {} });
  const fire = async (address: TicketAddress) => {
    await deliver(timer, ...(await desk.timers(address, 'send_by')).map(timerMessageOf));
    await send(address);
  };
  clock.advance(60);
  const [, led, went, held] = waiting as [TicketAddress, TicketAddress, TicketAddress, TicketAddress];
  await fire(led);
  await fire(went);
  expect((await desk.pages(led))[0]).toMatchObject({ state: 'sent', messageId: 'msg-3', code: null });
  expect((await desk.pages(went))[0]).toMatchObject({ state: 'sent', messageId: null });

  await report(line('msg-3'));
  for (const address of [led, went]) {
    const pages = await desk.pages(address);
    expect(pages[0]).toMatchObject({ state: 'failed' });
    expect(pages).toHaveLength(2);
  }
  expect((await desk.pages(held))[0]).toMatchObject({ state: 'queued' });
  clock.advance(60);
  await fire(held);
  expect((await desk.pages(held))[0]).toMatchObject({ state: 'sent', messageId: 'msg-4' });
});

it('lets a success be', async () => {
  await report(line('msg-1', { status: 'SUCCESS' }));
  expect(await desk.pages(ticket)).toMatchObject([{ state: 'sent' }]);
});

it('asks again for a message that is so young that its page may not know it yet', async () => {
  await expect(report(line('msg-unknown'))).rejects.toThrow();
  expect(await desk.pages(ticket)).toMatchObject([{ state: 'sent' }]);
});

it('leaves alone what somebody else in the account sent', async () => {
  await reportAt(addSeconds(desk.clock.now(), -61), line('msg-unknown'));
  expect(await desk.pages(ticket)).toHaveLength(1);
});

it('handles what it can read when a line beside it cannot be read, and then fails', async () => {
  await expect(report('not json', line('msg-1'), '{}')).rejects.toThrow(/2 of 3 lines/);
  expect((await desk.pages(ticket))[0]).toMatchObject({ state: 'failed' });
});

it.each([
  ['not gzip', 'aGVsbG8='],
  ['nothing', ''],
  ['another shape', gzipSync('{"a":1}').toString('base64')],
])('fails on %s', async (_what, data) => {
  await expect(handler({ awslogs: { data } }, context)).rejects.toThrow();
});

it('keeps nothing of a requester’s phone, nor of a phone for what is the account’s', async () => {
  const { store, clock } = desk;
  const [page] = await desk.pages(ticket);
  if (!page) throw new Error('nobody was paged');
  const update: Page = {
    ...page,
    id: `${page.home?.escalation}_update`,
    notice: 'update',
    phone: '+12025550147',
    state: 'queued',
    text: 'Dana has it.',
    words: null,
    code: null,
    messageId: null,
  };
  await store.pages.commit({ page: update, from: null, timers: [] }, clock.now());
  const { state, attempt, claim } = update;
  const sent = { ...update, state: 'sent' as const, messageId: 'msg-update' };
  await store.pages.commit({ page: sent, from: { state, attempt, claim }, timers: [] }, clock.now());
  await report(line('msg-update'), line('msg-1', { providerResponse: 'No quota left for account' }));
  expect((await desk.pages(ticket))[0]).toMatchObject({ state: 'failed' });
  expect(await store.reach.all()).toEqual([]);
});

it('keeps of the phone what is the matter with it, for coverage, and the first of it', async () => {
  await report(line('msg-1', { providerResponse: 'Phone number is opted out' }));
  const at = desk.clock.now();
  expect(await desk.store.reach.all()).toMatchObject([{ optedOutAt: at, failingAt: null }]);
  await reportAt(addSeconds(at, 60), line('msg-1'));
  expect(await desk.store.reach.all()).toMatchObject([
    {
      optedOutAt: at,
      failingAt: addSeconds(at, 60),
      because: 'Phone (number) is currently unreachable/unavailable',
    },
  ]);
});
