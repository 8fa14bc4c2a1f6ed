import { setImmediate } from 'node:timers/promises';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { exampleEvent } from '../../functions/api/event-types.ts';
import { makeHandler } from '../../functions/deliver-webhook/deliver-webhook.ts';
import { makeHandler as makeSpread } from '../../functions/spread-event/spread-event.ts';
import { makeHandler as makeTimer } from '../../functions/timer/timer.ts';
import { makeHandler as makeLine } from '../../functions/webhook-line/webhook-line.ts';
import { webhookBody } from '../../shared/contract/events/catalogue.ts';
import { jsonSchemaOf } from '../../shared/contract/events/json-schema.ts';
import { eventTypes } from '../../shared/contract/words.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import type { Timer } from '../../shared/domain/timer.ts';
import { testDelivery } from '../../shared/domain/webhook/delivery.ts';
import { rotated } from '../../shared/domain/webhook/endpoint.ts';
import { disabled, enabled } from '../../shared/domain/webhook/health.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { createWebhookSender, type WebhookSender } from '../../shared/effects/webhook-sender.ts';
import { verifyChain } from '../../shared/store/chain.ts';
import { keptDays } from '../../shared/store/rows.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { type Desk, deliver, nightDesk, random, timerMessageOf } from '../fakes/carrier-desk.ts';
import { type WebhookReceiver, webhookReceiver } from '../fakes/webhook-receiver.ts';
import { anAttempt, anEndpoint } from '../store/samples.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let desk: Desk;
let receiver: WebhookReceiver;
let handler: ReturnType<typeof makeHandler>;
let spread: ReturnType<typeof makeSpread>;
let line: ReturnType<typeof makeLine>;
let timer: ReturnType<typeof makeTimer>;
let ticket: TicketAddress;
/** The dead letters. */
let kept: unknown[];

beforeEach(async () => {
  desk = await nightDesk();
  receiver = await webhookReceiver();
  const { store, clock } = desk;
  // The signature carries the real time, so that the package's tolerance can be checked.
  const real = { now: () => new Date().toISOString() };
  const sender = createWebhookSender({ clock: real, localOrigin: receiver.origin, timeOutMs: 2000 });
  handler = makeHandler({ store, sender, clock, random });
  spread = makeSpread({ store, clock });
  kept = [];
  const failures = { keep: async (letter: unknown) => void kept.push(letter) };
  line = makeLine({ store, sender, clock, random, failures });
  timer = makeTimer({ store, clock, random });
  ticket = await desk.escalated();
});
afterEach(() => receiver.close());

const endpoint = async (id: string, change: Partial<WebhookEndpoint> = {}): Promise<boolean> =>
  desk.store.webhooks.create(
    anEndpoint(id, { partner: 'acme', url: `${receiver.origin}/local/hooks/${id}`, secret, ...change }),
  );
/** The messages that the outbox makes of the ticket's events. */
const events = async () => {
  const { data } = await desk.store.cases.events(ticket, { limit: 100 });
  return data.map(({ salt: _, ...event }) => ({ kind: 'event', event }));
};
const paged = async () => {
  const found = (await events()).find(({ event }) => event.type === 'escalation.paged');
  if (!found) throw new Error('nobody was paged');
  return found;
};
const deliveries = async (): Promise<WebhookDelivery[]> =>
  (await desk.rows()).filter(
    (row) => String(row.id).startsWith('whd_') && 'attempts' in row,
  ) as unknown as WebhookDelivery[];
const retries = async (): Promise<Timer[]> =>
  (await desk.rows()).filter((row) => row.kind === 'retry') as unknown as Timer[];
/** What the outbox makes of the deliveries that are queued. */
const queued = async () =>
  (await deliveries())
    .filter(({ status, way }) => status === 'queued' && way === 'direct')
    .map(({ id }) => ({ kind: 'delivery', id }));
const attempt = async () => deliver(handler, ...(await queued()));
/** The turn that the outbox makes of the run of a line. */
const turns = async () =>
  (await desk.rows())
    .filter((row) => row.outbox === 'line')
    .map(({ endpoint, turn }) => ({ kind: 'line', endpoint, turn }));
