import { expect, test } from 'vitest';
import { aTicket, creation } from './samples.ts';
import { seed } from './seed.ts';
import { start, world } from './world.ts';

test('creating a ticket consumes no more with 100,000 tickets in the table than with 10', async () => {
  const w = await world();
  const units = async () => {
    w.requests.length = 0;
    await w.store.cases.commit(null, creation(aTicket()), start);
    return w.requests.reduce((sum, request) => sum + request.units, 0);
  };
  await units();
  await seed(w, 10);
  const few = await units();
  await seed(w, 100_000);
  expect(await units()).toBe(few);
}, 900_000);
