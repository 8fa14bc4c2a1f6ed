import { setTimeout as wait } from 'node:timers/promises';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { webhookCloud } from '../fakes/webhook-cloud.ts';
import { webhookReceiver } from '../fakes/webhook-receiver.ts';
import { anEndpoint, anEvent, aTicket, creation } from '../store/samples.ts';
import { world } from '../store/world.ts';

/**
 * 10,000 deliveries: 500 events, each to as many endpoints as an owner may have, while one of the two processes that
 * do it is killed again and again, whatever it is at. Receivers refuse now and then, and one is slow now and then.
 */
const endpoints = 20;
const events = 500;
const eventsATicket = 4;
const kills = 40;

it('of 10,000 deliveries none is lost, and what arrives twice has its id and its bytes, over workers killed at random', async () => {
  const w = await world();
  const receiver = await webhookReceiver();
  const arrived = new Map<string, { times: number; bodies: Set<string> }>();
  receiver.answer = ({ path, headers, body }) => {
    const known = `${path} ${headers['webhook-id']}`;
    const { times, bodies } = arrived.get(known) ?? { times: 0, bodies: new Set() };
    arrived.set(known, { times: times + 1, bodies: bodies.add(body) });
    if (arrived.size % 100 === 0 && times === 0) return { status: 503 };
    return { status: 204, delayMs: path.endsWith('whk_0') && Math.random() < 0.02 ? 1100 : 0 };
  };
  const ids = Array.from({ length: endpoints }, (_, n) => `whk_${n}`);
  for (const id of ids)
    await w.store.webhooks.create(
      anEndpoint(id, { url: `${receiver.origin}/local/hooks/${id}`, slow: true }),
    );
  const cloud = await webhookCloud({
    ...{ table: w.table, startsAt: w.clock.now(), localOrigin: receiver.origin, workers: 2 },
  });
  try {
    let isOver = false;
    const happened: string[] = [];
    const happen = async (tickets: number) => {
      for (let n = 0; n < tickets; n++) {
        const ticket = aTicket();
        const made = Array.from({ length: eventsATicket }, () => anEvent());
        await w.store.cases.commit(null, creation(ticket, { events: made }), cloud.now());
        const { data } = await w.store.cases.events(ticket, { limit: eventsATicket });
        happened.push(...data.map(({ id }) => id));
      }
    };
    const kill = async () => {
      const at = Array.from({ length: kills }, () => Math.random() * endpoints * events * 0.99);
      for (const arrivals of at.sort((one, other) => one - other)) {
        while (arrived.size < arrivals && !isOver) await wait(5);
        cloud.killOne();
      }
    };
    // From then on none of them stands in line for being new.
    await happen(1);
    await cloud.untilNothingIsLeft();
    const killing = kill();
    await happen(events / eventsATicket - 1);
    await cloud.untilNothingIsLeft();
    isOver = true;
    await killing;

    const missing = ids.flatMap((id) =>
      happened.filter((event) => !arrived.has(`/local/hooks/${id} ${event}`)).map((event) => ({ id, event })),
    );
    expect(missing).toEqual([]);
    expect(arrived.size).toBe(endpoints * events);
    const others = [...arrived].filter(
      ([known, { bodies }]) => bodies.size > 1 || !known.endsWith(JSON.parse([...bodies].join()).id),
    );
    expect(others).toEqual([]);
    expect(await statesOf(w)).toEqual({ delivered: endpoints * events });
    expect(cloud.deadLetters).toEqual([]);
    // It was not for nothing.
    expect(cloud.cutOff()).toBeGreaterThan(kills);
    expect(receiver.received.length).toBeGreaterThan(endpoints * events);
  } finally {
    cloud.close();
    await receiver.close();
  }
});

/** How many deliveries there are in each state. */
async function statesOf({ documents, table }: Awaited<ReturnType<typeof world>>) {
  const states: Record<string, number> = {};
  let after: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new ScanCommand({
        ...{ TableName: table, ConsistentRead: true, ExclusiveStartKey: after },
        FilterExpression: 'begins_with(pk, :delivery) AND sk = :row',
        ExpressionAttributeValues: { ':delivery': 'WHD#', ':row': 'DELIVERY' },
        ProjectionExpression: '#status',
        ExpressionAttributeNames: { '#status': 'status' },
      }),
    );
    for (const { status } of page.Items ?? []) states[status] = (states[status] ?? 0) + 1;
    after = page.LastEvaluatedKey;
  } while (after);
  return states;
}
