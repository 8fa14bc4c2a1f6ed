import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord, AttributeValue as StreamValue } from 'aws-lambda';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHandler } from '../../functions/outbox/outbox.ts';
import { secondsBetween } from '../../shared/domain/time.ts';
import type { Timer } from '../../shared/domain/timer.ts';
import { createDeskEvents } from '../../shared/effects/desk-events.ts';
import { createFailureQueue, createTimerQueue } from '../../shared/effects/queues.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { context, type Desk, nightDesk, pageMessageOf } from '../fakes/carrier-desk.ts';
import { localDynamoDb } from '../fakes/dynamodb.ts';

let desk: Desk;
let cloud: FauxqsServer;
let handler: ReturnType<typeof makeHandler>;
let ticket: TicketAddress;

beforeEach(async () => {
  desk = await nightDesk();
  cloud = await startFauxqs({ port: 0, logger: false });
  const { topicArn } = cloud.createTopic('events');
  for (const [queue, kinds] of Object.entries({ pages: ['page'], webhooks: ['event', 'delivery'] })) {
    cloud.createQueue(queue);
    cloud.subscribe({
      topic: 'events',
      queue,
      attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify({ kind: kinds }) },
    });
  }
  const timers = cloud.createQueue('timers');
  const failures = cloud.createQueue('failures');
  const config = {
    endpoint: cloud.address,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const sqs = new SQSClient(config);
  handler = makeHandler({
    events: createDeskEvents({ topicArn, client: new SNSClient(config) }),
    timers: createTimerQueue({ queueUrl: timers.queueUrl, client: sqs }),
    failures: createFailureQueue({ queueUrl: failures.queueUrl, client: sqs }),
    clock: desk.clock,
  });
  ticket = await desk.escalated();
});
afterEach(() => cloud.stop());

const record = (image: Record<string, AttributeValue>, n: number): DynamoDBRecord => ({
  eventID: String(n),
  eventName: 'INSERT',
  eventSource: 'aws:dynamodb',
  dynamodb: { SequenceNumber: String(1000 + n), NewImage: image as Record<string, StreamValue> },
});

/** The rows of the table that the stream's filter would let through, as stream records. */
async function records(): Promise<DynamoDBRecord[]> {
  const client = (await localDynamoDb()).client();
  const { Items = [] } = await client.send(new ScanCommand({ TableName: desk.table }));
  return Items.filter((item) => item.outbox).map(record);
}

const messages = (queue: string) => {
  const found = cloud.inspectQueue(queue)?.messages;
  return { ready: found?.ready ?? [], delayed: found?.delayed ?? [] };
};
const bodies = (queue: string) => messages(queue).ready.map(({ body }) => JSON.parse(body));
const run = (Records: DynamoDBRecord[]) => handler({ Records }, context);
const broken = (n: number) => record({ outbox: { S: 'page' }, id: { N: '1' } }, n);

describe('what was committed', () => {
  it('is passed on: the page, the events without their salt, and the timers', async () => {
    expect(await run(await records())).toEqual({ batchItemFailures: [] });
    const [page] = await desk.pages(ticket);
    expect(bodies('pages')).toEqual([page && pageMessageOf(page)]);
    expect(JSON.stringify(bodies('pages'))).not.toContain(page?.phone);
    expect(messages('pages').ready[0]?.messageAttributes.kind?.StringValue).toBe('page');

    const { data } = await desk.store.cases.events(ticket, { limit: 100 });
    const published = bodies('webhooks').map(({ event }) => event);
    expect(published).toHaveLength(data.length);
    for (const { salt: _, ...event } of data) expect(published).toContainEqual(event);
    expect(
      new Set(messages('webhooks').ready.map(({ messageAttributes }) => messageAttributes.type?.StringValue)),
    ).toEqual(new Set(data.map(({ type }) => type)));
  });

  it('starts the timers that the queue can hold, rounded down, and leaves later ones to the sweep', async () => {
    desk.clock.advance(0.4);
    await run(await records());
    const { ready, delayed } = messages('timers');
    const started: Timer[] = [...ready, ...delayed].map(({ body }) => JSON.parse(body));
    expect(new Set(started.map(({ kind }) => kind))).toEqual(new Set(['send_by', 'level']));
    for (const { body, delayUntil, sentTimestamp } of delayed) {
      const delay = Math.round(((delayUntil ?? 0) - sentTimestamp) / 1000);
      const timer: Timer = JSON.parse(body);
      expect(delay).toBe(Math.floor(secondsBetween(desk.clock.now(), timer.dueAt)));
    }
    expect(delayed).toHaveLength(2);
    const [row] = await desk.timers(ticket, 'promise');
    expect(row).toBeDefined();
    expect(started.some(({ kind }) => kind === 'promise')).toBe(false);
  });

  it('may be passed on twice', async () => {
    const all = await records();
    await run(all);
    await run(all);
    expect(bodies('pages')).toHaveLength(2);
  });
});

describe('what cannot be passed on', () => {
  it('goes whole to the failure queue when it cannot be read, and holds nothing up', async () => {
    const all = await records();
    const strange = record({ outbox: { S: 'fax' }, pk: { S: 'x' } }, 98);
    expect(await run([broken(99), strange, ...all])).toEqual({ batchItemFailures: [] });
    expect(bodies('failures')).toEqual(expect.arrayContaining([broken(99), strange]));
    expect(bodies('pages')).toHaveLength(1);
  });

  it('goes whole to the failure queue when it is too large for the topic, and holds nothing up', async () => {
    const all = await records();
    const event = all.find(({ dynamodb }) => dynamodb?.NewImage?.outbox?.S === 'event');
    const huge = record(
      {
        ...(event?.dynamodb?.NewImage as Record<string, AttributeValue>),
        data: { M: { body: { S: 'x'.repeat(300_000) } } },
      },
      0,
    );
    expect(await run([huge, ...all])).toEqual({ batchItemFailures: [] });
    expect(bodies('failures')).toHaveLength(1);
    expect(bodies('pages')).toHaveLength(1);
    const { data } = await desk.store.cases.events(ticket, { limit: 100 });
    expect(bodies('webhooks')).toHaveLength(data.length);
  });

  it('comes back from the first that failed on while the topic is away; timers start all the same', async () => {
    const all = await records();
    cloud.deleteTopic('events');
    const first = all.find(({ dynamodb }) => dynamodb?.NewImage?.outbox?.S !== 'timer');
    const { batchItemFailures } = await run(all);
    expect(batchItemFailures).toEqual([{ itemIdentifier: first?.dynamodb?.SequenceNumber }]);
    expect(messages('timers').delayed.length).toBeGreaterThan(0);
  });

  it('comes back when it cannot even be kept', async () => {
    cloud.deleteQueue('failures');
    const { batchItemFailures } = await run([...(await records()), broken(99)]);
    expect(batchItemFailures).toEqual([{ itemIdentifier: '1099' }]);
  });
});