const workOff = async (most = 20): Promise<void> => {
  for (let n = 0; n < most; n++) {
    const messages = await turns();
    if (messages.length === 0) return;
    expect(await deliver(line, ...messages)).toBe(0);
  }
};
const states = async () => (await deliveries()).map(({ status }) => status);

const headersOf = (request: WebhookReceiver['received'][number] | undefined) =>
  Object.fromEntries(Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]));

describe('an event', () => {
  it('becomes one delivery for each endpoint that wants it', async () => {
    await endpoint('whk_all');
    await endpoint('whk_escalations', { eventTypes: ['escalation.*'] });
    await endpoint('whk_tickets', { eventTypes: ['ticket.*'] });
    await endpoint('whk_other', { partner: 'globex' });
    await endpoint('whk_desk', { partner: null });
    expect(await deliver(spread, await paged())).toBe(0);
    const made = await deliveries();
    expect(new Set(made.map((delivery) => delivery.endpoint))).toEqual(
      new Set(['whk_all', 'whk_escalations', 'whk_desk']),
    );
    const { event } = await paged();
    expect(JSON.parse(made[0]?.body ?? '')).toEqual({
      id: event.id,
      type: 'escalation.paged',
      timestamp: event.at,
      apiVersion: '2026-01-01',
      subjectSeq: event.seq,
      text: event.text,
      hash: event.hash,
      data: event.data,
    });
  });

  it('makes the same deliveries, however often and however much at once it comes', async () => {
    await endpoint('whk_all');
    const message = await paged();
    await deliver(spread, message, message, message);
    await attempt();
    await deliver(spread, message);
    expect(await deliveries()).toMatchObject([{ status: 'delivered' }]);
    expect(receiver.received).toHaveLength(1);
  });

  it("that is internal reaches the desk's endpoints only", async () => {
    await endpoint('whk_all');
    await endpoint('whk_desk', { partner: null });
    const { kind, event } = await paged();
    await deliver(spread, { kind, event: { ...event, internal: true } });
    expect(await deliveries()).toMatchObject([{ endpoint: 'whk_desk' }]);
  });

  it('of every type arrives as its schema says, by the catalogue and by the JSON Schema that is served', async () => {
    await endpoint('whk_all');
    const { event: known } = await paged();
    const all = eventTypes.map((type, index) => {
      const { ticket: _, ...example } = exampleEvent(type, { id: `evt_${index}`, at: known.at });
      return { kind: 'event', event: { ...known, ...example } };
    });
    for (let n = 0; n < all.length; n += 10) await deliver(spread, ...all.slice(n, n + 10));
    for (const message of await queued()) expect(await deliver(handler, message)).toBe(0);
    const bodies = receiver.received.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ type }) => type).toSorted()).toEqual(eventTypes.toSorted());
    for (const body of bodies) {
      expect(webhookBody(body.type).parse(body), body.type).toEqual(body);
      const served = z.fromJSONSchema(jsonSchemaOf(body.type));
      expect(served.safeParse(body).error?.issues, body.type).toBeUndefined();
    }
  });

  it('is kept as skipped for an endpoint that is disabled', async () => {
    await endpoint('whk_off', { status: 'disabled', disabledBecause: 'by hand' });
    await deliver(spread, await paged());
    expect(await deliveries()).toMatchObject([{ status: 'skipped' }]);
    expect(await queued()).toEqual([]);
  });
});

