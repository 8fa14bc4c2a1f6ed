import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord, AttributeValue as StreamValue } from 'aws-lambda';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHandler } from '../../functions/outbox/outbox.ts';
import { makeHandler as makePager } from '../../functions/page-on-call/page-on-call.ts';
import { makeHandler as makeTimer } from '../../functions/timer/timer.ts';
import { commentIn } from '../../shared/contract/schemas/ticket.ts';
import { acknowledge } from '../../shared/domain/escalation/index.ts';
import { comment } from '../../shared/domain/ticket/comment.ts';
import { secondsBetween } from '../../shared/domain/time.ts';
import type { Timer } from '../../shared/domain/timer.ts';
import type { Carrier } from '../../shared/effects/carrier.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import { createDeskEvents } from '../../shared/effects/desk-events.ts';
import { createFailureQueue, createTimerQueue } from '../../shared/effects/queues.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import {
  context,
  type Desk,
  deliver,
  nightDesk,
  pageMessageOf,
  random,
  timerMessageOf,
} from '../fakes/carrier-desk.ts';
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

  it('is passed on however a comment spells its length: control characters, three bytes each, all escaped', async () => {
    const { store, clock } = desk;
    const by = { kind: 'partner', id: 'ptn_acme', name: 'Acme MSP' } as const;
    for (const symbol of ['\u0001', '\u20ac', '"', '\\', '\n', '\ud800']) {
      const command = commentIn().parse({ body: `begin${symbol.repeat(49_990)}end` });
      await commandCase({ store, clock, random }, ticket, ({ state }, now) =>
        comment(state, { ...command, by }, now),
      );
    }
    await run(await records());
    const lengths = bodies('webhooks').flatMap(({ event }) => event.data.comment?.body.length ?? []);
    expect(lengths).toEqual(Array(6).fill(49_998));
    expect(bodies('failures')).toEqual([]);
    const sizes = messages('webhooks').ready.map(({ body }) => Buffer.byteLength(body));
    expect(Math.max(...sizes)).toBeLessThan(200_000);
  });

  it('may be passed on twice', async () => {
    const all = await records();
    await run(all);
    await run(all);
    expect(bodies('pages')).toHaveLength(2);
  });
});

describe('records that come out of order, with images that are older than the rows', () => {
  it('do no harm: nobody is paged again, nothing fires twice, nothing fails', async () => {
    const sent: string[] = [];
    const carrier: Carrier = {
      text: async (to) => ({ sent: true, messageId: `msg-${sent.push(to)}` }),
      alertDesk: async () => ({ sent: true, messageId: `msg-${sent.push('desk')}` }),
      optedOut: async () => false,
    };
    const { store, clock } = desk;
    const pager = makePager({ store, carrier, clock, random });
    const timers = makeTimer({ store, clock, random });
    const sendPages = async () => deliver(pager, ...(await desk.pages(ticket)).map(pageMessageOf));

    const images = [...(await records())];
    await sendPages();
    const [level] = await desk.timers(ticket, 'level');
    if (!level) throw new Error('there is no level timer');
    clock.advance(secondsBetween(clock.now(), level.dueAt));
    expect(await deliver(timers, timerMessageOf(level))).toBe(0);
    images.push(...(await records()));
    await sendPages();
    const dana = { person: { id: 'dana', name: 'Dana' }, role: 'engineer' as const, via: 'sms' as const };
    await commandCase({ store, clock, random }, ticket, ({ state, roster }, now) =>
      acknowledge(state, dana, { roster, now }),
    );
    images.push(...(await records()));

    const before = await desk.read(ticket);
    expect(sent).toHaveLength(2);
    const late = [...images, ...images].reverse().map(({ dynamodb }, n) => record(imageOf(dynamodb), n));
    expect(await run(late)).toEqual({ batchItemFailures: [] });
    expect(bodies('pages').length).toBeGreaterThanOrEqual(4);
    expect(await deliver(pager, ...bodies('pages'))).toBe(0);
    const due: Timer[] = [...messages('timers').ready, ...messages('timers').delayed]
      .map(({ body }) => JSON.parse(body))
      .filter(({ dueAt }) => dueAt <= clock.now());
    expect(new Set(due.map(({ kind }) => kind))).toEqual(new Set(['send_by', 'level']));
    expect(await deliver(timers, ...due)).toBe(0);
    expect(sent).toHaveLength(2);
    expect(await desk.read(ticket)).toEqual(before);
    expect(bodies('failures')).toEqual([]);
  });
});

const imageOf = (dynamodb: DynamoDBRecord['dynamodb']) =>
  (dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>;

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
