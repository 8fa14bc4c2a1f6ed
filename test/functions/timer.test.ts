import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeHandler } from '../../functions/timer/timer.ts';
import { acknowledge } from '../../shared/domain/escalation/index.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import type { Timer, TimerKind } from '../../shared/domain/timer.ts';
import { attempted } from '../../shared/domain/webhook/delivery.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { type Desk, deliver, nightDesk, random, timerMessageOf } from '../fakes/carrier-desk.ts';
import { aDelivery, anAttempt } from '../store/samples.ts';

let desk: Desk;
let handler: ReturnType<typeof makeHandler>;
let ticket: TicketAddress;
let slept: number[];

beforeEach(async () => {
  desk = await nightDesk();
  const { store, clock } = desk;
  slept = [];
  const sleep = async (milliseconds: number) => {
    slept.push(milliseconds);
    clock.advance(milliseconds / 1000);
  };
  handler = makeHandler({ store, clock, random, sleep });
  ticket = await desk.escalated();
});

const theTimer = async (kind: TimerKind): Promise<Timer> => {
  const [timer] = await desk.timers(ticket, kind);
  if (!timer) throw new Error(`there is no ${kind} timer`);
  return timer;
};
const goTo = (timer: Timer) =>
  desk.clock.advance((Date.parse(timer.dueAt) - Date.parse(desk.clock.now())) / 1000);
const types = async () =>
  (await desk.store.cases.events(ticket, { limit: 100 })).data.map(({ type }) => type);

