import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Case, decided } from '../../shared/domain/decision.ts';
import { BadRow } from '../../shared/store/bad-row.ts';
import { aDelivery, anEscalation, anEvent, aPage, aTicket, creation } from './samples.ts';
import { start, type World, world } from './world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
beforeEach(() => {
  w.requests.length = 0;
});

/** The case after one more escalation with so many pages. */
async function escalated(before: Case, ordinal: number, pages: number): Promise<Case> {
  const escalation = anEscalation(before.ticket, ordinal);
  let now = before;
  for (let n = 1; n <= pages; n += 40) {
    const some = Array.from({ length: Math.min(40, pages - n + 1) }, (_, i) => aPage(escalation, n + i));
    now = await w.store.cases.commit(
      now,
      decided(now, { escalation, pages: some.map((add) => ({ add })), events: [anEvent()] }),
      start,
    );
  }
  return now;
}
const create = (): Promise<Case> => w.store.cases.commit(null, creation(aTicket()), start);

test('a case is read in one query, with its latest escalation and only that one’s pages, in order', async () => {
  const first = await escalated(await create(), 1, 12);
  const second = await escalated(first, 2, 11);
  w.requests.length = 0;
  const read = await w.store.cases.read(second.ticket);
  expect(w.requests.map(({ operation, index }) => [operation, index])).toEqual([['Query', null]]);
  expect(read).toEqual(second);
  expect(read?.escalation?.ordinal).toBe(2);
  expect(read?.pages.map(({ id }) => Number(id.split('_').at(-1)))).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ]);
});

test('what reading a case consumes does not grow with its log', async () => {
  const units = async (address: { partner: string; number: string }) => {
    w.requests.length = 0;
    await w.store.cases.read(address);
    return w.requests.reduce((sum, request) => sum + request.units, 0);
  };
  let now = await create();
  const before = await units(now.ticket);
  const events = Array.from({ length: 90 }, () => anEvent({ data: { body: 'x'.repeat(500) } }));
  for (let n = 0; n < 3; n++) now = await w.store.cases.commit(now, decided(now, { events }), start);
  expect(await units(now.ticket)).toBe(before);
});

test('a long night of more pages than one request brings is read whole', async () => {
  const night = await escalated(await create(), 1, 320);
  const read = await w.store.cases.read(night.ticket);
  expect(read).toEqual(night);
  expect(read?.pages).toHaveLength(320);
});

test('an answer with an id of its own lives with its escalation', async () => {
  const before = await escalated(await create(), 1, 1);
  if (!before.escalation) throw new Error('no escalation');
  const answer = aPage(before.escalation, 2, { id: 'ans_msg#1', notice: 'answer', text: 'Taken.' });
  const after = await w.store.cases.commit(before, decided(before, { pages: [{ add: answer }] }), start);
  expect(after.pages).toContainEqual(answer);
  expect(await w.store.cases.read(after.ticket)).toEqual(after);
  expect(await w.store.pages.read(answer.home, answer.id)).toEqual(answer);
});

test('an earlier escalation is read by its id, and only under its own ticket', async () => {
  const first = await escalated(await create(), 1, 3);
  const second = await escalated(first, 2, 1);
  const id = first.escalation?.id ?? '';
  expect(await w.store.cases.escalation(second.ticket, id)).toEqual({
    escalation: first.escalation,
    pages: first.pages,
  });
  const other = await create();
  expect(await w.store.cases.escalation(other.ticket, id)).toBeNull();
  expect(await w.store.cases.escalation(second.ticket, id.replace(/1$/, '3'))).toBeNull();
  expect(await w.store.cases.escalation(second.ticket, 'nonsense')).toBeNull();
});

test('under another partner there is nothing to find', async () => {
  const { ticket } = await escalated(await create(), 1, 1);
  const address = { partner: 'par_other', number: ticket.number };
  expect(await w.store.cases.ticket(address)).toBeNull();
  expect(await w.store.cases.read(address)).toBeNull();
  expect(await w.store.cases.escalation(address, `esc_${ticket.number.replace(/ND-|-/g, '')}_1`)).toBeNull();
  expect((await w.store.cases.events(address, { limit: 10 })).data).toEqual([]);
  const forged = { partner: `par_x#T#${ticket.number}`, number: ticket.number };
  expect(await w.store.cases.ticket(forged)).toBeNull();
});

test('a name of any length or spelling is looked for and not found', async () => {
  for (const id of ['x'.repeat(5_000), '#%#', '☎'.repeat(900)]) {
    expect(await w.store.cases.find(id)).toBeNull();
    expect(await w.store.cases.ticket({ partner: id, number: id })).toBeNull();
    expect(await w.store.directory.staffMember(id)).toBeNull();
    expect(await w.store.webhooks.read(id, id)).toBeNull();
    expect(await w.store.idempotency.read(id, id)).toBeNull();
  }
});

test('a number leads to its partner', async () => {
  const { ticket } = await create();
  expect(await w.store.cases.find(ticket.number)).toEqual({ partner: ticket.partner, number: ticket.number });
  expect(await w.store.cases.find('ND-0000-0000')).toBeNull();
});

test('a row that is not what it should be is an error that names its key and fields, never its values', async () => {
  const ticket = { ...aTicket(), status: 'burning', subject: 7 };
  const key = { pk: `P#${ticket.partner}#T#${ticket.number}`, sk: 'TICKET' };
  await w.documents.send(new PutCommand({ TableName: w.table, Item: { ...ticket, ...key } }));
  const error = await w.store.cases.ticket(ticket).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BadRow);
  expect(error).toMatchObject({ ...key, fields: ['subject invalid_type', 'status invalid_value'] });
  expect(String(error)).not.toContain('burning');
});

test('rows that DynamoDB left out of a batch are asked for again, and not for ever', async () => {
  const ids = ['whd_left1', 'whd_left2'];
  await w.store.webhooks.addDeliveries(
    ids.map((id) => aDelivery(id)),
    start,
  );
  w.requests.length = 0;
  w.faults.nextLeftOut = 3;
  expect((await w.store.webhooks.deliveriesBy(ids)).map(({ id }) => id)).toEqual(ids);
  expect(w.requests.map(({ operation }) => operation)).toEqual(Array(4).fill('BatchGetItem'));
  w.faults.nextLeftOut = 100;
  await expect(w.store.webhooks.deliveriesBy(ids)).rejects.toThrow('DynamoDB left out 2 of 2 rows, 8 times.');
  expect(w.faults.nextLeftOut).toBe(92);
  w.faults.nextLeftOut = 0;
});