describe('a delivery', () => {
  beforeEach(async () => {
    await endpoint('whk_all');
    await deliver(spread, await paged());
  });

  it('arrives signed, with the event as its id', async () => {
    expect(await attempt()).toBe(0);
    const [request] = receiver.received;
    const headers = headersOf(request);
    const body = new Webhook(secret).verify(request?.body ?? '', headers);
    const { event } = await paged();
    expect(body).toMatchObject({ id: event.id, subjectSeq: event.seq });
    expect(headers['webhook-id']).toBe(event.id);
    expect(await deliveries()).toMatchObject([
      { status: 'delivered', attempts: [{ n: 1, trigger: 'event', statusCode: 204, errorCode: null }] },
    ]);
    expect(await retries()).toEqual([]);
  });

  it('that fails is tried again by its timer with the same id and the same bytes', async () => {
    receiver.answer = { status: 503 };
    await attempt();
    expect(await deliveries()).toMatchObject([
      { status: 'waiting', attempts: [{ errorCode: 'status_503' }] },
    ]);
    const [retry] = await retries();
    if (!retry) throw new Error('no retry');
    receiver.answer = { status: 200 };
    desk.clock.advance(7);
    expect(await deliver(timer, timerMessageOf(retry), timerMessageOf(retry))).toBe(0);
    expect(await attempt()).toBe(0);
    expect(await deliveries()).toMatchObject([
      { status: 'delivered', attempts: [{ n: 1 }, { n: 2, trigger: 'schedule', statusCode: 200 }] },
    ]);
    const [first, second] = receiver.received;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(await retries()).toEqual([]);
  });

  it('that comes as two messages at once ends as one', async () => {
    const messages = await queued();
    // While one attempts it, the other comes back: should the first die, it is there.
    expect(await deliver(handler, ...messages, ...messages)).toBeLessThanOrEqual(1);
    expect(await deliver(handler, ...messages)).toBe(0);
    expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: [{ n: 1 }] }]);
  });

  it('answered with 410 disables its endpoint', async () => {
    receiver.answer = { status: 410 };
    await attempt();
    expect(await deliveries()).toMatchObject([{ status: 'failed' }]);
    expect(await desk.store.webhooks.read('acme', 'whk_all')).toMatchObject({
      status: 'disabled',
      disabledBecause: 'The receiver answered 410 Gone.',
    });
    await deliver(spread, ...(await events()));
    await attempt();
    expect(receiver.received).toHaveLength(1);
  });

  it('is skipped when its endpoint was removed meanwhile', async () => {
    await desk.store.webhooks.remove('acme', 'whk_all');
    expect(await attempt()).toBe(0);
    expect(await deliveries()).toMatchObject([{ status: 'skipped', attempts: [] }]);
    expect(receiver.received).toEqual([]);
  });

  it('keeps what was exchanged', async () => {
    receiver.answer = { status: 200, headers: { 'x-request': '7' }, bodyBytes: 20_000 };
    await attempt();
    const [{ attempts } = {}] = await deliveries();
    expect(attempts?.[0]?.exchange).toMatchObject({
      url: `${receiver.origin}/local/hooks/whk_all`,
      remoteAddress: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
      requestHeaders: { 'content-type': 'application/json', 'webhook-signature': expect.any(String) },
      response: { headers: { 'x-request': '7' }, body: 'x'.repeat(16 * 1024), truncated: true },
    });
  });

  it.each(['constructor', '__proto__', 'valueof', 'prototype', 'hasownproperty'])(
    'is delivered and kept with what was exchanged, also when the answer has a header named %s',
    async (name) => {
      receiver.answer = { status: 200, headers: { [name]: 'x', 'x-mine': 'y' }, body: 'thanks' };
      expect(await attempt()).toBe(0);
      const [made] = await deliveries();
      expect(made).toMatchObject({ status: 'delivered', attempts: [{ n: 1, statusCode: 200 }] });
      const kept = made?.attempts[0]?.exchange?.response?.headers ?? {};
      expect(kept).toMatchObject({ 'x-mine': 'y', ...(name !== '__proto__' && { [name]: 'x' }) });
      expect(await desk.store.webhooks.delivery(made?.id ?? '')).toMatchObject({ status: 'delivered' });
    },
  );

  it('answered with webhook-delivery: disable is delivered, and the last', async () => {
    receiver.answer = { status: 204, headers: { 'webhook-delivery': 'disable' } };
    await attempt();
    expect(await deliveries()).toMatchObject([{ status: 'delivered' }]);
    expect(await desk.store.webhooks.read('acme', 'whk_all')).toMatchObject({ status: 'disabled' });
  });

  it('is signed with the secret that is new and the one that was replaced', async () => {
    const other = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const { clock } = desk;
    await desk.store.webhooks.change('acme', 'whk_all', (known) => ({
      endpoint: rotated(known, other, { now: clock.now(), overlapSeconds: 60 }),
      events: [],
      timers: [],
    }));
    await attempt();
    const [request] = receiver.received;
    for (const each of [secret, other])
      expect(new Webhook(each).verify(request?.body ?? '', headersOf(request))).toBeDefined();
    desk.clock.advance(60);
    await deliver(spread, ...(await events()));
    await attempt();
    const last = receiver.received.at(-1);
    expect(new Webhook(other).verify(last?.body ?? '', headersOf(last))).toBeDefined();
    expect(() => new Webhook(secret).verify(last?.body ?? '', headersOf(last))).toThrow();
  });

  it('never reaches an address that was fit to be registered and is no more', async () => {
    await desk.store.webhooks.remove('acme', 'whk_all');
    await endpoint('whk_all', { url: 'https://[::ffff:127.0.0.1]/x' });
    await attempt();
    expect(await deliveries()).toMatchObject([
      { status: 'waiting', attempts: [{ errorCode: 'address_refused' }] },
    ]);
  });

  it('fails for itself: others arrive all the same', async () => {
    await endpoint('whk_refused', { url: 'https://127.0.0.1/x' });
    await deliver(spread, ...(await events()));
    expect(await attempt()).toBe(0);
    const made = await deliveries();
    expect(
      made.filter((each) => each.endpoint === 'whk_all').every((each) => each.status === 'delivered'),
    ).toBe(true);
    expect(
      made.filter((each) => each.endpoint === 'whk_refused').every((each) => each.status === 'waiting'),
    ).toBe(true);
  });
});

