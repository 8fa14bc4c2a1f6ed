import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHandler } from '../../functions/page-on-call/page-on-call.ts';
import { makeHandler as makeTimer } from '../../functions/timer/timer.ts';
import type { Page } from '../../shared/domain/escalation/escalation.ts';
import { acknowledge } from '../../shared/domain/escalation/index.ts';
import { looseAnswer } from '../../shared/domain/sms/reply.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import { logger } from '../../shared/runtime/logging.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { deskAlerts, type FakeCarrier, fakeCarrier } from '../fakes/carrier.ts';
import {
  context,
  type Desk,
  deliver,
  nightDesk,
  pageMessageOf,
  phones,
  random,
  timerMessageOf,
} from '../fakes/carrier-desk.ts';
import { putProvider } from '../store/put.ts';

let desk: Desk;
let sms: FakeCarrier;
let handler: ReturnType<typeof makeHandler>;
let timer: ReturnType<typeof makeTimer>;
let ticket: TicketAddress;

beforeEach(async () => {
  desk = await nightDesk();
  sms = await fakeCarrier();
  const { store, clock } = desk;
  const sleep = async () => {};
  handler = makeHandler({ store, carrier: sms.carrier, clock, random, sleep });
  timer = makeTimer({ store, clock, random, sleep });
  ticket = await desk.escalated();
});
afterEach(() => sms.close());

const firstPage = async (): Promise<Page> => {
  const [page] = await desk.pages(ticket);
  if (!page) throw new Error('nobody was paged');
  return page;
};
const page = async () => deliver(handler, pageMessageOf(await firstPage()));
const limitOf = async (pagesPerMinute: number) => {
  const provider = await desk.store.directory.provider();
  if (provider) await putProvider(desk.store.directory, { ...provider, pagesPerMinute });
};
const fire = async (kind: 'send_by') => {
  const timers = await desk.timers(ticket, kind);
  return deliver(timer, ...timers.map(timerMessageOf));
};

describe('a page', () => {
  it('goes out once, with its number and code, and is sent', async () => {
    expect(await page()).toBe(0);
    expect(sms.sent).toHaveLength(1);
    expect(sms.sent[0]).toMatchObject({ to: phones.dana });
    expect(sms.sent[0]?.body).toContain(ticket.number);
    expect(sms.sent[0]?.body).toContain('Reply 1a');
    expect(sms.sent[0]?.body.length).toBeLessThanOrEqual(160);
    expect(await firstPage()).toMatchObject({ state: 'sent', messageId: 'msg-1', code: 1, claim: null });
    expect(await desk.timers(ticket, 'send_by')).toEqual([]);
    expect(await desk.store.pages.byMessageId('msg-1')).toMatchObject({ id: (await firstPage()).id });
  });

  it('goes out once however often, and however much at once, its message comes', async () => {
    const message = pageMessageOf(await firstPage());
    await Promise.all([deliver(handler, message, message), deliver(handler, message)]);
    await deliver(handler, message);
    expect(sms.sent).toHaveLength(1);
    expect(await firstPage()).toMatchObject({ state: 'sent' });
  });

  it('is not sent once somebody has taken the emergency', async () => {
    const message = pageMessageOf(await firstPage());
    const dana = { person: { id: 'dana', name: 'Dana' }, role: 'engineer' as const, via: 'sms' as const };
    await commandCase({ ...desk, random }, ticket, ({ state, roster }, now) =>
      acknowledge(state, dana, { roster, now }),
    );
    expect(await deliver(handler, message)).toBe(0);
    expect(sms.sent).toEqual([]);
  });

  it('goes out in spite of conflicts with other transactions', async () => {
    const message = pageMessageOf(await firstPage());
    desk.faults.nextConflicts = 3;
    expect(await deliver(handler, message)).toBe(0);
    expect(sms.sent).toHaveLength(1);
    expect(await firstPage()).toMatchObject({ state: 'sent' });
  });

  it('carries a link of its own where links lead somewhere, and of its token only a hash is kept', async () => {
    const { store, clock } = desk;
    handler = makeHandler({ store, carrier: sms.carrier, clock, random, linkUrl: 'https://nd.example' });
    await page();
    const [, token = ''] =
      / https:\/\/nd\.example\/p\/([0-9A-Za-z]{12})$/.exec(sms.sent[0]?.body ?? '') ?? [];
    expect(await store.pages.link(token)).toEqual({
      ...(await firstPage()).home,
      page: (await firstPage()).id,
      staff: 'dana',
      until: addSeconds(clock.now(), 86_400),
    });
    expect(JSON.stringify(await desk.rows())).not.toContain(token);
  });

  it('gives one phone another code for another escalation', async () => {
    await page();
    ticket = await desk.escalated();
    await page();
    expect(sms.sent.map(({ body }) => /Reply (\d+)a/.exec(body)?.[1])).toEqual(['1', '2']);
  });
});

