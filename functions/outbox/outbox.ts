import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { measuresOf } from '../../shared/domain/reports/measures.ts';
import type { Timer } from '../../shared/domain/timer.ts';
import type { Fate } from '../../shared/effects/batches.ts';
import type { DeskEvents } from '../../shared/effects/desk-events.ts';
import type { DeskMessage, EventMessage } from '../../shared/effects/messages.ts';
import { type FailureQueue, queueHorizon, type TimerQueue } from '../../shared/effects/queues.ts';
import { workOf } from '../../shared/effects/stream.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { eventFunction, metrics } from '../../shared/runtime/handler.ts';
import { described, log } from '../../shared/runtime/logging.ts';

export interface OutboxDependencies {
  events: DeskEvents;
  timers: TimerQueue;
  failures: FailureQueue;
  clock: Clock;
}

interface Item<T> {
  record: DynamoDBRecord;
  work: T;
}

/**
 * Passes on what was committed, pages first. Timers that are due beyond the queue's reach are
 * left to the sweep. What can never be passed on goes whole to the failure queue and holds nothing up. At
 * what cannot be passed on now the stream stops, and comes back until the record expires; what followed in
 * the batch is then passed on twice, which every consumer bears.
 */
export function makeHandler({ events, timers, failures, clock }: OutboxDependencies) {
  return eventFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(async ({ Records }) => {
    const horizon = queueHorizon(clock.now());
    const { pages, others, due, unreadable } = sorted(Records);

    const failed = new Set<DynamoDBRecord>();
    await Promise.all([
      pass([...pages, ...others], events.publish),
      pass(
        due.filter(({ work }) => work.dueAt <= horizon),
        (timersDue) => timers.send(timersDue, clock.now()),
      ),
      keep(unreadable),
    ]);
    // Lambda starts again from the lowest number that it is given: the first in the batch's order.
    const first = Records.find((record) => failed.has(record))?.dynamodb?.SequenceNumber;
    return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first }] };

    async function pass<T>(items: Item<T>[], send: (works: T[]) => Promise<Fate[]>): Promise<void> {
      if (items.length === 0) return;
      const rejected: DynamoDBRecord[] = [];
      for (const [index, fate] of (await send(items.map(({ work }) => work))).entries()) {
        const record = items[index]?.record;
        if (fate.state === 'done') measure(items[index]?.work);
        if (fate.state === 'done' || !record) continue;
        log.error('A record was not passed on.', { ...numbered(record), because: fate.because });
        if (fate.state === 'failed') failed.add(record);
        else rejected.push(record);
      }
      await keep(rejected);
    }

    async function keep(records: DynamoDBRecord[]): Promise<void> {
      await Promise.all(
        records.map(async (record) => {
          try {
            await failures.keep(record);
          } catch (error) {
            log.error('A record could not even be kept.', { ...numbered(record), ...described(error) });
            failed.add(record);
          }
        }),
      );
    }
  });
}

/** An event that was passed on is measured here: all of them come by, each once as a rule. */
function measure(work: unknown): void {
  const { kind, event } = work as Partial<EventMessage>;
  if (kind !== 'event' || !event) return;
  for (const { name, unit, value } of measuresOf(event)) metrics.addMetric(name, unit, value);
}

function sorted(records: DynamoDBRecord[]) {
  const pages: Item<DeskMessage>[] = [];
  const others: Item<DeskMessage>[] = [];
  const due: Item<Timer>[] = [];
  const unreadable: DynamoDBRecord[] = [];
  for (const record of records) {
    try {
      const work = workOf(record.dynamodb?.NewImage ?? {});
      if ('start' in work) due.push({ record, work: work.start });
      else (work.publish.kind === 'page' ? pages : others).push({ record, work: work.publish });
    } catch (error) {
      log.error('A record cannot be read: it goes to the failure queue.', {
        ...numbered(record),
        ...described(error),
      });
      unreadable.push(record);
    }
  }
  return { pages, others, due, unreadable };
}

const numbered = (record: DynamoDBRecord) => ({ sequence: record.dynamodb?.SequenceNumber });