describe('the line of an endpoint', () => {
  it('takes what comes for one that has not answered yet, and opens it when it answers quickly', async () => {
    await endpoint('whk_new', { slow: true });
    await deliver(spread, ...(await events()));
    expect(await queued()).toEqual([]);
    await workOff();
    const count = (await events()).length;
    expect(await states()).toEqual(Array(count).fill('delivered'));
    expect(await desk.store.webhooks.read('acme', 'whk_new')).toMatchObject({ slow: false });
    expect(await turns()).toEqual([]);
  });

  it('takes what comes for one that was slow: nobody waits for it', async () => {
    await endpoint('whk_slow');
    receiver.answer = { status: 200, delayMs: 1100 };
    const [first, ...rest] = await events();
    await deliver(spread, first ?? {});
    await attempt();
    expect(await desk.store.webhooks.read('acme', 'whk_slow')).toMatchObject({ slow: true });
    const seen = receiver.received.length;
    await deliver(spread, ...rest);
    expect(await attempt()).toBe(0);
    expect(receiver.received).toHaveLength(seen);
    receiver.answer = { status: 200 };
    await workOff();
    expect(new Set(await states())).toEqual(new Set(['delivered']));
    expect(await desk.store.webhooks.read('acme', 'whk_slow')).toMatchObject({ slow: false });
  });

  it('takes a retry, too, and one that found all slots in flight taken', async () => {
    await endpoint('whk_full');
    const others = Array.from({ length: 10 }, (_, n) => `whd_other${n}`);
    const inFlight = { batch: 'bat_1', deliveries: others };
    await desk.store.webhooks.take('acme', 'whk_full', inFlight, desk.clock.now());
    await deliver(spread, await paged());
    expect(await attempt()).toBe(0);
    expect(receiver.received).toHaveLength(0);
    await workOff();
    expect(receiver.received).toHaveLength(1);
  });

  it('keeps what was in it as skipped when its endpoint is disabled or removed meanwhile', async () => {
    await endpoint('whk_off', { slow: true });
    await endpoint('whk_gone', { slow: true });
    await deliver(spread, await paged());
    await desk.store.webhooks.change('acme', 'whk_off', (known) => disabled(known, 'x'));
    await desk.store.webhooks.remove('acme', 'whk_gone');
    await workOff();
    expect(await states()).toEqual(['skipped', 'skipped']);
    expect(await turns()).toEqual([]);
    expect(receiver.received).toEqual([]);
  });

  it('is worked off by one at a time, in turns; a message of an old turn does nothing', async () => {
    await endpoint('whk_new', { slow: true });
    await deliver(spread, ...(await events()));
    const messages = await turns();
    expect(await deliver(line, ...messages, ...messages)).toBe(0);
    expect(await deliver(line, ...messages)).toBe(0);
    expect(receiver.received).toHaveLength((await events()).length);
  });

  it('is not held up by one that cannot be read: that is a dead letter, and the rest goes on', async () => {
    await endpoint('whk_new', { slow: true });
    await deliver(spread, ...(await events()));
    const [bad] = await deliveries();
    const { documents, table } = desk;
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: `WHD#${bad?.id}`, sk: 'DELIVERY' },
        UpdateExpression: 'SET attempts = :broken',
        ExpressionAttributeValues: { ':broken': 'x' },
      }),
    );
    await workOff();
    expect(kept).toEqual([{ kind: 'delivery', id: bad?.id }]);
    expect(receiver.received).toHaveLength((await events()).length - 1);
    expect(await desk.store.webhooks.firstInLine('whk_new', 1)).toEqual([]);
    // It is mended, and handed in again.
    await documents.send(new PutCommand({ TableName: table, Item: { ...bad } }));
    expect(await deliver(line, ...(kept as object[]))).toBe(0);
    expect(new Set(await states())).toEqual(new Set(['delivered']));
  });

  it('keeps whoever could not be attempted now, lets the others go, and its message comes back', async () => {
    await endpoint('whk_new', { slow: true });
    await deliver(spread, ...(await events()));
    const [turn] = await turns();
    // Its first attempt is on the way; what follows of it is not written.
    desk.faults.diesAfter = 8;
    expect(await deliver(line, turn ?? {})).toBe(1);
    desk.faults.diesAfter = Number.POSITIVE_INFINITY;
    expect(kept).toEqual([]);
    desk.clock.advance(61);
    expect(await deliver(line, turn ?? {})).toBe(0);
    expect(new Set(await states())).toEqual(new Set(['delivered']));
  });
});

