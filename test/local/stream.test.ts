import { afterEach, describe, expect, it, vi } from 'vitest';
import { openClock } from '../../infra/local/clock/clock.ts';
import type { Dynamo } from '../../infra/local/dynamodb/call.ts';
import { openMemory } from '../../infra/local/memory.ts';
import { Stream } from '../../infra/local/sources/stream.ts';
import type { FunctionPlan, StreamPlan, TablePlan } from '../../infra/local/template/plan.ts';
import type { Outcome } from '../../infra/local/worker/pool.ts';

/** A stream of one shard in memory. */
class FakeStream implements Dynamo {
  readonly port = 0;
  readonly accessKeyId = 'local';
  readonly records: { sequence: string; pk: string; outbox?: string }[] = [];

  write(pk: string, outbox?: string): void {
    const sequence = String(this.records.length + 1).padStart(3, '0');
    this.records.push({ sequence, pk, ...(outbox !== undefined && { outbox }) });
  }

  async table<T>(): Promise<T> {
    throw new Error('not asked');
  }

  async stream<T>(action: string, body: Record<string, unknown>): Promise<T> {
    const answers: Record<string, () => unknown> = {
      DescribeStream: () => ({ StreamDescription: { Shards: [{ ShardId: 'shard' }] } }),
      GetShardIterator: () => ({ ShardIterator: String(Number(body.SequenceNumber ?? 0)) }),
      GetRecords: () => {
        const from = Number(body.ShardIterator);
        const page = this.records.slice(from, from + 1000);
        return {
          Records: page.map(({ sequence, pk, outbox }) => ({
            eventName: 'INSERT',
            dynamodb: {
              Keys: { pk: { S: pk } },
              NewImage: { pk: { S: pk }, ...(outbox !== undefined && { outbox: { S: outbox } }) },
              SequenceNumber: sequence,
            },
          })),
          NextShardIterator: String(from + page.length),
        };
      },
    };
    return answers[action]?.() as T;
  }
}

type Batch = { Records: { dynamodb: { SequenceNumber: string } }[] };

const open: Stream[] = [];
afterEach(() => {
  for (const stream of open.splice(0)) stream.close();
});

function reading(
  dynamo: FakeStream,
  answer: (sequences: string[]) => string[] | Error | Promise<string[]>,
  {
    memory = openMemory(null),
    ...more
  }: Partial<StreamPlan> & { memory?: ReturnType<typeof openMemory> } = {},
) {
  const batches: string[][] = [];
  const clock = openClock(memory);
  const stream = new Stream({
    plan: {
      id: 'mapping',
      functionName: 'outbox',
      tableName: 'fixture',
      batchSize: 10,
      reportsFailures: true,
      filters: [{ dynamodb: { NewImage: { outbox: { S: [{ exists: true }] } } } }],
      bisects: true,
      retries: null,
      lanes: 1,
      ...more,
    },
    table: { definition: { KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] } } as unknown as TablePlan,
    streamArn: 'arn:table/fixture/stream/1',
    dynamo,
    memory,
    clock,
    pool: {
      plan: {} as FunctionPlan,
      capacity: 4,
      async invoke(event): Promise<Outcome> {
        const sequences = (JSON.parse(event) as Batch).Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
        batches.push(sequences);
        const failed = await answer(sequences);
        if (failed instanceof Error)
          return { ok: false, error: { errorType: 'Error', errorMessage: failed.message } };
        const batchItemFailures = failed.map((itemIdentifier) => ({ itemIdentifier }));
        return { ok: true, payload: JSON.stringify({ batchItemFailures }) };
      },
    },
    report: () => {},
  });
  open.push(stream);
  /** Lets everything happen that can, moving the clock to each next try. */
  const run = async (tries = 20) => {
    for (let n = 0; n < tries; n++) {
      while (!(await stream.isDrained())) await new Promise((resume) => setImmediate(resume));
      const next = stream.nextDueAt();
      if (next === null) return;
      clock.set(next);
    }
  };
  return { batches, memory, run, stream };
}

