import { type Dynamo, DynamoError } from '../dynamodb/call.ts';
import type { Memory } from '../memory.ts';

/** A record as DynamoDB Streams gives it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly dynamodb: {
    readonly Keys: Readonly<Record<string, unknown>>;
    readonly SequenceNumber: string;
  };
}

/** A record, and what to call when it has been handled. */
export interface Tracked {
  readonly record: StreamRecord;
  readonly done: () => void;
}

interface Description {
  StreamDescription: {
    Shards: { ShardId: string; ParentShardId?: string }[];
    LastEvaluatedShardId?: string;
  };
}
interface Page {
  Records: StreamRecord[];
  NextShardIterator?: string;
}

interface Shard {
  readonly id: string;
  readonly parent: string | undefined;
  iterator: string | null;
  /** Read and not yet done, in order; the checkpoint is what is before the first of them. */
  readonly open: { readonly sequence: string; done: boolean }[];
  ended: boolean;
}

const end = 'END';
const pageSize = 1000;

/**
 * The shards of a stream and how far each has been handled. A checkpoint is kept only when a record is done, so
 * whatever was not, when the process died, is read again.
 */
export class Shards {
  private readonly dynamo: Dynamo;
  private readonly memory: Memory;
  private readonly streamArn: string;
  private readonly key: string;
  private readonly checkpoints: Record<string, string>;
  private readonly shards = new Map<string, Shard>();
  private described = false;

  constructor(dynamo: Dynamo, memory: Memory, streamArn: string, mapping: string) {
    this.dynamo = dynamo;
    this.memory = memory;
    this.streamArn = streamArn;
    this.key = `stream.${mapping}.${streamArn}`;
    this.checkpoints = JSON.parse(memory.get(this.key) ?? '{}');
  }

  /** Reads all that there is now, a page at a time. Whoever takes a page calls `done` when a record of it has been handled. */
  async read(take: (page: readonly Tracked[]) => void): Promise<number> {
    if (!this.described) await this.describe();
    let count = 0;
    for (const shard of this.shards.values()) {
      if (shard.ended || !this.isFree(shard)) continue;
      for (let more = true; more; ) {
        const page = await this.page(shard);
        // A short page is the last for now, or nearly: whoever reads comes back.
        more = page.Records.length === pageSize;
        take(
          page.Records.map((record) => ({ record, done: this.track(shard, record.dynamodb.SequenceNumber) })),
        );
        count += page.Records.length;
        shard.iterator = page.NextShardIterator ?? null;
        if (!page.NextShardIterator) {
          shard.ended = true;
          this.described = false;
          this.advance(shard);
          more = false;
        }
      }
    }
    return count;
  }

  /** Its parent, if there still is one, has been handled to its end: order holds across the split. */
  private isFree({ parent }: Shard): boolean {
    return parent === undefined || !this.shards.has(parent) || this.checkpoints[parent] === end;
  }

  private async page(shard: Shard): Promise<Page> {
    shard.iterator ??= await this.iterator(shard.id);
    try {
      return await this.dynamo.stream<Page>('GetRecords', { ShardIterator: shard.iterator, Limit: pageSize });
    } catch (error) {
      // An iterator lives 15 minutes, less than a closed lid may take.
      if (!(error instanceof DynamoError) || error.code !== 'ExpiredIteratorException') throw error;
      const last = shard.open.at(-1)?.sequence;
      shard.iterator = await this.iterator(shard.id, last);
      return { Records: [], NextShardIterator: shard.iterator };
    }
  }

  private async iterator(shardId: string, after = this.checkpoints[shardId]): Promise<string> {
    const { ShardIterator } = await this.dynamo.stream<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn: this.streamArn,
      ShardId: shardId,
      ...(after === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }),
    });
    return ShardIterator;
  }

  private async describe(): Promise<void> {
    let from: string | undefined;
    do {
      const { StreamDescription } = await this.dynamo.stream<Description>('DescribeStream', {
        StreamArn: this.streamArn,
        ...(from !== undefined && { ExclusiveStartShardId: from }),
      });
      for (const { ShardId, ParentShardId } of StreamDescription.Shards) {
        if (this.shards.has(ShardId)) continue;
        const ended = this.checkpoints[ShardId] === end;
        this.shards.set(ShardId, { id: ShardId, parent: ParentShardId, iterator: null, open: [], ended });
      }
      from = StreamDescription.LastEvaluatedShardId;
    } while (from !== undefined);
    this.described = true;
  }

  private track(shard: Shard, sequence: string): () => void {
    const entry = { sequence, done: false };
    shard.open.push(entry);
    return () => {
      entry.done = true;
      if (shard.open[0] === entry) this.advance(shard);
    };
  }

  private advance(shard: Shard): void {
    let through: string | undefined;
    while (shard.open[0]?.done) through = shard.open.shift()?.sequence;
    if (through !== undefined) this.checkpoints[shard.id] = through;
    if (shard.ended && shard.open.length === 0) this.checkpoints[shard.id] = end;
    this.memory.put(this.key, JSON.stringify(this.checkpoints));
  }
}