describe('a recovery', () => {
  const recover = async (statuses: WebhookDelivery['status'][]) => {
    const { store, clock } = desk;
    const since = addSeconds(clock.now(), -3600);
    const range = { since, until: clock.now(), statuses, after: null, turn: 1 };
    await store.webhooks.createRecovery({ id: 'rec_1', endpoint: 'whk_1', partner: 'acme', ...range });
    const message = { kind: 'recovery', id: 'rec_1', turn: 1 };
    expect(await deliver(line, message)).toBe(0);
    expect(await store.webhooks.recovery('rec_1')).toBeNull();
    expect(await deliver(line, message)).toBe(0);
  };

  it('brings back what was skipped, with the whole schedule, and leaves what was delivered', async () => {
    await endpoint('whk_1');
    await deliver(spread, await paged());
    await attempt();
    await desk.store.webhooks.change('acme', 'whk_1', (known) => disabled(known, 'x'));
    await deliver(spread, ...(await events()));
    const missed = (await events()).length - 1;
    expect((await states()).filter((status) => status === 'skipped')).toHaveLength(missed);
    await desk.store.webhooks.change('acme', 'whk_1', enabled);
    receiver.answer = { status: 503 };
    desk.clock.advance(6);
    await recover(['skipped']);
    expect((await deliveries()).filter(({ trigger }) => trigger === 'recovery')).toHaveLength(missed);
    await workOff();
    expect((await states()).filter((status) => status === 'waiting')).toHaveLength(missed);
    expect(await retries()).toHaveLength(missed);
    expect((await deliveries()).filter(({ status }) => status === 'delivered')).toHaveLength(1);
  });
});

