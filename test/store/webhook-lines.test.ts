import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { addSeconds } from '../../shared/domain/time.ts';
import type { LineRun } from '../../shared/store/webhooks/types.ts';
import { aDelivery, anEvent, aTicket, creation } from './samples.ts';
import { start, type World, world } from './world.ts';

let w: World;
beforeEach(async () => {
  w = await world();
});

const join = (id: string, seconds = 0, trigger: 'event' | 'recovery' = 'event') =>
  w.store.webhooks.joinLine(
    [aDelivery(id, { trigger, queuedAt: addSeconds(start, seconds) })],
    addSeconds(start, seconds),
  );
const runRow = async () => {
  const Key = { pk: 'LINE#whk_1', sk: 'RUN' };
  return (await w.documents.send(new GetCommand({ TableName: w.table, Key }))).Item;
};
const claim = async (at = start): Promise<LineRun> => {
  const run = await w.store.webhooks.claimRun('whk_1', Number((await runRow())?.turn), 'me', at);
  if (run === null || run === 'taken') throw new Error(`the run is ${run}`);
  return run;
};
const waiting = async () => (await w.store.webhooks.firstInLine('whk_1', 10)).map(({ delivery }) => delivery);
const leaveAll = async () => {
  for (const { place } of await w.store.webhooks.firstInLine('whk_1', 10))
    await w.store.webhooks.leaveLine('whk_1', place);
};
const of = { endpoint: 'whk_1', partner: 'par_acme' };
const guard = { home: of, subject: 'whk_1', kind: 'line' } as const;