describe('a phone that cannot be reached', () => {
  it('fails a page at once for a number that SNS refuses, and brings the next level', async () => {
    sms.mishaps.push({ error: 'InvalidParameter', status: 400 });
    expect(await page()).toBe(0);
    const pages = await desk.pages(ticket);
    expect(pages[0]).toMatchObject({ state: 'failed', failure: 'bad number' });
    expect(pages).toHaveLength(2);
    expect((await desk.read(ticket)).escalation?.level).toBe(2);
  });

  it('fails a page at once for an opted-out number, without sending', async () => {
    sms.optedOut.add(phones.dana);
    await page();
    expect(sms.sent).toEqual([]);
    expect(await firstPage()).toMatchObject({ state: 'failed', failure: 'opted out' });
  });

  it('fails at once also a page that would have to wait for its turn', async () => {
    await limitOf(1);
    await page();
    sms.optedOut.add(phones.dana);
    desk.clock.advance(301);
    const { store, clock } = desk;
    const { phone: before } = await store.phones.read(phones.dana);
    const after = { ...before, recent: [clock.now()] };
    await store.phones.put({ phone: phones.dana, before, after, shown: null }, clock.now());
    ticket = await desk.escalated();
    await page();
    expect(await firstPage()).toMatchObject({ state: 'failed', failure: 'opted out' });
    expect(sms.sent).toHaveLength(1);
  });

  it('has not been shown what waits by a message for all that SNS refused', async () => {
    await limitOf(1);
    await page();
    const { store } = desk;
    const waits = async () =>
      (await store.phones.shown(phones.dana)).filter((each) => each.waits).map(({ ticket }) => ticket);
    const held = await desk.escalated();
    ticket = held;
    await page();
    ticket = await desk.escalated();
    await page();
    expect(await waits()).toHaveLength(2);
    desk.clock.advance(61);
    sms.mishaps.push({ error: 'InvalidParameter', status: 400 });
    await page();
    expect(await firstPage()).toMatchObject({ state: 'failed' });
    expect(await waits()).toEqual([held.number]);
    expect((await store.phones.read(phones.dana)).phone).toMatchObject({ bundling: null, bundled: null });
    ticket = held;
    desk.clock.advance(61);
    await page();
    expect(sms.sent.at(-1)).toMatchObject({ to: phones.dana });
    expect(await waits()).toEqual([]);
  });

  it('is kept for coverage, if it is the staff’s, and what is the account’s is not', async () => {
    const { store, clock } = desk;
    const original = await firstPage();
    const id = `${original.home?.escalation}_update`;
    const update = {
      ...original,
      id,
      notice: 'update' as const,
      phone: '+12025550147',
      text: 'Dana has it.',
    };
    await store.pages.commit({ page: { ...update, words: null }, from: null, timers: [] }, clock.now());
    sms.mishaps.push({ error: 'InvalidParameter', status: 400 });
    await deliver(handler, pageMessageOf(update));
    expect(await store.reach.all()).toEqual([]);
    sms.mishaps.push({ error: 'AuthorizationError', status: 403 });
    await page();
    expect(await firstPage()).toMatchObject({ state: 'failed' });
    expect(await store.reach.all()).toEqual([]);
    ticket = await desk.escalated();
    sms.mishaps.push({ error: 'InvalidParameter', status: 400 });
    await page();
    expect(await store.reach.all()).toMatchObject([{ phone: phones.dana, because: 'bad number' }]);
  });

  it('asks who has opted out once in five minutes', async () => {
    await page();
    ticket = await desk.escalated();
    await page();
    expect(sms.asked).toBe(1);
    desk.clock.advance(301);
    ticket = await desk.escalated();
    await page();
    expect(sms.asked).toBe(2);
  });

  it('pages when SNS does not say who has opted out', async () => {
    sms.opaque = true;
    await page();
    expect(sms.sent).toHaveLength(1);
  });
});

