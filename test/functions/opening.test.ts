import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeHandler as makeCheck } from '../../functions/check-coverage/check-coverage.ts';
import { makeHandler as makeSpread } from '../../functions/spread-event/spread-event.ts';
import { makeHandler as makeTimer } from '../../functions/timer/timer.ts';
import { webhookBody } from '../../shared/contract/events/catalogue.ts';
import { system } from '../../shared/domain/event.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { openingKey, type Timer } from '../../shared/domain/timer.ts';
import type { WebhookDelivery } from '../../shared/domain/webhook/webhook.ts';
import { verifyChain } from '../../shared/store/chain.ts';
import { timerKey } from '../../shared/store/keys.ts';
import { defaultCalendar } from '../domain/defaults.ts';
import { context, type Desk, deliver, nightDesk, random, timerMessageOf } from '../fakes/carrier-desk.ts';
import { put, putProvider } from '../store/put.ts';
import { anEndpoint } from '../store/samples.ts';

/** 09:00 in New York: Tuesday's opening, and Wednesday's. */
const tuesday = '2026-01-06T14:00:00.000Z';
const wednesday = '2026-01-07T14:00:00.000Z';

let desk: Desk;
let fire: (...timers: Timer[]) => Promise<number>;
let check: () => Promise<unknown>;

beforeEach(async () => {
  desk = await nightDesk();
  const { store, clock } = desk;
  const timer = makeTimer({ store, clock, random });
  const coverage = makeCheck({ store, clock, random, optedOut: async () => false });
  fire = (...timers) => deliver(timer, ...timers.map(timerMessageOf));
  check = () => coverage({}, context);
});

const goTo = (at: Instant) => desk.clock.advance((Date.parse(at) - Date.parse(desk.clock.now())) / 1000);
const theTimer = async (): Promise<Timer> => {
  const timer = await desk.store.timers.read(openingKey);
  if (!timer) throw new Error('there is no timer');
  return timer;
};
const opened = async () => (await desk.store.log.events(0, 100)).filter(({ type }) => type === 'desk.opened');
const openings = async () => (await opened()).map(({ data }) => data.openedAt);
/** What the outbox makes of the timer's row, each time that it falls due. */
const run = async (to: Instant) => {
  for (let timer = await theTimer(); timer.dueAt <= to; timer = await theTimer()) {
    if (timer.dueAt > desk.clock.now()) goTo(timer.dueAt);
    expect(await fire(timer)).toBe(0);
  }
  goTo(to);
};

describe('the timer of the opening', () => {
  it('is due at once when the desk’s hours are set, and then at its next opening', async () => {
    await put(desk.store.directory, 'calendar', { id: 'default', ...defaultCalendar });
    expect((await theTimer()).dueAt).toBe(desk.clock.now());
    await fire(await theTimer());
    expect((await theTimer()).dueAt).toBe(tuesday);
    expect(await openings()).toEqual([]);
  });

  it('tells of each opening once, at its instant, in the desk’s own chain', async () => {
    await run('2026-01-09T02:00:00.000Z');
    expect(await openings()).toEqual([tuesday, wednesday, '2026-01-08T14:00:00.000Z']);
    const [first] = await opened();
    expect(first).toMatchObject({
      ...{ at: tuesday, ticket: null, partner: null, internal: false, actor: system },
      text: 'The desk is open until 20:00 ET.',
      data: {
        openedAt: tuesday,
        closesAt: '2026-01-07T01:00:00.000Z',
        calendar: 'default',
        timezone: 'America/New_York',
      },
    });
    expect(verifyChain(await desk.store.log.events(0, 100), await desk.store.log.head())).toEqual([]);
  });

  it('tells once, however often and however much at once its message comes, and whoever else looks', async () => {
    await run('2026-01-06T13:00:00.000Z');
    const timer = await theTimer();
    goTo(tuesday);
    const [returned] = await Promise.all([fire(timer, timer), fire(timer), check(), check()]);
    expect(returned).toBe(0);
    await fire(timer);
    await check();
    expect(await openings()).toEqual([tuesday]);
    expect((await theTimer()).dueAt).toBe(wednesday);
  });

  it('tells in spite of conflicts', async () => {
    await run('2026-01-06T13:00:00.000Z');
    goTo(tuesday);
    desk.faults.nextConflicts = 3;
    expect(await fire(await theTimer())).toBe(0);
    expect(await openings()).toEqual([tuesday]);
  });

  it('is dropped where the desk does not open any more, and set anew with new hours', async () => {
    await put(desk.store.directory, 'calendar', { id: 'default', timezone: 'UTC', week: {} });
    await fire(await theTimer());
    expect(await desk.store.timers.read(openingKey)).toBeNull();
    await put(desk.store.directory, 'calendar', { id: 'default', ...defaultCalendar });
    await run(tuesday);
    expect(await openings()).toEqual([tuesday]);
  });
});