describe('a line', () => {
  test('is first come, first served, and what is recovered stands behind what is fresh', async () => {
    await join('whd_recovered', 0, 'recovery');
    await join('whd_second', 2);
    await join('whd_first', 1);
    expect(await waiting()).toEqual(['whd_first', 'whd_second', 'whd_recovered']);
    expect(await w.store.webhooks.firstInLine('whk_1', 1)).toHaveLength(1);
  });

  test('has one run, however many join, and one who is at it', async () => {
    await Promise.all([join('whd_1'), join('whd_2'), join('whd_3')]);
    expect(await runRow()).toMatchObject({ outbox: 'line' });
    const run = await claim();
    expect(await w.store.webhooks.claimRun('whk_1', run.turn, 'you', start)).toBe('taken');
    expect((await runRow())?.outbox).toBeUndefined();
    await join('whd_4');
    expect((await runRow())?.outbox).toBeUndefined();
  });

  test('that was left by a run that died is taken up by its message when that comes back', async () => {
    await join('whd_1');
    const { turn } = await claim();
    expect(await w.store.webhooks.claimRun('whk_1', turn, 'you', addSeconds(start, 60))).toMatchObject({
      by: 'you',
    });
  });

  test('goes on for another turn while somebody stands in it, and then ends', async () => {
    await join('whd_1');
    const run = await claim();
    await w.store.webhooks.endRun({ ...run, hanging: true }, start);
    expect(await runRow()).toMatchObject({ turn: run.turn + 1, outbox: 'line', by: null });
    const next = await claim();
    expect(next.hanging).toBe(true);
    await leaveAll();
    await w.store.webhooks.endRun(next, start);
    expect(await runRow()).toBeUndefined();
    // It finds nobody in line, and does nothing.
    expect(await w.store.timers.read(guard)).toMatchObject({ generation: next.turn });
    expect(await w.store.webhooks.runAgain(of, next.turn, addSeconds(start, 120))).toEqual([]);
    expect(await runRow()).toBeUndefined();
  });

  test('whose run died between its end and its last look is begun again by its guard', async () => {
    await join('whd_1');
    const { turn } = await claim();
    const Key = { pk: 'LINE#whk_1', sk: 'RUN' };
    await w.documents.send(new DeleteCommand({ TableName: w.table, Key }));
    expect(await w.store.webhooks.runAgain(of, turn, addSeconds(start, 120))).toHaveLength(1);
    const { turn: next, outbox } = (await runRow()) ?? {};
    expect(outbox).toBe('line');
    expect(await w.store.timers.read(guard)).toMatchObject({ generation: next });
  });

  test('forgets nobody who joins at whatever instant of its end', async () => {
    for (let n = 0; n < 20; n++) {
      await join(`whd_before${n}`);
      const run = await claim();
      await leaveAll();
      await Promise.all([w.store.webhooks.endRun(run, start), join(`whd_meanwhile${n}`)]);
      const left = await waiting();
      expect(left.length === 0 || (await runRow()) !== undefined).toBe(true);
      if (left.length > 0) {
        const last = await claim();
        await leaveAll();
        await w.store.webhooks.endRun(last, start);
      }
      expect(await runRow()).toBeUndefined();
    }
  });

  test('whose message was lost is begun again by its guard, once', async () => {
    await join('whd_1');
    const turn = Number((await runRow())?.turn);
    expect(await w.store.timers.read(guard)).toMatchObject({
      generation: turn,
      dueAt: addSeconds(start, 120),
    });
    expect(await w.store.webhooks.runAgain(of, turn, addSeconds(start, 120))).toHaveLength(1);
    expect(await runRow()).toMatchObject({ turn: turn + 1, outbox: 'line' });
    expect(await w.store.webhooks.runAgain(of, turn, addSeconds(start, 120))).toEqual([]);
    expect(await w.store.timers.read(guard)).toMatchObject({ generation: turn + 1 });
  });

  test('is begun all the same when its first two came at the same instant and met', async () => {
    w.faults.nextConflicts = 2;
    await join('whd_1');
    expect(await runRow()).toMatchObject({ outbox: 'line' });
    expect(await waiting()).toEqual(['whd_1']);
    w.faults.nextConflicts = 1;
    const run = await claim();
    await w.store.webhooks.endRun(run, start);
    expect(await runRow()).toMatchObject({ turn: run.turn + 1, outbox: 'line' });
  });

  test('takes all deliveries of an event in one transaction, and has one run each', async () => {
    const of = (n: number) => aDelivery(`whd_${n}`, { endpoint: `whk_${n % 2}`, way: 'line' });
    w.requests.length = 0;
    await w.store.webhooks.addDeliveries([of(1), of(2), of(3), aDelivery('whd_4')], start);
    expect(w.requests.map(({ operation }) => operation)).toEqual([
      ...['TransactWriteItems', 'BatchGetItem', 'TransactWriteItems', 'TransactWriteItems'],
    ]);
    expect(await w.store.webhooks.firstInLine('whk_1', 10)).toHaveLength(2);
    expect(await w.store.webhooks.firstInLine('whk_0', 10)).toHaveLength(1);
    // One of them alone being there takes none from the others.
    await w.store.webhooks.addDeliveries([of(1), of(5), of(6)], start);
    expect(await w.store.webhooks.firstInLine('whk_1', 10)).toHaveLength(3);
    expect(await w.store.webhooks.delivery('whd_6')).toMatchObject({ status: 'queued' });
  });

  test('costs an event that comes again one try and one read, when all of its deliveries are there', async () => {
    const all = Array.from({ length: 20 }, (_, n) => aDelivery(`whd_${n}`));
    await w.store.webhooks.addDeliveries(all, start);
    w.requests.length = 0;
    await w.store.webhooks.addDeliveries(all, start);
    // What fails is not recorded.
    expect(w.requests.map(({ operation }) => operation)).toEqual(['BatchGetItem']);
  });

  test('takes somebody once, however often it joins', async () => {
    await join('whd_1', 1);
    await join('whd_1', 1);
    expect(await waiting()).toEqual(['whd_1']);
  });

  test('takes a delivery whose way it is when it is written, also when the writer came twice', async () => {
    const delivery = aDelivery('whd_1', { way: 'line' });
    await w.store.webhooks.addDeliveries([delivery], start);
    await leaveAll();
    // The endpoint has become quick meanwhile; what counts is how the delivery was written.
    await w.store.webhooks.addDeliveries([aDelivery('whd_1', { way: 'direct' })], start);
    expect(await waiting()).toEqual(['whd_1']);
    await leaveAll();
    await w.store.webhooks.commitDelivery(
      { delivery: { ...delivery, status: 'delivered' }, timers: [] },
      start,
    );
    await w.store.webhooks.addDeliveries([delivery], start);
    expect(await waiting()).toEqual([]);
    const Key = { pk: 'WHD#whd_1', sk: 'DELIVERY' };
    expect(
      (await w.documents.send(new GetCommand({ TableName: w.table, Key }))).Item?.outbox,
    ).toBeUndefined();
  });
});

