import { createHash } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { Dynamo } from '../dynamodb/call.ts';
import type { Memory } from '../memory.ts';
import type { StreamPlan, TablePlan } from '../template/plan.ts';
import { matchesPattern } from './filter.ts';
import { Lane } from './lane.ts';
import { Shards, type Tracked } from './shards.ts';
import type { Invokable, Source } from './source.ts';

/**
 * DynamoDB Local has a record on the stream by the time that it answers the write (measured: 500 of 500), and
 * every function tells of its writes that a filter may let pass. So the stream is read when there is something to
 * read; now and then besides, for writers from elsewhere and for pages that were cut short.
 */
const unaskedMs = 100;
/** After something was read more is written soon, as a rule: it is read together, for each time costs as much as a write. */
const gatheringMs = 15;

/** So much read and not handed on is enough. */
const mostWaiting = 5000;

export interface StreamOptions {
  readonly plan: StreamPlan;
  readonly table: TablePlan;
  readonly streamArn: string;
  readonly dynamo: Dynamo;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly pool: Invokable;
  report(line: string): void;
}

/** Feeds a function from a table's stream: what matches the filters, by lanes of partition keys, from the checkpoint on. */
export class Stream implements Source {
  private readonly options: StreamOptions;
  private readonly lanes: Lane[];
  private readonly shards: Shards;
  private readonly partitionKey: string;
  private closed = false;
  /** Resolves when the pass that runs now is over: false when it read nothing. */
  private pass: Promise<boolean> | null = null;
  private again = false;
  /** What is written now is read a little later, together. */
  private gathers = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: StreamOptions) {
    const { plan, pool, clock, table } = options;
    this.options = options;
    this.lanes = Array.from({ length: plan.lanes }, () => new Lane(plan, pool, clock, options.report));
    this.shards = new Shards(options.dynamo, options.memory, options.streamArn, plan.id);
    const keys = table.definition.KeySchema as { AttributeName: string; KeyType: string }[];
    this.partitionKey = keys.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
  }

  start(): void {
    this.poke();
  }

  poke(): void {
    for (const lane of this.lanes) lane.poke();
    if (this.pass || this.gathers) this.again = true;
    else void this.read();
  }

  async isDrained(): Promise<boolean> {
    // A pass that already runs may have asked before the last write was there.
    await this.pass;
    for (const lane of this.lanes) lane.poke();
    const readSomething = await this.read();
    return !readSomething && this.lanes.every((lane) => lane.drained);
  }

  nextDueAt(): number | null {
    const times = this.lanes.map((lane) => lane.nextDueAt).filter((at) => at !== null);
    return times.length > 0 ? Math.min(...times) : null;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const lane of this.lanes) lane.close();
  }

  private read(): Promise<boolean> {
    if (this.closed) return Promise.resolve(false);
    if (!this.pass) this.again = false;
    this.pass ??= this.readOnce().then((readSomething) => {
      this.pass = null;
      clearTimeout(this.timer);
      if (this.closed) return readSomething;
      this.gathers = readSomething;
      if (readSomething) this.timer = setTimeout(() => this.gathered(), gatheringMs);
      else this.gathered();
      return readSomething;
    });
    return this.pass;
  }

  private gathered(): void {
    this.gathers = false;
    if (this.again) void this.read();
    else this.timer = setTimeout(() => void this.read(), unaskedMs);
  }

  private async readOnce(): Promise<boolean> {
    if (this.lanes.reduce((sum, { length }) => sum + length, 0) > mostWaiting) return true;
    try {
      const read = await this.shards.read((page) => {
        for (const tracked of page) this.take(tracked);
        for (const lane of this.lanes) lane.poke();
      });
      return read > 0;
    } catch (error) {
      // While closing, DynamoDB Local may be gone already.
      if (this.closed) return false;
      throw error;
    }
  }

  private take({ record: raw, done }: Tracked): void {
    const { plan, table, clock, streamArn } = this.options;
    const readAt = clock.now();
    const record = {
      ...raw,
      awsRegion: 'us-east-1',
      // DynamoDB Local's own clock does not move.
      dynamodb: { ...raw.dynamodb, ApproximateCreationDateTime: Math.floor(readAt / 1000) },
      eventSourceARN: `${table.arn}/stream/${streamArn.split('/stream/')[1]}`,
    };
    if (plan.filters && !plan.filters.some((pattern) => matchesPattern(pattern, record))) {
      done();
      return;
    }
    const key = JSON.stringify(raw.dynamodb.Keys[this.partitionKey]);
    const lane = this.lanes[createHash('sha1').update(key).digest().readUInt32BE(0) % this.lanes.length];
    lane?.add({ sequence: raw.dynamodb.SequenceNumber, record, readAt, done });
  }
}