it('that hangs is asked ten side by side once, then two, until one of them is answered', async () => {
  await endpoint('whk_hangs', { slow: true });
  const known = await paged();
  const many = Array.from({ length: 30 }, (_, n) => ({ ...known.event, id: `evt_${n}` }));
  await deliver(spread, ...many.map((event) => ({ kind: 'event', event })));
  const answers = [...Array(13).fill(15_000), 20];
  const rounds: number[] = [];
  let inFlight = 0;
  const sender: WebhookSender = {
    send: async () => {
      if (inFlight++ === 0) rounds.push(0);
      rounds.push((rounds.pop() ?? 0) + 1);
      const totalMs = answers.shift() ?? 20;
      await setImmediate();
      inFlight--;
      return anAttempt({ totalMs });
    },
  };
  const failures = { keep: async (letter: unknown) => void kept.push(letter) };
  line = makeLine({ store: desk.store, sender, clock: desk.clock, random, failures });
  await workOff();
  expect(rounds).toEqual([10, 2, 2, 10, 6]);
});

it('that hangs holds no more than five of those that deliver, also before it is known to be slow', async () => {
  await endpoint('whk_hangs');
  receiver.answer = { status: 200, delayMs: 1500 };
  const known = await paged();
  const seven = Array.from({ length: 7 }, (_, n) => ({ ...known.event, id: `evt_${n}` }));
  await deliver(spread, ...seven.map((event) => ({ kind: 'event', event })));
  await Promise.all((await queued()).map(async (message) => expect(await deliver(handler, message)).toBe(0)));
  expect(receiver.received).toHaveLength(5);
  expect(await desk.store.webhooks.firstInLine('whk_hangs', 10)).toHaveLength(2);
});

describe('what a recovery brought back', () => {
  it('stands in line for its later attempts, too, behind what is fresh', async () => {
    await endpoint('whk_1', { status: 'disabled', disabledBecause: 'x' });
    const [first, second] = await events();
    await deliver(spread, first ?? {});
    await desk.store.webhooks.change('acme', 'whk_1', (known) => ({
      ...enabled(known),
      endpoint: { ...enabled(known).endpoint, slow: false },
    }));
    desk.clock.advance(6);
    const range = { since: addSeconds(desk.clock.now(), -3600), until: desk.clock.now(), after: null };
    const recovery = { id: 'rec_1', endpoint: 'whk_1', partner: 'acme', ...range, turn: 1 };
    await desk.store.webhooks.createRecovery({ ...recovery, statuses: ['skipped'] });
    expect(await deliver(line, { kind: 'recovery', id: 'rec_1', turn: 1 })).toBe(0);
    receiver.answer = { status: 503 };
    await workOff();
    desk.clock.advance(7);
    expect(await deliver(timer, ...(await retries()).map(timerMessageOf))).toBe(0);
    expect(await attempt()).toBe(0);
    expect(receiver.received).toHaveLength(1);
    const [recovered] = await deliveries();
    desk.clock.advance(1);
    await desk.store.webhooks.setSlow(anEndpoint('whk_1', { partner: 'acme' }), true);
    await deliver(spread, second ?? {});
    const waiting = await desk.store.webhooks.firstInLine('whk_1', 10);
    expect(waiting.map(({ delivery }) => delivery === recovered?.id)).toEqual([false, true]);
    receiver.answer = { status: 200 };
    await workOff();
    expect(new Set(await states())).toEqual(new Set(['delivered']));
    expect((await deliveries()).find(({ id }) => id === recovered?.id)?.attempts).toMatchObject([
      { trigger: 'recovery' },
      { trigger: 'schedule' },
    ]);
  });
});

it('takes those of a batch that find no slot into their line together', async () => {
  await endpoint('whk_full');
  const inFlight = { batch: 'bat_1', deliveries: Array.from({ length: 10 }, (_, n) => `whd_other${n}`) };
  await desk.store.webhooks.take('acme', 'whk_full', inFlight, desk.clock.now());
  await deliver(spread, ...(await events()));
  const messages = await queued();
  desk.requests.length = 0;
  expect(await deliver(handler, ...messages)).toBe(0);
  const asked = desk.requests.map(({ operation }) => operation);
  expect(asked.filter((operation) => operation === 'TransactWriteItems')).toHaveLength(1);
  expect(asked.filter((operation) => operation === 'PutItem')).toHaveLength(messages.length);
  expect(await desk.store.webhooks.firstInLine('whk_full', 10)).toHaveLength(messages.length);
  expect(messages.length).toBeGreaterThan(2);
});