describe('the deliveries of an endpoint', () => {
  beforeEach(async () => {
    const of = (n: number, status: 'delivered' | 'failed') =>
      aDelivery(`whd_${n}`, { status, createdAt: addSeconds(start, n) });
    await w.store.webhooks.addDeliveries(
      [of(1, 'delivered'), of(2, 'failed'), of(3, 'delivered'), of(4, 'failed')],
      start,
    );
  });

  test('are listed newest first, all or in one state, page by page', async () => {
    const ids = async (filter: { status?: 'failed'; cursor?: string } = {}) => {
      const page = await w.store.webhooks.deliveries({ endpoint: 'whk_1', limit: 3, ...filter });
      return { ids: page.data.map(({ id }) => id), next: page.nextCursor };
    };
    const first = await ids();
    expect(first.ids).toEqual(['whd_4', 'whd_3', 'whd_2']);
    expect((await ids({ cursor: first.next ?? '' })).ids).toEqual(['whd_1']);
    expect(await ids({ status: 'failed' })).toEqual({ ids: ['whd_4', 'whd_2'], next: null });
  });

  test('come oldest first for a range, and go on after a place', async () => {
    const between = async (since: number, until: number, after: string | null = null) => {
      const found: string[] = [];
      const range = {
        endpoint: 'whk_1',
        since: addSeconds(start, since),
        until: addSeconds(start, until),
        after,
      };
      for await (const page of w.store.webhooks.deliveriesBetween(range, 2))
        found.push(...page.map(({ id }) => id));
      return found;
    };
    expect(await between(2, 3)).toEqual(['whd_2', 'whd_3']);
    expect(await between(0, 9)).toEqual(['whd_1', 'whd_2', 'whd_3', 'whd_4']);
    expect(await between(0, 9, `${addSeconds(start, 2)}#whd_2`)).toEqual(['whd_3', 'whd_4']);
  });

  test('are kept for 30 days', async () => {
    w.clock.advance(30 * 86_400 + 3);
    expect(await w.store.webhooks.delivery('whd_2')).toBeNull();
    expect(await w.store.webhooks.delivery('whd_4')).not.toBeNull();
    const { data } = await w.store.webhooks.deliveries({ endpoint: 'whk_1', limit: 10 });
    expect(data.map(({ id }) => id)).toEqual(['whd_4']);
  });
});

describe('the log of what happened to a partner’s tickets', () => {
  const log = (more: object = {}) =>
    w.store.events.list({ of: 'par_acme', internal: false, limit: 2, ...more });
  const happen = async (at: number, ...events: ReturnType<typeof anEvent>[]) => {
    const ticket = aTicket();
    await w.store.cases.commit(null, creation(ticket, { events }), addSeconds(start, at));
    return ticket.number;
  };

  test('is in order over months, without what is internal, and holds back the last 5 seconds', async () => {
    await happen(0, anEvent({ type: 'ticket.created' }), anEvent({ internal: true }));
    await happen(40 * 86_400, anEvent(), anEvent());
    w.clock.advance(40 * 86_400 + 4);
    const held = await log();
    expect(held.data.map(({ seq }) => seq)).toEqual([1]);
    w.clock.advance(1);
    const rest = await log({ cursor: held.resumeCursor });
    expect(rest.data.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(rest.nextCursor).toBeNull();
    expect((await log({ cursor: rest.resumeCursor })).data).toEqual([]);
    expect((await log({ internal: true, limit: 10 })).data).toHaveLength(4);
    expect((await log({ since: addSeconds(start, 1) })).data).toHaveLength(2);
    expect((await log({ type: 'ticket.created' })).data).toHaveLength(1);
    expect((await log({ of: 'par_other' })).data).toEqual([]);
    await expect(log({ cursor: held.resumeCursor, type: 'ticket.created' })).rejects.toThrow('cursor');
  });

  test('skips nothing that came late, wherever its cursor stood', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let n = 0; n < 12; n++) {
      w.clock.advance(2);
      // Committed up to three seconds after its own time.
      await happen(2 * n - (n % 3), anEvent());
      const page = await log({ limit: 100, ...(cursor && { cursor }) });
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.resumeCursor ?? cursor;
    }
    w.clock.advance(10);
    const page = await log({ limit: 100, cursor });
    seen.push(...page.data.map(({ id }) => id));
    expect(new Set(seen).size).toBe(12);
    expect(seen).toHaveLength(12);
  });

  test('keeps the key that did it, and none for what the desk does of itself', async () => {
    const ticket = aTicket();
    const system = { kind: 'system', id: 'nightdesk', name: 'Nightdesk' } as const;
    await w.store.cases.commit(
      null,
      creation(ticket, { events: [anEvent(), anEvent({ actor: system })] }),
      start,
      {
        key: 'key_1',
      },
    );
    w.clock.advance(5);
    expect((await log()).data.map(({ key }) => key)).toEqual(['key_1', undefined]);
  });
});
