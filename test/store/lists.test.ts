import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { decided } from '../../shared/domain/decision.ts';
import { system } from '../../shared/domain/event.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import { BadCursor } from '../../shared/store/cursor.ts';
import { monthKey } from '../../shared/store/keys.ts';
import { ticketRow } from '../../shared/store/rows.ts';
import type { TicketFilter } from '../../shared/store/types/cases.ts';
import type { Listing } from '../../shared/store/types/listing.ts';
import { anEscalation, aTicket, creation } from './samples.ts';
import { seed } from './seed.ts';
import { start, type World, world } from './world.ts';

let w: World;
const days = 86_400;
/** 40 tickets of par_acme and 20 of par_other, one every three days over half a year, newest last. */
beforeAll(async () => {
  w = await world();
  await seed(w, 60, (n) => ({
    partner: n % 3 === 2 ? 'par_other' : 'par_acme',
    subject: `Ticket ${n}`,
    createdAt: addSeconds(start, n * 3 * days),
    status: n % 10 === 0 ? 'open' : 'closed',
    service: n % 2 === 0 ? 'svc_mail' : null,
    severity: { requested: 'outage', agreed: n % 4 === 0 ? 'degraded' : null },
    externalRef: n % 20 === 1 ? { system: 'jira', id: `OPS-${n % 3}`, url: null } : null,
  }));
});

/** Every page of a list, and how many pages it took. */
async function all<T>(page: (cursor?: string) => Promise<Listing<T>>): Promise<{ data: T[]; pages: number }> {
  const data: T[] = [];
  let cursor: string | undefined;
  for (let pages = 1; ; pages++) {
    const listing = await page(cursor);
    data.push(...listing.data);
    if (listing.nextCursor === null) return { data, pages };
    cursor = listing.nextCursor;
  }
}
const tickets = (filter: Omit<TicketFilter, 'cursor'>) =>
  all((cursor) => w.store.cases.list({ ...filter, ...(cursor && { cursor }) }));
const numbered = ({ data }: { data: { subject: string }[] }) =>
  data.map(({ subject }) => Number(subject.slice(7)));
const down = (keep: (n: number) => boolean) => Array.from({ length: 60 }, (_, n) => 59 - n).filter(keep);