describe('a conflict in which nothing was written', () => {
  it('makes no retry late and no attempt unrecorded', async () => {
    await endpoint('whk_1');
    await deliver(spread, await paged());
    receiver.answer = { status: 503 };
    await attempt();
    const [retry] = await retries();
    if (!retry) throw new Error('no retry');
    desk.clock.advance(7);
    desk.faults.nextConflicts = 2;
    expect(await deliver(timer, timerMessageOf(retry))).toBe(0);
    expect(await states()).toEqual(['queued']);
    desk.faults.nextConflicts = 1;
    expect(await attempt()).toBe(1);
    expect(await states()).toEqual(['queued']);
    desk.clock.advance(60);
    expect(await attempt()).toBe(0);
    expect(await deliveries()).toMatchObject([{ status: 'waiting', attempts: [{ n: 1 }, { n: 2 }] }]);
  });

  it('leaves nothing that is recovered in a line that nobody works off', async () => {
    await endpoint('whk_1', { status: 'disabled', disabledBecause: 'x' });
    await deliver(spread, ...(await events()));
    await workOff();
    expect(new Set(await states())).toEqual(new Set(['skipped']));
    await desk.store.webhooks.change('acme', 'whk_1', enabled);
    desk.clock.advance(6);
    const range = { since: addSeconds(desk.clock.now(), -3600), until: desk.clock.now(), after: null };
    const recovery = { id: 'rec_1', endpoint: 'whk_1', partner: 'acme', ...range, turn: 1 };
    await desk.store.webhooks.createRecovery({ ...recovery, statuses: ['skipped'] });
    const message = { kind: 'recovery', id: 'rec_1', turn: 1 };
    desk.faults.conflictRate = 1;
    expect(await deliver(line, message)).toBe(1);
    desk.faults.conflictRate = 0;
    expect(await turns()).toEqual([]);
    expect(await deliver(line, message)).toBe(0);
    await workOff();
    expect(new Set(await states())).toEqual(new Set(['delivered']));
  });
});

describe('a test', () => {
  it('is attempted once, whatever its endpoint is, and teaches nothing of it', async () => {
    await endpoint('whk_1', { status: 'disabled', disabledBecause: 'x', slow: true });
    const known = anEndpoint('whk_1', { partner: 'acme' });
    const made = { id: 'whd_test', body: '{}', now: desk.clock.now() };
    const event = { id: 'evt_test', type: 'ticket.created' };
    await desk.store.webhooks.addDeliveries([testDelivery(known, event, made)], made.now);
    receiver.answer = { status: 500 };
    const message = { kind: 'test', id: 'whd_test' };
    expect(await deliver(line, message, message)).toBe(0);
    expect(await deliver(line, message)).toBe(0);
    expect(await deliveries()).toMatchObject([
      { status: 'failed', attempts: [{ trigger: 'test', errorCode: 'status_500' }] },
    ]);
    expect(await desk.store.webhooks.read('acme', 'whk_1')).toMatchObject({ failingSince: null });
    desk.clock.advance(6);
    const range = { since: addSeconds(made.now, -1), until: desk.clock.now(), after: null };
    const recovery = { id: 'rec_1', endpoint: 'whk_1', partner: 'acme', ...range, turn: 1 };
    await desk.store.webhooks.createRecovery({ ...recovery, statuses: ['failed'] });
    expect(await deliver(line, { kind: 'recovery', id: 'rec_1', turn: 1 })).toBe(0);
    expect(await states()).toEqual(['failed']);
  });
});

