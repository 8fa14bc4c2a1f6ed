import { afterEach, expect, it } from 'vitest';
import { openClock } from '../../infra/local/clock/clock.ts';
import { openMemory } from '../../infra/local/memory.ts';
import { MessagingHost } from '../../infra/local/queues/host.ts';
import { Consumer } from '../../infra/local/sources/consumer.ts';
import type { FunctionPlan } from '../../infra/local/template/plan.ts';
import type { Outcome } from '../../infra/local/worker/pool.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A queue, and a function that begins and ends when it is told. */
async function consuming({ capacity = 1 } = {}) {
  const host = await MessagingHost.open(null, () => null);
  const queue = host.ensureQueue('work', 'arn:work', { VisibilityTimeout: '60' });
  const calls: { begin(): string[] | null; end(outcome?: Outcome): void }[] = [];
  const failed: string[] = [];
  let room = () => {};
  const pool = {
    plan: {} as FunctionPlan,
    capacity,
    onRoom(listener: () => void) {
      room = listener;
    },
    invoke: (event: string | (() => string | null)) =>
      new Promise<Outcome>((end) => {
        calls.push({
          begin() {
            const text = typeof event === 'string' ? event : event();
            return text && JSON.parse(text).Records.map(({ body }: { body: string }) => body);
          },
          end: (outcome = { ok: true, payload: 'null' }) => end(outcome),
        });
      }),
  };
  const plan = { batchSize: 3, maxConcurrency: null, filters: null, reportsFailures: true };
  const consumer = new Consumer(
    plan as unknown as ConstructorParameters<typeof Consumer>[0],
    queue,
    pool,
    openClock(openMemory(null)),
    (_id, why) => void failed.push(why),
  );
  closing.push(
    () => consumer.close(),
    () => host.close(),
  );
  const laterOn = () => new Promise((resume) => setImmediate(resume));
  return { queue, calls, failed, pool, room: () => room(), laterOn };
}

it('a batch is taken when the function begins: what arrived meanwhile goes with it, up to its size', async () => {
  const { queue, calls, laterOn } = await consuming({ capacity: 2 });
  for (const body of ['1', '2', '3']) queue.send(body);
  expect(calls).toHaveLength(1);
  queue.send('4');
  expect(calls).toHaveLength(2);
  queue.send('5');
  expect(calls[0]?.begin()).toEqual(['1', '2', '3']);
  expect(calls[1]?.begin()).toEqual(['4', '5']);
  for (const call of calls) call.end();
  await laterOn();
  expect(queue.all()).toEqual([]);
  expect(calls).toHaveLength(2);
});

it('an invocation that finds nothing left does nothing', async () => {
  const { queue, calls, laterOn } = await consuming();
  queue.send('1');
  expect(queue.take(1)).toHaveLength(1);
  expect(calls[0]?.begin()).toBeNull();
  calls[0]?.end();
  await laterOn();
  queue.send('2');
  expect(calls[1]?.begin()).toEqual(['2']);
});

it('goes on as soon as there is room for one more', async () => {
  const { queue, calls, pool, room } = await consuming();
  queue.send('hangs');
  expect(calls[0]?.begin()).toEqual(['hangs']);
  queue.send('next');
  expect(calls).toHaveLength(1);
  pool.capacity = 2;
  room();
  expect(calls[1]?.begin()).toEqual(['next']);
});

it('a function that does not even load fails a batch, which stays hidden as after any failure', async () => {
  const { queue, calls, failed, laterOn } = await consuming();
  queue.send('1');
  calls[0]?.end({ ok: false, error: { errorType: 'SyntaxError', errorMessage: 'x' } });
  await laterOn();
  expect(failed).toEqual(['SyntaxError: x']);
  expect([queue.visible(), queue.all().length, calls.length]).toEqual([0, 1, 1]);
});