describe('tickets', () => {
  test('of a partner come newest first, page by page, and only its own', async () => {
    const found = await tickets({ partner: 'par_acme', limit: 7 });
    expect(numbered(found)).toEqual(down((n) => n % 3 !== 2));
    expect(found.pages).toBe(6);
  });

  test('of all partners come newest first over the months, without a gap or a repetition', async () => {
    for (const limit of [1, 7, 60, 100])
      expect(numbered(await tickets({ partner: null, limit }))).toEqual(down(() => true));
  });

  test('fill a last page exactly and then end', async () => {
    expect((await tickets({ partner: 'par_acme', limit: 20 })).pages).toBe(2);
  });

  test.each([
    [{ status: 'open' }, (n: number) => n % 10 === 0],
    [{ service: 'svc_mail' }, (n: number) => n % 2 === 0],
    [{ severity: 'degraded' }, (n: number) => n % 4 === 0],
    [{ severity: 'outage' }, (n: number) => n % 4 !== 0],
    [{ q: 'ticket  4' }, (n: number) => String(n).includes('4')],
    [{ externalRef: 'OPS-1' }, (n: number) => n % 20 === 1 && n % 3 === 1],
    [{ externalRef: 'OPS-1', status: 'open' }, () => false],
    [{ externalRef: 'OPS' }, () => false],
  ] satisfies [Partial<TicketFilter>, (n: number) => boolean][])(
    'are filtered by %o',
    async (filter, keep) => {
      // A number or description may hold a 4 too.
      const subjects = async (partner: string | null) =>
        numbered(await tickets({ partner, limit: 3, ...filter })).filter((n) => !('q' in filter) || keep(n));
      expect(await subjects(null)).toEqual(down(keep));
      expect(await subjects('par_acme')).toEqual(down((n) => keep(n) && n % 3 !== 2));
    },
  );

  test('are found by a foreign id without reading the list', async () => {
    w.requests.length = 0;
    await w.store.cases.list({ partner: 'par_acme', externalRef: 'OPS-1', limit: 50 });
    expect(w.requests.map(({ operation }) => operation)).toEqual(['Query', 'BatchGetItem']);
  });

  test('move to another foreign id when theirs changes', async () => {
    const before = await w.store.cases.commit(
      null,
      creation(aTicket({ partner: 'par_ref', externalRef: { system: 'jira', id: 'A', url: null } })),
      start,
    );
    const ticket = { ...before.ticket, externalRef: { system: 'jira', id: 'B', url: null } };
    await w.store.cases.commit(before, decided(before, { ticket }), start);
    const found = async (externalRef: string) =>
      (await w.store.cases.list({ partner: 'par_ref', externalRef, limit: 5 })).data.length;
    expect([await found('A'), await found('B')]).toEqual([0, 1]);
  });

  test('look at a bounded number of rows a page, and go on from there', async () => {
    const full = await world();
    await seed(full, 2_500, (n) => ({
      createdAt: addSeconds(start, n),
      status: n === 0 ? 'open' : 'closed',
    }));
    full.requests.length = 0;
    const filter = { partner: 'par_acme', status: 'open', limit: 10 } as const;
    const first = await full.store.cases.list(filter);
    expect(first.data).toEqual([]);
    expect(full.requests.length).toBeLessThanOrEqual(5);
    const { data, pages } = await all((cursor) =>
      full.store.cases.list({ ...filter, ...(cursor && { cursor }) }),
    );
    expect(data).toHaveLength(1);
    expect(pages).toBeLessThanOrEqual(4);
  });

  test('show the rest when one row cannot be read, and report that one', async () => {
    const bad = { ...aTicket({ partner: 'par_bad' }), status: 'burning' };
    const row = { ...ticketRow(aTicket({ partner: 'par_bad' })), ...bad };
    const { sk, pk } = { pk: `P#par_bad#T#${bad.number}`, sk: 'TICKET' };
    await w.documents.send(
      new PutCommand({ TableName: w.table, Item: { ...row, pk, sk, listSk: `${start}#${bad.number}` } }),
    );
    await w.store.cases.commit(null, creation(aTicket({ partner: 'par_bad' })), start);
    const { data } = await w.store.cases.list({ partner: 'par_bad', limit: 10 });
    expect(data).toHaveLength(1);
    expect(w.badRows.map((badRow) => badRow.pk)).toEqual([pk]);
  });
});

describe('escalations', () => {
  test('come newest first over the months, by state', async () => {
    const own = await world();
    for (let n = 0; n < 9; n++) {
      const before = await own.store.cases.commit(null, creation(aTicket()), start);
      const startedAt = addSeconds(start, n * 20 * days);
      const escalation = anEscalation(before.ticket, 1, {
        startedAt,
        detail: String(n),
        state: n % 3 === 0 ? 'exhausted' : 'paging',
      });
      await own.store.cases.commit(before, decided(before, { escalation }), start);
    }
    const found = async (filter: { state?: 'paging' | 'exhausted' }) => {
      const { data } = await all((cursor) =>
        own.store.cases.escalations({ ...filter, limit: 2, ...(cursor && { cursor }) }),
      );
      return data.map(({ detail }) => Number(detail));
    };
    expect(await found({})).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(await found({ state: 'exhausted' })).toEqual([6, 3, 0]);
  });
});

