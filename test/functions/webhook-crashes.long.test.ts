import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeHandler as makeDeliver } from '../../functions/deliver-webhook/deliver-webhook.ts';
import { makeHandler as makeSpread } from '../../functions/spread-event/spread-event.ts';
import { makeHandler as makeTimer } from '../../functions/timer/timer.ts';
import { makeHandler as makeLine } from '../../functions/webhook-line/webhook-line.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import type { Timer } from '../../shared/domain/timer.ts';
import type { WebhookSender } from '../../shared/effects/webhook-sender.ts';
import type { Store } from '../../shared/store/store.ts';
import { deliver, random, timerMessageOf } from '../fakes/carrier-desk.ts';
import { aDelivery, anAttempt, anEndpoint, anEvent, aTicket, creation } from '../store/samples.ts';
import { start, type World, world } from '../store/world.ts';

/**
 * A function dies after each of its requests to DynamoDB in turn, and its message comes back, or its guard does
 * when the message is gone. Whatever was to be sent is sent.
 */
interface Stage extends World {
  functions: (store: Store) => ReturnType<typeof functionsOn>;
  sent: string[];
  rows(): Promise<Record<string, unknown>[]>;
  /** Carries on what the outbox, the queues and the timers would, until nothing is left to do. */
  carryOn(): Promise<void>;
}

function functionsOn(store: Store, clock: World['clock'], sender: WebhookSender) {
  const failures = { keep: () => Promise.reject(new Error('a dead letter')) };
  return {
    spread: makeSpread({ store, clock }),
    line: makeLine({ store, sender, clock, random, failures }),
    deliver: makeDeliver({ store, sender, clock, random }),
    timer: makeTimer({ store, clock, random }),
  };
}

async function stage(): Promise<Stage> {
  const w = await world();
  const sent: string[] = [];
  const sender: WebhookSender = {
    async send({ id }) {
      sent.push(id);
      return anAttempt({ statusCode: 200, errorCode: null });
    },
  };
  const functions = (store: Store) => functionsOn(store, w.clock, sender);
  const well = functions(w.another());
  const rows = async () =>
    (await w.documents.send(new ScanCommand({ TableName: w.table, ConsistentRead: true }))).Items ?? [];
  return {
    ...w,
    functions,
    sent,
    rows,
    async carryOn() {
      for (let rounds = 0; rounds < 20; rounds++) {
        const work = await rows();
        const of = (outbox: string) => work.filter((row) => row.outbox === outbox);
        const due = (of('timer') as unknown as Timer[]).filter(({ dueAt }) => dueAt <= w.clock.now());
        const [deliveries, lines] = [of('delivery'), of('line')];
        if (deliveries.length + lines.length + due.length === 0) return;
        await deliver(well.deliver, ...deliveries.map(({ id }) => ({ kind: 'delivery', id })));
        await deliver(well.line, ...lines.map(({ endpoint, turn }) => ({ kind: 'line', endpoint, turn })));
        expect(await deliver(well.timer, ...due.map(timerMessageOf))).toBe(0);
      }
      throw new Error('It never comes to an end.');
    },
  };
}

/** Once for each number of requests after which it may die, until it lives. */
async function atEveryRequest(
  once: (on: Stage, dying: (act: () => Promise<number>) => Promise<void>) => Promise<void>,
) {
  for (let requests = 0, lived = false; !lived; requests++) {
    expect(requests, 'It never lives.').toBeLessThan(60);
    const on = await stage();
    await once(on, async (act) => {
      on.faults.diesAfter = requests;
      lived = (await act()) === 0;
    });
  }
}

const back = 61;
const guard = 125;
const slowEndpoint = anEndpoint('whk_1', { slow: true });

