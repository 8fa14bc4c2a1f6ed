import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Case, decided, nothingToDo } from '../../shared/domain/decision.ts';
import { verifyChain } from '../../shared/store/chain.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import { aNumber, anEscalation, anEvent, aPage, aTicket, creation } from './samples.ts';
import { seed } from './seed.ts';
import { start, type World, world } from './world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
beforeEach(() => {
  w.requests.length = 0;
});

const create = (change = {}): Promise<Case> => w.store.cases.commit(null, creation(aTicket(change)), start);
const conflictOf = async (work: Promise<unknown>): Promise<readonly string[]> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Conflict)) throw new Error('expected a Conflict', { cause: error });
  return error.failed;
};

/** A case whose escalation pages one person, with the page's timer. */
async function paging(): Promise<Case> {
  const before = await create();
  const escalation = anEscalation(before.ticket);
  const page = aPage(escalation);
  const home = { partner: before.ticket.partner, ticket: before.ticket.number };
  return w.store.cases.commit(
    before,
    decided(before, {
      escalation,
      pages: [{ add: page }],
      events: [anEvent({ type: 'escalation.started' }), anEvent({ type: 'escalation.paged' })],
      timers: [{ set: { home, subject: page.id, kind: 'send_by', dueAt: start, generation: 2 } }],
    }),
    start,
  );
}

describe('creating a ticket', () => {
  test('is one TransactWriteItems and nothing else', async () => {
    await create();
    w.requests.length = 0;
    await create();
    expect(w.requests.map(({ operation }) => operation)).toEqual(['TransactWriteItems']);
  });

  test('consumes no more when the table holds thousands of tickets', async () => {
    const units = async () => {
      w.requests.length = 0;
      await create();
      return w.requests.reduce((sum, request) => sum + request.units, 0);
    };
    await create();
    const few = await units();
    await seed(w, 3_000);
    expect(await units()).toBe(few);
    expect(few).toBeGreaterThan(0);
  });

  test('is refused for a number that any partner has', async () => {
    const { ticket } = await create();
    expect(await conflictOf(create({ number: ticket.number, partner: 'par_other' }))).toEqual([
      'number.unique',
    ]);
    expect(await conflictOf(create({ number: ticket.number }))).toEqual([
      'ticket.new',
      'number.unique',
      'event.new',
    ]);
  });

  test('gives version 1 and the head of its chain, and reads back as committed', async () => {
    const committed = await create();
    expect(committed.ticket).toMatchObject({ version: 1, seq: 1 });
    expect(await w.store.cases.read(committed.ticket)).toEqual(committed);
  });
});

