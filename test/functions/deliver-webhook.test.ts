import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHandler } from '../../functions/deliver-webhook/deliver-webhook.ts';
import { makeHandler as makeTimer } from '../../functions/timer/timer.ts';
import type { Timer } from '../../shared/domain/timer.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { createWebhookSender } from '../../shared/effects/webhook-sender.ts';
import type { TicketAddress } from '../../shared/store/store.ts';
import { type Desk, deliver, nightDesk, random, timerMessageOf } from '../fakes/carrier-desk.ts';
import { type WebhookReceiver, webhookReceiver } from '../fakes/webhook-receiver.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let desk: Desk;
let receiver: WebhookReceiver;
let handler: ReturnType<typeof makeHandler>;
let timer: ReturnType<typeof makeTimer>;
let ticket: TicketAddress;

beforeEach(async () => {
  desk = await nightDesk();
  receiver = await webhookReceiver();
  const { store, clock } = desk;
  // The signature carries the real time, so that the package's tolerance can be checked.
  const real = { now: () => new Date().toISOString() };
  const sender = createWebhookSender({ clock: real, localOrigin: receiver.origin });
  handler = makeHandler({ store, sender, clock, random });
  timer = makeTimer({ store, clock, random });
  ticket = await desk.escalated();
});
afterEach(() => receiver.close());

const endpoint = async (id: string, change: Partial<WebhookEndpoint> = {}): Promise<void> =>
  desk.store.webhooks.create({
    id,
    partner: 'acme',
    url: `${receiver.origin}/local/hooks/${id}`,
    eventTypes: ['*'],
    description: null,
    secret,
    status: 'enabled',
    disabledBecause: null,
    createdAt: desk.clock.now(),
    ...change,
  });
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
    .filter(({ status }) => status === 'queued')
    .map(({ id }) => ({ kind: 'delivery', id }));
const attempt = async () => deliver(handler, ...(await queued()));

describe('an event', () => {
  it('becomes one delivery for each endpoint that wants it', async () => {
    await endpoint('whk_all');
    await endpoint('whk_escalations', { eventTypes: ['escalation.*'] });
    await endpoint('whk_tickets', { eventTypes: ['ticket.*'] });
    await endpoint('whk_other', { partner: 'globex' });
    await endpoint('whk_desk', { partner: null });
    expect(await deliver(handler, await paged())).toBe(0);
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
    await deliver(handler, message, message, message);
    await attempt();
    await deliver(handler, message);
    expect(await deliveries()).toMatchObject([{ status: 'delivered' }]);
    expect(receiver.received).toHaveLength(1);
  });

  it("that is internal reaches the desk's endpoints only", async () => {
    await endpoint('whk_all');
    await endpoint('whk_desk', { partner: null });
    const { kind, event } = await paged();
    await deliver(handler, { kind, event: { ...event, internal: true } });
    expect(await deliveries()).toMatchObject([{ endpoint: 'whk_desk' }]);
  });

  it('is kept as skipped for an endpoint that is disabled', async () => {
    await endpoint('whk_off', { status: 'disabled', disabledBecause: 'by hand' });
    await deliver(handler, await paged());
    expect(await deliveries()).toMatchObject([{ status: 'skipped' }]);
    expect(await queued()).toEqual([]);
  });
});

describe('a delivery', () => {
  beforeEach(async () => {
    await endpoint('whk_all');
    await deliver(handler, await paged());
  });

  it('arrives signed, with the event as its id', async () => {
    expect(await attempt()).toBe(0);
    const [request] = receiver.received;
    const headers = Object.fromEntries(
      Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
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
    expect(await deliver(handler, ...messages, ...messages)).toBe(0);
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
    await deliver(handler, ...(await events()));
    await attempt();
    expect(receiver.received).toHaveLength(1);
  });

  it('is skipped when its endpoint was removed meanwhile', async () => {
    await desk.store.webhooks.remove('acme', 'whk_all');
    expect(await attempt()).toBe(0);
    expect(await deliveries()).toMatchObject([{ status: 'skipped', attempts: [] }]);
    expect(receiver.received).toEqual([]);
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
    await deliver(handler, ...(await events()));
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

it('returns what cannot be read, and handles what comes with it', async () => {
  await endpoint('whk_all');
  const { event } = await paged();
  expect(
    await deliver(
      handler,
      'x',
      { kind: 'page', id: 'p' },
      { kind: 'event', event: { ...event, seq: 'one' } },
      { kind: 'event', event },
    ),
  ).toBe(3);
  expect(await deliveries()).toHaveLength(1);
});