describe('a timer', () => {
  it('that is handed over twice at the same moment acts once', async () => {
    const timer = await theTimer('desk');
    goTo(timer);
    const before = (await types()).filter((type) => type === 'escalation.desk_alerted').length;
    expect(await deliver(handler, timerMessageOf(timer), timerMessageOf(timer))).toBe(0);
    const after = (await types()).filter((type) => type === 'escalation.desk_alerted').length;
    expect(after - before).toBe(1);
  });

  it('of a page that was not sent queues it again once, however often it is handed over, and fails it once', async () => {
    for (const [attempt, state] of [
      [2, 'queued'],
      [2, 'failed'],
    ] as const) {
      const timer = await theTimer('send_by');
      goTo(timer);
      const message = timerMessageOf(timer);
      expect(await deliver(handler, message, message)).toBe(0);
      expect(await deliver(handler, message)).toBe(0);
      expect((await desk.pages(ticket))[0]).toMatchObject({ attempt, state });
    }
    expect(await desk.pages(ticket)).toHaveLength(2);
    expect((await types()).filter((type) => type === 'escalation.page_retried')).toHaveLength(1);
    expect((await types()).filter((type) => type === 'escalation.page_failed')).toHaveLength(1);
  });

  it('asks the holder for a word, and then starts the ladder afresh, once each', async () => {
    const dana = { person: { id: 'dana', name: 'Dana' }, role: 'engineer' as const, via: 'sms' as const };
    await commandCase({ ...desk, random }, ticket, ({ state, roster }, now) =>
      acknowledge(state, dana, { roster, now }),
    );
    for (const type of ['escalation.contact_asked', 'escalation.contact_lost']) {
      const timer = await theTimer('contact');
      goTo(timer);
      expect(await deliver(handler, timerMessageOf(timer), timerMessageOf(timer))).toBe(0);
      expect((await types()).filter((each) => each === type)).toHaveLength(1);
    }
    expect((await desk.read(ticket)).escalation?.state).toBe('paging');
    expect(await desk.timers(ticket, 'contact')).toEqual([]);
  });

  it('brings the next level, and is set for the one after', async () => {
    const timer = await theTimer('level');
    goTo(timer);
    expect(await deliver(handler, timerMessageOf(timer))).toBe(0);
    expect(await desk.pages(ticket)).toHaveLength(2);
    expect((await theTimer('level')).generation).toBeGreaterThan(timer.generation);
  });

  it('waits out the last fraction of a second, and is never early', async () => {
    const timer = await theTimer('level');
    goTo(timer);
    desk.clock.advance(-0.7);
    expect(await deliver(handler, timerMessageOf(timer))).toBe(0);
    expect(slept).toEqual([700]);
    expect(await desk.pages(ticket)).toHaveLength(2);
    expect((await desk.pages(ticket))[1]?.queuedAt).toBe(timer.dueAt);
  });

  it('that was cleared, before or while it waited, is not waited for further and does nothing', async () => {
    const timer = await theTimer('level');
    goTo(timer);
    desk.clock.advance(-0.7);
    await deliver(handler, { ...timerMessageOf(timer), generation: timer.generation - 1 });
    expect(slept).toEqual([]);

    const cleared = makeHandler({
      ...{ store: desk.store, clock: desk.clock, random },
      sleep: async (milliseconds) => {
        await desk.store.timers.drop(timer);
        desk.clock.advance(milliseconds / 1000);
      },
    });
    expect(await deliver(cleared, timerMessageOf(timer))).toBe(0);
    expect(await desk.pages(ticket)).toHaveLength(1);
  });

  it('that comes long before its time is shown again later', async () => {
    expect(await deliver(handler, timerMessageOf(await theTimer('level')))).toBe(1);
    expect(await desk.pages(ticket)).toHaveLength(1);
  });

  it('fires once, however often and however much at once its message comes', async () => {
    const timer = await theTimer('level');
    goTo(timer);
    const message = timerMessageOf(timer);
    expect(await deliver(handler, message, message, message)).toBe(0);
    expect(await deliver(handler, message)).toBe(0);
    expect(await desk.pages(ticket)).toHaveLength(2);
  });

  it('of an older generation, or that is gone, does nothing', async () => {
    const timer = await theTimer('level');
    goTo(timer);
    await deliver(handler, { ...timerMessageOf(timer), generation: timer.generation - 1 });
    await deliver(handler, { ...timerMessageOf(timer), subject: 'esc_NONE_1' });
    expect(await desk.pages(ticket)).toHaveLength(1);
  });

  it('breaks the promise when nobody has taken it', async () => {
    const timer = await theTimer('promise');
    goTo(timer);
    expect(await deliver(handler, timerMessageOf(timer))).toBe(0);
    expect((await desk.read(ticket)).escalation?.promise.brokenAt).toBe(timer.dueAt);
    expect(await types()).toContain('escalation.promise_broken');
  });

  it('warns of the SLA', async () => {
    const timer = await theTimer('sla');
    goTo(timer);
    expect(await deliver(handler, timerMessageOf(timer))).toBe(0);
    expect(await types()).toContain('sla.warning');
  });

  it('is dropped when its subject no longer needs it', async () => {
    const timer = await theTimer('level');
    const dana = { person: { id: 'dana', name: 'Dana' }, role: 'engineer' as const, via: 'sms' as const };
    await commandCase({ ...desk, random }, ticket, ({ state, roster }, now) =>
      acknowledge(state, dana, { roster, now }),
    );
    // As if the acknowledgement had left it behind.
    await desk.documents.send(new PutCommand({ TableName: desk.table, Item: timer }));
    goTo(timer);
    expect(await deliver(handler, timerMessageOf(timer))).toBe(0);
    expect(await desk.pages(ticket)).toHaveLength(1);
    expect(await desk.timers(ticket, 'level')).toEqual([]);
  });

  it('fires in spite of conflicts', async () => {
    const timer = await theTimer('level');
    goTo(timer);
    desk.faults.nextConflicts = 4;
    expect(await deliver(handler, timerMessageOf(timer))).toBe(0);
    expect(await desk.pages(ticket)).toHaveLength(2);
  });
});

describe('the retry of a webhook', () => {
  it('queues the delivery again, once', async () => {
    const now = desk.clock.now();
    const fresh = aDelivery('whd_1', { createdAt: now });
    await desk.store.webhooks.addDeliveries([fresh], now);
    await desk.store.webhooks.commitDelivery(attempted(fresh, anAttempt(), { now, jitter: 0.5 }), now);
    const message = {
      home: { delivery: 'whd_1' },
      subject: 'whd_1',
      kind: 'retry',
      generation: 1,
      dueAt: addSeconds(now, 5),
    };
    desk.clock.advance(5);
    expect(await deliver(handler, message, message)).toBe(0);
    expect(await desk.store.webhooks.delivery('whd_1')).toMatchObject({ status: 'queued', version: 2 });
    expect(await desk.store.timers.read({ ...message, kind: 'retry' })).toBeNull();
  });
});

it('returns what cannot be read, and fires the rest', async () => {
  const timer = await theTimer('level');
  goTo(timer);
  expect(await deliver(handler, '{', { kind: 'level' }, timerMessageOf(timer))).toBe(2);
  expect(await desk.pages(ticket)).toHaveLength(2);
});