describe('nothing is lost when', () => {
  it('an event is being spread, and its endpoint is no longer slow when it comes back', () =>
    atEveryRequest(async (on, dying) => {
      const w = on.another();
      await w.webhooks.create(slowEndpoint);
      await w.webhooks.create(anEndpoint('whk_2', { slow: true }));
      const number = aTicket().number;
      await w.cases.commit(
        null,
        creation(aTicket({ number }), { events: [anEvent({ type: 'ticket.created' })] }),
        start,
      );
      const { data } = await w.cases.events({ partner: 'par_acme', number }, { limit: 10 });
      const messages = data.map(({ salt: _, ...event }) => ({ kind: 'event', event }));
      await dying(() => deliver(on.functions(on.store).spread, ...messages));
      await w.webhooks.setSlow(slowEndpoint, false);
      on.clock.advance(back);
      expect(await deliver(on.functions(w).spread, ...messages)).toBe(0);
      await on.carryOn();
      expect(on.sent).toHaveLength(2 * data.length);
    }));

  it.each([
    ['its message comes back', back],
    ['its message is gone', guard],
  ])('a line is being worked off, and %s', (_how, later) =>
    atEveryRequest(async (on, dying) => {
      const w = on.another();
      await w.webhooks.create(slowEndpoint);
      const ids = ['whd_1', 'whd_2', 'whd_3'];
      const made = ids.map((id) => aDelivery(id, { way: 'line', event: { id, type: 'ticket.created' } }));
      await w.webhooks.addDeliveries(made, start);
      const turn = (await on.rows()).find(({ outbox }) => outbox === 'line')?.turn;
      const message = { kind: 'line', endpoint: 'whk_1', turn };
      await dying(() => deliver(on.functions(on.store).line, message));
      // Where it died after its claim, the stream has nothing more to tell of this turn.
      on.clock.advance(later);
      if (later === back) await deliver(on.functions(w).line, message);
      await on.carryOn();
      expect(new Set(on.sent)).toEqual(new Set(ids));
      for (const id of ids) expect(await w.webhooks.delivery(id)).toMatchObject({ status: 'delivered' });
      expect(await w.webhooks.firstInLine('whk_1', 10)).toEqual([]);
    }),
  );

  it('deliveries are being brought back', () =>
    atEveryRequest(async (on, dying) => {
      const w = on.another();
      await w.webhooks.create(slowEndpoint);
      const ids = ['whd_1', 'whd_2', 'whd_3'];
      const made = ids.map((id) =>
        aDelivery(id, { status: 'failed', event: { id, type: 'ticket.created' } }),
      );
      await w.webhooks.addDeliveries(made, start);
      const range = { since: start, until: addSeconds(start, 1), statuses: ['failed' as const], after: null };
      await w.webhooks.createRecovery({
        id: 'rec_1',
        endpoint: 'whk_1',
        partner: 'par_acme',
        ...range,
        turn: 1,
      });
      const message = { kind: 'recovery', id: 'rec_1', turn: 1 };
      await dying(() => deliver(on.functions(on.store).line, message));
      on.clock.advance(back);
      expect(await deliver(on.functions(w).line, message)).toBe(0);
      await on.carryOn();
      expect(new Set(on.sent)).toEqual(new Set(ids));
      for (const id of ids) expect(await w.webhooks.delivery(id)).toMatchObject({ status: 'delivered' });
    }));

  it('a delivery is being attempted', () =>
    atEveryRequest(async (on, dying) => {
      const w = on.another();
      await w.webhooks.create(anEndpoint('whk_1'));
      await w.webhooks.addDeliveries([aDelivery('whd_1')], start);
      const message = { kind: 'delivery', id: 'whd_1' };
      await dying(() => deliver(on.functions(on.store).deliver, message));
      on.clock.advance(back);
      expect(await deliver(on.functions(w).deliver, message)).toBe(0);
      await on.carryOn();
      expect(on.sent.length).toBeGreaterThanOrEqual(1);
      expect(await w.webhooks.delivery('whd_1')).toMatchObject({ status: 'delivered' });
    }));
});
