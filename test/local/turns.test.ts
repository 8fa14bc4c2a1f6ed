import { expect, it } from 'vitest';
import type { Plan } from '../../infra/local/template/plan.ts';
import { makesRoom, placeOf, Turns } from '../../infra/local/worker/turns.ts';

/** Takes a turn and says so; what it resolves with ends it. */
async function begin(turns: Turns, place: 0 | 1 | 2, begun: string[], name: string): Promise<() => void> {
  const passOn = await turns.take(place);
  begun.push(name);
  return passOn;
}
const laterOn = () => new Promise((resolve) => setImmediate(resolve));

it('begins two at a time, and then what pages people before what asks', async () => {
  const turns = new Turns(2);
  const begun: string[] = [];
  const [first, second] = [begin(turns, 1, begun, 'press 1'), begin(turns, 1, begun, 'press 2')];
  const others = [
    begin(turns, 1, begun, 'press 3'),
    begin(turns, 0, begun, 'page 1'),
    begin(turns, 0, begun, 'page 2'),
  ];
  await laterOn();
  expect(begun).toEqual(['press 1', 'press 2']);
  (await first)();
  (await second)();
  for (const other of [1, 2, 0]) (await others[other])?.();
  expect(begun.slice(2)).toEqual(['page 1', 'page 2', 'press 3']);
});

it('begins webhooks beside what asks, two at a time, one while others wait, none while somebody is paged', async () => {
  const turns = new Turns(2);
  const begun: string[] = [];
  const page = await begin(turns, 0, begun, 'page 1');
  const press = begin(turns, 1, begun, 'press 1');
  const webhooks = [1, 2, 3, 4].map((n) => begin(turns, 2, begun, `webhook ${n}`));
  await laterOn();
  expect(begun).toEqual(['page 1', 'press 1']);
  page();
  await laterOn();
  expect(begun.slice(2)).toEqual(['webhook 1', 'webhook 2']);
  const presses = [2, 3].map((n) => begin(turns, 1, begun, `press ${n}`));
  await laterOn();
  expect(begun.slice(4)).toEqual(['press 2']);
  (await webhooks[0])?.();
  await laterOn();
  expect(begun.slice(5)).toEqual([]);
  (await webhooks[1])?.();
  await laterOn();
  expect(begun.slice(5)).toEqual(['webhook 3']);
  (await press)();
  await laterOn();
  expect(begun.slice(6)).toEqual(['press 3', 'webhook 4']);
  for (const done of presses) (await done)();
  const next = await begin(turns, 0, begun, 'page 2');
  const last = begin(turns, 2, begun, 'webhook 5');
  (await webhooks[2])?.();
  (await webhooks[3])?.();
  await laterOn();
  expect(begun.slice(8)).toEqual(['page 2']);
  next();
  (await last)();
  expect(begun.slice(9)).toEqual(['webhook 5']);
});

it('passes on the turn of one that takes long, once', async () => {
  const turns = new Turns(1);
  const slow = await turns.take(0);
  const next = await turns.take(1);
  slow();
  let third = false;
  const after = turns.take(0).then((passOn) => {
    third = true;
    return passOn;
  });
  await laterOn();
  expect(third).toBe(false);
  next();
  (await after)();
});

it('makes room beside what asks and beside webhooks that take long, never beside timers and pages', () => {
  expect(([0, 1, 2] as const).map(makesRoom)).toEqual([false, true, true]);
});

it('finds the places in the template', () => {
  const plan = {
    consumers: [
      { functionName: 'pages', maxConcurrency: null },
      { functionName: 'webhooks', maxConcurrency: 20 },
    ],
    api: { routes: [{ functionName: 'api' }] },
  } as unknown as Plan;
  expect(['pages', 'outbox', 'api', 'webhooks'].map((name) => placeOf(name, plan))).toEqual([0, 0, 1, 2]);
});
