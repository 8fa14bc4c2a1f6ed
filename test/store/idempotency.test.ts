import { beforeEach, describe, expect, test } from 'vitest';
import { nothingToDo } from '../../shared/domain/decision.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import { IdempotencyTaken } from '../../shared/store/conflict.ts';
import type { IdempotencyRequest } from '../../shared/store/types/idempotency.ts';
import { aTicket, creation } from './samples.ts';
import { start, type World, world } from './world.ts';

let w: World;
beforeEach(async () => {
  w = await world();
});

const day = 86_400;
const request = (change: Partial<IdempotencyRequest> = {}): IdempotencyRequest => ({
  owner: 'par_acme',
  key: 'key #1 ☎',
  fingerprint: 'f'.repeat(64),
  expiresAt: addSeconds(start, day),
  answer: ({ ticket }) => ({
    status: 201,
    body: `${ticket.number} v${ticket.version} ${ticket.head}`,
    headers: {},
  }),
  ...change,
});

describe('the record of a commit', () => {
  test('is in the same transaction, with the answer built from what was committed', async () => {
    w.requests.length = 0;
    const { ticket } = await w.store.cases.commit(null, creation(aTicket()), start, {
      idempotency: request(),
    });
    expect(w.requests.filter(({ operation }) => operation === 'TransactWriteItems')).toHaveLength(1);
    expect(await w.store.idempotency.read('par_acme', 'key #1 ☎')).toEqual({
      owner: 'par_acme',
      key: 'key #1 ☎',
      fingerprint: 'f'.repeat(64),
      expiresAt: addSeconds(start, day),
      answer: { status: 201, body: `${ticket.number} v1 ${ticket.head}`, headers: {} },
    });
    expect(await w.store.idempotency.read('par_other', 'key #1 ☎')).toBeNull();
  });

  test('stops a second effect, and the first answer comes with the error', async () => {
    const first = await w.store.cases.commit(null, creation(aTicket()), start, { idempotency: request() });
    const ticket = aTicket();
    const second = w.store.cases.commit(null, creation(ticket), start, { idempotency: request() });
    const error = await second.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(IdempotencyTaken);
    expect(error).toMatchObject({
      record: { answer: { body: expect.stringContaining(first.ticket.number) } },
    });
    expect(await w.store.cases.ticket(ticket)).toBeNull();
  });

  test('is kept for what was unchanged too', async () => {
    const before = await w.store.cases.commit(null, creation(aTicket()), start);
    await w.store.cases.commit(before, nothingToDo(before), start, { idempotency: request() });
    expect(await w.store.idempotency.read('par_acme', 'key #1 ☎')).not.toBeNull();
    expect((await w.store.cases.ticket(before.ticket))?.version).toBe(1);
  });

  test('ends when it expires, though DynamoDB has not deleted it', async () => {
    await w.store.cases.commit(null, creation(aTicket()), start, { idempotency: request() });
    w.clock.advance(day);
    expect(await w.store.idempotency.read('par_acme', 'key #1 ☎')).toBeNull();
    const at = w.clock.now();
    const idempotency = request({ expiresAt: addSeconds(at, day), fingerprint: 'e'.repeat(64) });
    await w.store.cases.commit(null, creation(aTicket()), at, { idempotency });
    expect(await w.store.idempotency.read('par_acme', 'key #1 ☎')).toMatchObject({
      fingerprint: 'e'.repeat(64),
    });
  });
});

test('a record by itself is put once', async () => {
  const record = { ...request(), answer: { status: 201, body: '{}', headers: { location: '/v1/x' } } };
  await w.store.idempotency.put(record);
  await expect(w.store.idempotency.put(record)).rejects.toThrow(IdempotencyTaken);
  expect(await w.store.idempotency.read('par_acme', 'key #1 ☎')).toEqual(record);
});