describe('a stream', () => {
  it('hands on what the filters want, in order', async () => {
    const dynamo = new FakeStream();
    dynamo.write('a', 'x');
    dynamo.write('a');
    dynamo.write('b', 'y');
    const { batches, run } = reading(dynamo, () => []);
    await run();
    expect(batches).toEqual([['001', '003']]);
  });

  it('reads together what is written soon after something was read, and forgets nothing of it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const laterOn = async () => {
      for (let n = 0; n < 20; n++) await new Promise((resume) => setImmediate(resume));
    };
    const dynamo = new FakeStream();
    const { batches, stream } = reading(dynamo, () => []);
    const write = async (key: string) => {
      dynamo.write(key, 'x');
      stream.poke();
      await laterOn();
    };
    await write('a');
    expect(batches).toEqual([['001']]);
    for (const [key, next] of [
      ['b', ['002']],
      ['c', ['003']],
    ] as const) {
      await write(key);
      expect(batches.at(-1)).not.toEqual(next);
      vi.advanceTimersByTime(15);
      await laterOn();
      expect(batches.at(-1)).toEqual(next);
    }
    vi.useRealTimers();
  });

  it('goes on after a crash from the last record that was handled, not from the last that was read', async () => {
    const dynamo = new FakeStream();
    dynamo.write('a', 'x');
    const memory = openMemory(null);
    const first = reading(dynamo, () => [], { memory });
    await first.run();
    first.stream.close();
    dynamo.write('a', 'y');
    const crashed = reading(dynamo, () => new Promise(() => {}), { memory });
    crashed.stream.poke();
    while (crashed.batches.length === 0) await new Promise((resume) => setImmediate(resume));
    crashed.stream.close();
    const again = reading(dynamo, () => [], { memory });
    await again.run();
    expect(crashed.batches).toEqual([['002']]);
    expect(again.batches).toEqual([['002']]);
  });

  it('tries again from the first record that was reported as failed', async () => {
    const dynamo = new FakeStream();
    for (const name of ['x', 'y', 'z']) dynamo.write('a', name);
    let broken = true;
    const { batches, run } = reading(dynamo, (sequences) => {
      const failed = broken && sequences.includes('002') ? ['002'] : [];
      broken = false;
      return failed;
    });
    await run();
    expect(batches).toEqual([
      ['001', '002', '003'],
      ['002', '003'],
    ]);
  });

  it('halves a batch that makes the function throw, until the bad record stands alone', async () => {
    const dynamo = new FakeStream();
    for (const name of ['w', 'x', 'y', 'z']) dynamo.write('a', name);
    const { batches, run } = reading(dynamo, (sequences) =>
      sequences.includes('003') ? new Error('bad') : [],
    );
    await run(3);
    expect(batches.slice(0, 4)).toEqual([
      ['001', '002', '003', '004'],
      ['001', '002'],
      ['003', '004'],
      ['003'],
    ]);
  });

  it('tries a record again for ever, and gives it up only where the plan says how often', async () => {
    const dynamo = new FakeStream();
    dynamo.write('a', 'x');
    dynamo.write('a', 'y');
    const endless = reading(dynamo, () => new Error('down'), { batchSize: 1 });
    await endless.run(30);
    expect(new Set(endless.batches.flat())).toEqual(new Set(['001']));
    const limited = reading(dynamo, (sequences) => (sequences.includes('001') ? new Error('down') : []), {
      batchSize: 1,
      retries: 2,
      memory: openMemory(null),
    });
    await limited.run();
    expect(limited.batches).toEqual([['001'], ['001'], ['001'], ['002']]);
  });

  it('in lanes: what fails holds up its own partition key only', async () => {
    const dynamo = new FakeStream();
    for (let n = 0; n < 8; n++) dynamo.write(`key-${n}`, 'x');
    const { batches, run } = reading(
      dynamo,
      (sequences) => (sequences.includes('001') ? new Error('bad') : []),
      {
        batchSize: 1,
        lanes: 4,
      },
    );
    await run(2);
    expect(new Set(batches.flat()).size).toBeGreaterThan(4);
  });
});
