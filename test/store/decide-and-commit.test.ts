import { beforeEach, expect, test } from 'vitest';
import { type Case, decided, nothingToDo, refuse } from '../../shared/domain/decision.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { Conflict, IdempotencyTaken } from '../../shared/store/conflict.ts';
import { type Command, decideAndCommit } from '../../shared/store/decide-and-commit.ts';
import type { IdempotencyRequest } from '../../shared/store/types/idempotency.ts';
import { anEvent, aTicket, creation } from './samples.ts';
import { start, type World, world } from './world.ts';

let w: World;
let before: Case;
let waits: number[];
beforeEach(async () => {
  w = await world();
  before = await w.store.cases.commit(null, creation(aTicket()), start);
  waits = [];
});

type Facts = { state: Case | null };
const run = (command: Partial<Command<Facts>> = {}, tries?: number) =>
  decideAndCommit(
    {
      store: w.store,
      clock: w.clock,
      random: { ...systemRandom, fraction: () => 0.5 },
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
      },
      ...(tries && { tries }),
    },
    {
      read: async () => ({ state: await w.store.cases.read(before.ticket) }),
      decide: ({ state }) =>
        state ? decided(state, { events: [anEvent()] }) : refuse('ticket_not_found', 'No such ticket.'),
      ...command,
    },
  );
const idempotency: IdempotencyRequest = {
  owner: 'par_acme',
  key: 'k',
  fingerprint: 'f',
  expiresAt: '2027-01-01T00:00:00.000Z',
  answer: ({ ticket }, what) => ({ status: what.unchanged ? 200 : 202, body: ticket.head, headers: {} }),
};

test('what was decided is committed and comes back', async () => {
  const outcome = await run();
  if (outcome.refused) throw new Error('refused');
  expect(outcome.case.ticket.version).toBe(2);
  expect(outcome).toMatchObject({ at: start, decided: { unchanged: false } });
});

test('after a Conflict it is read and decided again, with full jitter that grows to half a second', async () => {
  w.faults.nextConflicts = 8;
  let reads = 0;
  const read = async () => {
    reads += 1;
    return { state: await w.store.cases.read(before.ticket) };
  };
  await run({ read });
  expect(reads).toBe(9);
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 250, 250]);
});

test('a Conflict that does not end is thrown after the last try', async () => {
  w.faults.nextConflicts = 99;
  await expect(run()).rejects.toThrow(Conflict);
  expect(waits).toHaveLength(11);
});

test('writers side by side each get their turn, and none is lost', async () => {
  const one = () =>
    decideAndCommit(
      { store: w.store, clock: w.clock, random: systemRandom, tries: 60 },
      {
        read: async () => ({ state: await w.store.cases.read(before.ticket) }),
        decide: ({ state }) => decided(state ?? before, { events: [anEvent()] }),
      },
    );
  await Promise.all(Array.from({ length: 8 }, one));
  expect((await w.store.cases.ticket(before.ticket))?.seq).toBe(9);
});

test('a refusal is data and writes nothing', async () => {
  w.requests.length = 0;
  const outcome = await run({ read: async () => ({ state: null }) });
  expect(outcome).toEqual({ refused: true, code: 'ticket_not_found', detail: 'No such ticket.' });
  expect(w.requests).toEqual([]);
});

test('what is as it should be comes back as it is', async () => {
  const outcome = await run({ decide: () => nothingToDo(before) });
  expect(outcome).toMatchObject({ refused: false, case: before, decided: { unchanged: true } });
});

test('a repeated request has its first answer, also where its command would now be refused', async () => {
  await run({ idempotency });
  await expect(run({ idempotency })).rejects.toThrow(IdempotencyTaken);
  const now = run({ idempotency, decide: () => refuse('not_active', 'Not any more.') });
  await expect(now).rejects.toMatchObject({ record: { answer: { status: 202 } } });
  expect((await w.store.cases.ticket(before.ticket))?.version).toBe(2);
});