describe('an endpoint that fails', () => {
  const fire = async (kind: string) => {
    const timers = (await desk.rows()).filter((row) => row.outbox === 'timer' && row.kind === kind);
    return deliver(timer, ...(timers as unknown as Timer[]).map(timerMessageOf));
  };

  it('is warned of after an hour, disabled after five days, and its owner and the desk are told', async () => {
    await endpoint('whk_1');
    await endpoint('whk_desk', { partner: null });
    receiver.answer = { status: 500 };
    await deliver(spread, await paged());
    await attempt();
    expect(await desk.store.webhooks.read('acme', 'whk_1')).toMatchObject({
      failingSince: expect.any(String),
    });
    desk.clock.advance(3600);
    expect(await fire('failing')).toBe(0);
    desk.clock.advance(5 * 86_400 - 3600);
    expect(await fire('failing')).toBe(0);
    expect(await fire('failing')).toBe(0);
    expect(await desk.store.webhooks.read('acme', 'whk_1')).toMatchObject({ status: 'disabled', seq: 2 });
    const told = (await desk.rows()).filter((row) => row.outbox === 'event' && row.ticket === 'whk_1');
    expect(told.map(({ type, partner }) => [type, partner])).toEqual([
      ['webhook.failing', 'acme'],
      ['webhook.disabled', 'acme'],
    ]);
    expect(told.map(({ at, expiresAt }) => Number(expiresAt) - Date.parse(String(at)) / 1000)).toEqual([
      expect.closeTo(keptDays * 86_400, -1),
      expect.closeTo(keptDays * 86_400, -1),
    ]);
    expect(verifyChain(told as never, (await desk.store.webhooks.read('acme', 'whk_1')) as never)).toEqual(
      [],
    );
    expect(told[0]?.text).toMatch(/^whk_1 could deliver nothing to localhost:\d+ since /);
    await endpoint('whk_2');
    await deliver(spread, ...told.map(({ outbox: _, ...event }) => ({ kind: 'event', event })));
    const sent = (await deliveries()).filter(({ event }) => event.type === 'webhook.failing');
    expect(sent.map((each) => each.endpoint).sort()).toEqual(['whk_1', 'whk_2', 'whk_desk']);
  });

  it('and recovers in time is forgiven', async () => {
    await endpoint('whk_1');
    receiver.answer = { status: 500 };
    await deliver(spread, await paged());
    await attempt();
    receiver.answer = { status: 200 };
    const [retry] = await retries();
    desk.clock.advance(7);
    await deliver(timer, timerMessageOf(retry as Timer));
    await attempt();
    expect(await desk.store.webhooks.read('acme', 'whk_1')).toMatchObject({ failingSince: null });
    expect((await desk.rows()).filter((row) => row.kind === 'failing')).toEqual([]);
  });
});

it('attempts a batch for one endpoint by one read, slots that are taken together, and one write each', async () => {
  await endpoint('whk_all');
  await deliver(spread, ...(await events()));
  const messages = (await queued()).slice(0, 3);
  desk.requests.length = 0;
  expect(await deliver(handler, ...messages)).toBe(0);
  const [read, take, ...after] = desk.requests.map(({ operation }) => operation);
  expect([read, take]).toEqual(['BatchGetItem', 'UpdateItem']);
  // How many of them end close enough to each other to give their slots back together is the machine's to say.
  expect(after.filter((operation) => operation !== 'UpdateItem')).toEqual(Array(3).fill('PutItem'));
  expect(after.length).toBeLessThanOrEqual(6);
});

it('reads the endpoints once for a batch of events', async () => {
  await endpoint('whk_all');
  desk.requests.length = 0;
  await deliver(spread, ...(await events()));
  const reads = desk.requests.map(({ operation }) => operation).filter((operation) => !/Put/.test(operation));
  // The first is the test's own, of the ticket's events.
  expect(reads).toEqual(['Query', 'BatchGetItem', 'Query']);
});

it('costs one read where nobody listens, also when the last endpoint was removed', async () => {
  await endpoint('whk_all');
  await desk.store.webhooks.remove('acme', 'whk_all');
  const messages = await events();
  desk.requests.length = 0;
  await deliver(spread, ...messages);
  expect(desk.requests.map(({ operation }) => operation)).toEqual(['BatchGetItem']);
});

it('returns what cannot be read, and handles what comes with it', async () => {
  await endpoint('whk_all');
  const { event } = await paged();
  expect(
    await deliver(
      spread,
      'x',
      { kind: 'page', id: 'p' },
      { kind: 'event', event: { ...event, seq: 'one' } },
      { kind: 'event', event },
    ),
  ).toBe(3);
  expect(await deliveries()).toHaveLength(1);
});