describe('a commit', () => {
  test('writes ticket, escalation, pages, events and timers, and reads back as committed', async () => {
    const committed = await paging();
    expect(await w.store.cases.read(committed.ticket)).toEqual(committed);
    expect(committed.ticket).toMatchObject({ version: 2, seq: 3 });
    const { data } = await w.store.cases.events(committed.ticket, { limit: 10 });
    expect(data.map(({ type, seq }) => [seq, type])).toEqual([
      [1, 'ticket.created'],
      [2, 'escalation.started'],
      [3, 'escalation.paged'],
    ]);
    expect(verifyChain(data, committed.ticket)).toEqual([]);
  });

  test('on an older version is a Conflict that names the version, and writes nothing', async () => {
    const before = await create();
    const change = () => w.store.cases.commit(before, decided(before, { events: [anEvent()] }), start);
    await change();
    expect(await conflictOf(change())).toEqual(['ticket.version', 'event.new']);
    expect((await w.store.cases.events(before.ticket, { limit: 10 })).data).toHaveLength(2);
  });

  test('on a page that moved meanwhile is a Conflict that names what moved', async () => {
    const before = await paging();
    const [page] = before.pages;
    if (!page) throw new Error('no page');
    const claim = { id: 'clm_1', until: start };
    await w.store.pages.commit({ page: { ...page, state: 'sending', claim }, from: page, timers: [] }, start);
    const voided = { change: { ...page, state: 'void' as const }, from: page };
    expect(
      await conflictOf(w.store.cases.commit(before, decided(before, { pages: [voided] }), start)),
    ).toEqual(['page.state', 'page.claim']);
    expect(await w.store.pages.read(page.home, page.id)).toMatchObject({ state: 'sending', claim });
  });

  test('that meets another transaction is a Conflict that says that the row was busy', async () => {
    const before = await create();
    w.faults.nextConflicts = 1;
    expect(await conflictOf(w.store.cases.commit(before, decided(before, {}), start))).toEqual([
      'ticket.busy',
    ]);
  });

  test('whose answer was lost is found done by the retry, not taken for a Conflict', async () => {
    const before = await create();
    w.faults.nextLostAnswers = 1;
    const committed = await w.store.cases.commit(before, decided(before, { events: [anEvent()] }), start);
    expect(w.faults.nextLostAnswers).toBe(0);
    expect(await w.store.cases.read(before.ticket)).toEqual(committed);
  });

  test('without an event changes the ticket all the same', async () => {
    const before = await create();
    const ticket = { ...before.ticket, subject: 'Changed' };
    const after = await w.store.cases.commit(before, decided(before, { ticket }), start);
    expect(after.ticket).toEqual({ ...ticket, version: 2 });
    expect(await w.store.cases.ticket(ticket)).toEqual(after.ticket);
  });

  test('of what is unchanged writes nothing', async () => {
    const before = await create();
    w.requests.length = 0;
    expect(await w.store.cases.commit(before, nothingToDo(before), start)).toEqual(before);
    expect(w.requests).toEqual([]);
  });

  test('leaves out a page that the case has already, and folds two changes of one timer', async () => {
    const before = await paging();
    const [page] = before.pages;
    if (!page) throw new Error('no page');
    const home = { partner: before.ticket.partner, ticket: before.ticket.number };
    const timer = { home, subject: page.id, kind: 'send_by' as const, dueAt: start, generation: 9 };
    await w.store.cases.commit(
      before,
      decided(before, {
        pages: [{ add: { ...page, text: 'again' } }],
        timers: [{ clear: timer }, { set: timer }],
      }),
      start,
    );
    expect(await w.store.pages.read(page.home, page.id)).toEqual(page);
    expect(await w.store.timers.read(timer)).toEqual(timer);
  });

  test('of more than 100 items says so', async () => {
    const before = await create();
    const events = Array.from({ length: 100 }, () => anEvent());
    await expect(w.store.cases.commit(before, decided(before, { events }), start)).rejects.toThrow(
      'A transaction of 101 items',
    );
  });

  test('marks for the outbox events, timers and queued pages, and nothing else', async () => {
    const { ticket, pages } = await paging();
    const [page] = pages;
    if (!page) throw new Error('no page');
    const pk = `P#par_acme#T#${ticket.number}`;
    const mark = async (sk: string) => {
      const { Item } = await w.documents.send(new GetCommand({ TableName: w.table, Key: { pk, sk } }));
      return Item === undefined ? 'absent' : (Item.outbox ?? null);
    };
    expect(await mark('TICKET')).toBeNull();
    expect(await mark('ESC#0001')).toBeNull();
    expect(await mark('CHAIN#00000003')).toBe('event');
    expect(await mark(`TIMER#send_by#${page.id}`)).toBe('timer');
    expect(await mark('ESC#0001#PAGE#0001')).toBe('page');
    await w.store.pages.commit({ page: { ...page, state: 'void' }, from: page, timers: [] }, start);
    expect(await mark('ESC#0001#PAGE#0001')).toBeNull();
  });
});

describe('the night count', () => {
  const night = '2026-01-06T14:00:00.000Z';
  const press = async (partner: string, cap: number) => {
    const before = await create({ partner, number: aNumber() });
    return w.store.cases.commit(before, decided(before, { night: { partner, night, cap } }), start);
  };

  test('rises with each escalation side by side, and at the cap one more is a Conflict', async () => {
    await Promise.all([press('par_night', 2), press('par_night', 2)]);
    expect(await conflictOf(press('par_night', 2))).toEqual(['night.cap']);
    expect(await w.store.cases.nightCount('par_night', night)).toBe(2);
    expect(await w.store.cases.nightCount('par_quiet', night)).toBe(0);
  });
});