describe('the watch every five minutes', () => {
  it('sets the timer of a desk that has none, and tells what was not told while the desk is open', async () => {
    await run('2026-01-06T13:00:00.000Z');
    await desk.documents.send(new DeleteCommand({ TableName: desk.table, Key: timerKey(openingKey) }));
    await check();
    expect((await theTimer()).dueAt).toBe(tuesday);
    // Nothing ran for two days.
    goTo('2026-01-08T16:00:00.000Z');
    await check();
    await check();
    expect(await openings()).toEqual(['2026-01-08T14:00:00.000Z']);
    expect((await theTimer()).dueAt).toBe('2026-01-09T14:00:00.000Z');
  });

  it('mends the timer of a clock that was put back by weeks', async () => {
    await run('2026-01-06T15:00:00.000Z');
    goTo('2025-12-22T15:00:00.000Z');
    await check();
    await run('2025-12-23T15:00:00.000Z');
    expect(await openings()).toEqual([tuesday, '2025-12-23T14:00:00.000Z']);
  });

  it('writes nothing while all is as it was', async () => {
    await run('2026-01-06T16:00:00.000Z');
    await check();
    desk.requests.length = 0;
    await check();
    expect(desk.requests.filter(({ operation }) => /Put|Update|Delete|Write/.test(operation))).toEqual([]);
  });
});

describe('a change of the hours', () => {
  it('moves the next opening at once', async () => {
    await run('2026-01-06T13:00:00.000Z');
    const before = await theTimer();
    const day = [['08:30', '20:00']] as const;
    const week = { mon: day, tue: day, wed: day, thu: day, fri: day };
    await put(desk.store.directory, 'calendar', { id: 'default', ...defaultCalendar, week });
    await run(tuesday);
    await fire(before);
    expect(await openings()).toEqual(['2026-01-06T13:30:00.000Z']);
  });

  it('is also that another calendar is the staffed one', async () => {
    const { directory } = desk.store;
    await run('2026-01-06T13:00:00.000Z');
    await put(directory, 'calendar', { id: 'noon', timezone: 'UTC', week: { tue: [['17:00', '18:00']] } });
    const provider = await directory.provider();
    if (!provider) throw new Error('the desk is set up');
    await putProvider(directory, { ...provider, calendar: 'noon' });
    await run('2026-01-06T19:00:00.000Z');
    expect((await opened()).map(({ data }) => data)).toMatchObject([
      { openedAt: '2026-01-06T17:00:00.000Z', calendar: 'noon', timezone: 'UTC' },
    ]);
  });

  it('that comes into the middle of a look is seen by it', async () => {
    await run('2026-01-06T13:00:00.000Z');
    const { directory, log } = desk.store;
    const { head } = log;
    const audit = { by: system, key: null };
    const later = { ...defaultCalendar, id: 'default', week: { tue: [['10:00', '20:00']] as const } };
    const timer = makeTimer({
      ...{ clock: desk.clock, random },
      store: {
        ...desk.store,
        log: {
          ...log,
          async head() {
            const read = await head();
            if (desk.clock.now() === tuesday && read.seq === 0)
              await directory.change('calendar', 'default', () => later, audit);
            return read;
          },
        },
      },
    });
    const first = await theTimer();
    goTo(tuesday);
    await deliver(timer, timerMessageOf(first));
    await run('2026-01-06T16:00:00.000Z');
    expect(await openings()).toEqual(['2026-01-06T15:00:00.000Z']);
  });
});

describe('who is told', () => {
  it('everybody who asked: the desk’s own endpoints and each partner’s, once each', async () => {
    const { store, clock } = desk;
    const partners = Array.from({ length: 60 }, (_, n) => `p${n}`);
    for (const id of partners) {
      await put(store.directory, 'partner', { id, name: id, plan: 'default', createdAt: clock.now() });
    }
    const asked = { eventTypes: ['desk.*'] };
    await store.webhooks.create(anEndpoint('desk', { ...asked, partner: null }));
    await store.webhooks.create(anEndpoint('first', { ...asked, partner: 'p0' }));
    await store.webhooks.create(anEndpoint('all', { partner: 'p0', eventTypes: ['*'] }));
    await store.webhooks.create(anEndpoint('others', { partner: 'p7', eventTypes: ['ticket.*'] }));
    await store.webhooks.create(anEndpoint('last', { ...asked, partner: 'p59' }));
    await run(tuesday);
    const [event] = await opened();
    if (!event) throw new Error('it has opened');
    const { salt: _, ...told } = event;
    const spread = makeSpread({ store, clock });
    const message = { kind: 'event', event: told };
    expect(await deliver(spread, message, message)).toBe(0);
    expect(await deliver(spread, message)).toBe(0);
    const made = (await desk.rows()).filter((row) => 'attempts' in row) as unknown as WebhookDelivery[];
    expect(made.map(({ endpoint }) => endpoint).sort()).toEqual(['all', 'desk', 'first', 'last']);
    for (const { body } of made) webhookBody('desk.opened').parse(JSON.parse(body));
  });
});