describe('a carrier in trouble', () => {
  it('is asked again at once while it throttles, without a duplicate', async () => {
    sms.mishaps.push({ error: 'Throttled', status: 429 }, { error: 'Throttling', status: 400 });
    expect(await page()).toBe(0);
    expect(sms.sent).toHaveLength(1);
    expect(await firstPage()).toMatchObject({ state: 'sent' });
  });

  it('that hangs up gets the page once more after 20 s: one duplicate at most', async () => {
    sms.mishaps.push('hangs_up');
    expect(await page()).toBe(0);
    expect(await firstPage()).toMatchObject({ state: 'sending' });
    // The message shown again does nothing: the timer guards the page.
    expect(await page()).toBe(0);
    expect(sms.sent).toHaveLength(1);
    desk.clock.advance(20);
    await fire('send_by');
    expect(await firstPage()).toMatchObject({ state: 'queued', attempt: 2 });
    await page();
    expect(sms.sent).toHaveLength(2);
    expect(await firstPage()).toMatchObject({ state: 'sent', attempt: 2, code: 1 });
    expect(sms.sent[0]?.body).toBe(sms.sent[1]?.body);
  });

  it('that stays broken costs 40 s: then somebody else is paged', async () => {
    sms.mishaps.push({ error: 'InternalError', status: 500 }, { error: 'InternalError', status: 500 });
    for (let round = 0; round < 2; round++) {
      await page();
      desk.clock.advance(20);
      await fire('send_by');
    }
    const pages = await desk.pages(ticket);
    expect(pages[0]).toMatchObject({ state: 'failed', attempt: 2 });
    expect(pages).toHaveLength(2);
    expect(pages[1]).toMatchObject({ state: 'queued', level: 2 });
  });

  it('makes the message of a notice come back, for nothing else guards it', async () => {
    const staff = await desk.store.directory.staffMember('dana');
    if (!staff) throw new Error('no dana');
    const answer = looseAnswer({
      id: 'ans_1',
      phone: phones.dana,
      staff,
      text: 'Nothing is open.',
      now: desk.clock.now(),
    });
    await desk.store.pages.commit({ page: answer, from: null, timers: [] }, desk.clock.now());
    sms.mishaps.push({ error: 'InternalError', status: 500 });
    expect(await deliver(handler, pageMessageOf(answer))).toBe(1);
    expect(await deliver(handler, pageMessageOf(answer))).toBe(1);
    desk.clock.advance(21);
    expect(await deliver(handler, pageMessageOf(answer))).toBe(0);
    expect(sms.sent).toMatchObject([{ to: phones.dana, body: 'Nothing is open.' }]);
    expect(await desk.store.pages.read(null, 'ans_1')).toMatchObject({ state: 'sent' });
  });
});

describe('the desk by day', () => {
  it('gets its alert through the topic, with a subject', async () => {
    desk.clock.advance(12 * 3600);
    ticket = await desk.escalated();
    const { pages } = await desk.read(ticket);
    expect(pages).toMatchObject([{ notice: 'desk_alert', method: 'topic' }]);
    expect(await deliver(handler, ...pages.map(pageMessageOf))).toBe(0);
    expect(sms.sent).toMatchObject([{ to: null, topic: deskAlerts }]);
    expect(sms.sent[0]?.subject).toContain(ticket.number);
    expect((await desk.read(ticket)).pages[0]).toMatchObject({ state: 'sent' });
  });
});

describe('a batch', () => {
  it('returns what cannot be read, and handles the rest', async () => {
    const message = pageMessageOf(await firstPage());
    expect(await deliver(handler, 'no json', {}, { kind: 'page', id: 'x' }, message)).toBe(3);
    expect(sms.sent).toHaveLength(1);
  });

  it('never logs a phone number or the words of a message', async () => {
    const written: string[] = [];
    const { write } = process.stdout;
    const writeError = process.stderr.write;
    const capture = (chunk: unknown) => {
      written.push(String(chunk));
      return true;
    };
    process.stdout.write = capture as typeof write;
    process.stderr.write = capture as typeof write;
    logger.setLogLevel('DEBUG');
    try {
      sms.opaque = true;
      sms.mishaps.push({ error: 'InvalidParameter', status: 400 });
      await page();
      const [, second] = await desk.pages(ticket);
      if (second) await deliver(handler, pageMessageOf(second));
      await deliver(handler, `{"phone":"${phones.dana}`);
    } finally {
      logger.setLogLevel('SILENT');
      process.stdout.write = write;
      process.stderr.write = writeError;
    }
    const log = written.join('');
    expect(log).toContain(ticket.number);
    expect(log).toContain(context.awsRequestId);
    expect(log).not.toMatch(/\+?1?202555/);
    expect(log).not.toContain('Reply');
  });
});