describe('a cursor', () => {
  const first = async (filter: Omit<TicketFilter, 'limit'>) => {
    const { nextCursor } = await w.store.cases.list({ ...filter, limit: 2 });
    return nextCursor ?? '';
  };

  test('is refused by any other list, filter or partner', async () => {
    const cursor = await first({ partner: 'par_acme' });
    const elsewhere = [
      w.store.cases.list({ partner: 'par_other', limit: 2, cursor }),
      w.store.cases.list({ partner: null, limit: 2, cursor }),
      w.store.cases.list({ partner: 'par_acme', status: 'open', limit: 2, cursor }),
      w.store.cases.escalations({ limit: 2, cursor }),
      w.store.keys.list({ limit: 2, cursor }),
      w.store.directory.partners({ limit: 2, cursor }),
      w.store.cases.events({ partner: 'par_acme', number: 'ND-6PC7-PS9V' }, { limit: 2, cursor }),
    ];
    for (const list of elsewhere) await expect(list).rejects.toThrow(BadCursor);
  });

  test('that is nonsense is refused, never a failure of the database', async () => {
    const cursor = await first({ partner: 'par_acme' });
    const forged = Buffer.from(`${Buffer.from(cursor, 'base64url').toString().slice(0, 16)}~~~`).toString(
      'base64url',
    );
    for (const nonsense of ['', 'x', '☎', cursor.slice(0, 20), 'a'.repeat(3_000)])
      await expect(w.store.cases.list({ partner: 'par_acme', limit: 2, cursor: nonsense })).rejects.toThrow(
        BadCursor,
      );
    const { data } = await w.store.cases.list({ partner: 'par_acme', limit: 50, cursor: forged });
    expect(data.every(({ partner }) => partner === 'par_acme')).toBe(true);
  });

  test('holds no key of the table', async () => {
    const text = Buffer.from(await first({ partner: null }), 'base64url').toString();
    expect(text).not.toMatch(/P#|par_/);
  });
});

test('events come oldest first, page by page', async () => {
  let before = await w.store.cases.commit(null, creation(aTicket()), start);
  for (let n = 0; n < 10; n++)
    before = await w.store.cases.commit(
      before,
      decided(before, {
        events: [{ type: 'ticket.updated', actor: { kind: 'system', id: 'x', name: 'x' }, data: {} }],
      }),
      start,
    );
  const { data, pages } = await all((cursor) =>
    w.store.cases.events(before.ticket, { limit: 4, ...(cursor && { cursor }) }),
  );
  expect(data.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(pages).toBe(3);
});

describe('lists of what is long', () => {
  const long = '\u20ac'.repeat(60_000);
  const bytes = ({ data }: { data: unknown }) => Buffer.byteLength(JSON.stringify(data));
  /** Every page within what a function may answer, and nothing left out. */
  async function paged<T>(page: (cursor?: string) => Promise<Listing<T>>): Promise<number> {
    const sizes: number[] = [];
    const { data } = await all(async (cursor) => {
      const listing = await page(cursor);
      sizes.push(bytes(listing));
      return listing;
    });
    expect(Math.max(...sizes)).toBeLessThan(2_400_000);
    expect(sizes.length).toBeGreaterThan(1);
    return data.length;
  }

  test('end their pages before they are too long to be answered, and go on there', async () => {
    const own = await world();
    const externalRef = { system: 'psa', id: 'LONG', url: null };
    await seed(own, 15, (n) => ({ createdAt: addSeconds(start, n), description: long, externalRef }));
    for (const filter of [{ partner: 'par_acme' }, { partner: null }, { partner: null, externalRef: 'LONG' }])
      expect(
        await paged((cursor) => own.store.cases.list({ ...filter, limit: 100, ...(cursor && { cursor }) })),
      ).toBe(15);
    expect(
      await paged((cursor) =>
        own.store.cases.list({ partner: null, q: 'mail', limit: 100, ...(cursor && { cursor }) }),
      ),
    ).toBe(15);
  });

  test('of events do so, too: those of a ticket and those of a partner', async () => {
    const own = await world();
    let before = await own.store.cases.commit(null, creation(aTicket()), start);
    for (let n = 0; n < 14; n++)
      before = await own.store.cases.commit(
        before,
        decided(before, {
          events: [{ type: 'ticket.commented', actor: system, data: { comment: { body: long } } }],
        }),
        start,
      );
    own.clock.advance(10);
    const of = { of: 'par_acme', internal: false, limit: 100 };
    for (const list of [
      (more: object) => own.store.cases.events(before.ticket, { limit: 100, ...more }),
      (more: object) => own.store.events.list({ ...of, ...more }),
    ])
      expect(await paged((cursor) => list(cursor === undefined ? {} : { cursor }))).toBe(15);
  });
});

test('a month is noted once by a process, and known to all', async () => {
  const { pk } = monthKey('');
  expect(pk).toBe('MONTHS');
  w.requests.length = 0;
  for (let n = 0; n < 3; n++)
    await w.store.cases.commit(null, creation(aTicket({ createdAt: '2031-05-01T00:00:00.000Z' })), start);
  expect(w.requests.filter(({ operation }) => operation === 'PutItem')).toHaveLength(1);
  const { data } = await w.another().cases.list({ partner: null, limit: 5 });
  expect(data.filter(({ createdAt }) => createdAt.startsWith('2031'))).toHaveLength(3);
});
