import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { makeHandler as makeDeliver } from '../../functions/deliver-webhook/deliver-webhook.ts';
import { makeHandler as makeOutbox } from '../../functions/outbox/outbox.ts';
import { makeHandler as makeSpread } from '../../functions/spread-event/spread-event.ts';
import { makeHandler as makeSweep } from '../../functions/sweep/sweep.ts';
import { makeHandler as makeTimer } from '../../functions/timer/timer.ts';
import { makeHandler as makeLine } from '../../functions/webhook-line/webhook-line.ts';
import type { Fate } from '../../shared/effects/batches.ts';
import { delaySeconds, type TimerQueue } from '../../shared/effects/queues.ts';
import { createWebhookSender } from '../../shared/effects/webhook-sender.ts';
import { systemRandom as random } from '../../shared/runtime/random.ts';
import { createStore } from '../../shared/store/index.ts';
import type { FromWorker, FunctionName, Sent, ToWorker } from './webhook-cloud.ts';

/** A process that runs the functions between an event and its deliveries, until webhook-cloud.ts kills it. */
const [table = '', endpoint = '', localOrigin = ''] = process.argv.slice(2);
let aheadMs = 0;
const clock = { now: () => new Date(Date.now() + aheadMs).toISOString() };
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
const store = createStore({ table, client, random, clock });
const sender = createWebhookSender({ clock, localOrigin });
const tell = (message: FromWorker) => void process.send?.(message);

/** What is sent is there once that is confirmed: this process may die before it knows. */
const unconfirmed = new Map<number, () => void>();
async function send(sent: readonly Sent[]): Promise<Fate[]> {
  const call = Math.random();
  await new Promise<void>((confirmed) => {
    unconfirmed.set(call, confirmed);
    tell({ is: 'sending', call, sent });
  });
  return sent.map(() => ({ state: 'done' }));
}

const failures = {
  keep: async (record: unknown) => void (await send([{ to: 'dead', body: JSON.stringify(record) }])),
};
const timers: TimerQueue = {
  send: (due, now) =>
    send(
      due.map(({ home, subject, kind, dueAt, generation }) => ({
        to: 'timer',
        body: JSON.stringify({ home, subject, kind, dueAt, generation }),
        delaySeconds: delaySeconds(dueAt, now),
      })),
    ),
};
const functions: Record<FunctionName, (event: never, context: never) => Promise<unknown>> = {
  outbox: makeOutbox({
    events: {
      publish: (messages) => send(messages.map((each) => ({ to: each.kind, body: JSON.stringify(each) }))),
    },
    timers,
    failures,
    clock,
  }),
  'spread-event': makeSpread({ store, clock }),
  'deliver-webhook': makeDeliver({ store, sender, clock, random }),
  'webhook-line': makeLine({ store, sender, clock, random, failures }),
  timer: makeTimer({ store, clock, random }),
  sweep: makeSweep({ store, queue: timers, clock }),
};

process.on('message', async (message: ToWorker) => {
  if (message.do === 'clock') aheadMs = message.aheadMs;
  else if (message.do === 'confirm') {
    unconfirmed.get(message.call)?.();
    unconfirmed.delete(message.call);
  } else {
    const { call, name, event } = message;
    const context = { awsRequestId: String(call), getRemainingTimeInMillis: () => 10_000 };
    const answer = await functions[name](JSON.parse(event) as never, context as never);
    tell({ is: 'done', call, answer: JSON.stringify(answer) });
  }
});
process.on('disconnect', () => process.exit());
tell({ is: 'ready' });
