import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Case } from '../../shared/domain/decision.ts';
import type { Page } from '../../shared/domain/escalation/escalation.ts';
import { groupAtPress, nightOf, press } from '../../shared/domain/escalation/index.ts';
import { ticketNumber } from '../../shared/domain/ticket/number.ts';
import { openTicket } from '../../shared/domain/ticket/open.ts';
import type { Timer } from '../../shared/domain/timer.ts';
import { watchHours } from '../../shared/effects/watch-hours.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { decideAndCommit } from '../../shared/store/decide-and-commit.ts';
import { phoneHash } from '../../shared/store/keys.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { defaultPlan } from '../domain/defaults.ts';
import { partnerActor, roster } from '../domain/escalation/world.ts';
import { put, putProvider } from '../store/put.ts';
import { type World, world } from '../store/world.ts';

/** A desk on a Monday at 22:10 in New York: dana is primary, eli secondary, mo the manager. */
export interface Desk extends World {
  /** A ticket escalated now, on a service where one is named. */
  escalated(service?: string): Promise<TicketAddress>;
  /** The case as it is; it must be there. */
  read(address: TicketAddress): Promise<Case>;
  /** The pages of the escalation that are no notices, in their order. */
  pages(address: TicketAddress): Promise<Page[]>;
  /** All rows as they are, for what the store does not show. */
  rows(): Promise<Record<string, unknown>[]>;
  /** The timers of a ticket by kind, as rows. */
  timers(address: TicketAddress, kind: Timer['kind']): Promise<Timer[]>;
}

export const random = systemRandom;
export const phones = { dana: '+12025550111', eli: '+12025550112', mo: '+12025550113' };

export async function nightDesk(): Promise<Desk> {
  const at = await world();
  const { store, clock, documents, table } = at;
  const { provider, calendar, policy, schedules, staff } = roster();
  await Promise.all([
    put(store.directory, 'calendar', { id: 'default', ...calendar }),
    put(store.directory, 'policy', policy),
    putProvider(store.directory, provider),
    ...schedules.map((schedule) => store.directory.changeSchedule(schedule.id, () => schedule)),
    ...staff.map((person) => store.directory.putStaff(person, { create: true })),
  ]);
  // As the timer does that all this has set: then nothing falls due but what a test brings about.
  await watchHours({ store, clock, random });

  const read = async (address: TicketAddress): Promise<Case> => {
    const state = await store.cases.read(address);
    if (!state) throw new Error('no such case');
    return state;
  };

  const rows = async (): Promise<Record<string, unknown>[]> =>
    (await documents.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];

  return {
    ...at,
    read,
    rows,
    async escalated(service) {
      const number = ticketNumber(random.bytes(7));
      const address = { partner: partnerActor.id, number };
      const opened = openTicket(
        {
          number,
          subject: 'No mail since eight',
          description: 'Nothing arrives.',
          requester: { name: 'Kim', email: 'kim@acme.example', phone: null, timezone: null },
          form: 'general',
          service: service ?? null,
          client: null,
          severity: 'outage',
          answers: {},
          externalRef: null,
          channel: 'api',
          by: partnerActor,
        },
        {
          partner: { id: partnerActor.id, name: partnerActor.name, plan: 'default', createdAt: clock.now() },
          plan: defaultPlan,
          planCalendar: calendar,
          now: clock.now(),
        },
      );
      await store.cases.commit(null, opened, clock.now());
      const outcome = await decideAndCommit(
        { store, clock, random },
        {
          async read() {
            const [state, facts] = await Promise.all([read(address), store.directory.roster()]);
            if (!facts) throw new Error('no roster');
            const night = nightOf(facts, clock.now());
            const nightCount = night ? await store.cases.nightCount(address.partner, night) : 0;
            const key = groupAtPress(state, 'mail_not_delivered');
            const group = key === null ? null : await store.outages.atPress(key);
            const outage = key !== null && group ? { ...group, key, newId: random.id('out') } : null;
            return { state, facts, nightCount, outage };
          },
          decide: ({ state, facts, nightCount, outage }, now) =>
            press(
              state,
              {
                reason: 'mail_not_delivered',
                detail: null,
                callback: {
                  name: 'Kim',
                  phone: '+1 202 555 0147',
                  dialable: '+12025550147',
                  textUpdates: false,
                },
                by: partnerActor,
              },
              { roster: facts, nightCount, outage, now },
            ),
        },
      );
      if (outcome.refused) throw new Error(outcome.detail);
      return address;
    },
    async pages(address) {
      return (await read(address)).pages.filter((page) => page.notice === null);
    },
    async timers(address, kind) {
      const found = (await rows()) as unknown as (Timer & { outbox?: string })[];
      return found.filter(
        (row) =>
          row.outbox === 'timer' &&
          row.kind === kind &&
          'ticket' in row.home &&
          row.home.ticket === address.number,
      );
    },
  };
}

/** What Lambda passes beside the event. */
export const context: Context = {
  awsRequestId: 'req-1',
  functionName: 'test',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
  logGroupName: 'test',
  logStreamName: 'test',
  memoryLimitInMB: '1024',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => 10_000,
  done() {},
  fail() {},
  succeed() {},
};

type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Hands a batch to a function as SQS does; how many of the messages come back. Text goes as it is. */
export async function deliver(handler: QueueHandler, ...messages: (object | string)[]): Promise<number> {
  const { batchItemFailures } = await handler(
    {
      Records: messages.map((message) => ({
        messageId: randomUUID(),
        receiptHandle: 'receipt',
        body: typeof message === 'string' ? message : JSON.stringify(message),
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: String(Date.parse('2100-01-01')),
          SenderId: 'test',
          ApproximateFirstReceiveTimestamp: '0',
        },
        messageAttributes: {},
        md5OfBody: '',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:test',
        awsRegion: 'us-east-1',
      })),
    },
    context,
  );
  return batchItemFailures.length;
}

/** The message that the outbox makes of a page. */
export const pageMessageOf = ({ id, home, phone }: Page) => ({
  ...{ kind: 'page', id, home },
  ...(phone !== null && home !== null && { phoneHash: phoneHash(phone) }),
});
/** The message that the outbox and the sweep make of a timer. */
export const timerMessageOf = ({ home, subject, kind, dueAt, generation }: Timer) => ({
  home,
  subject,
  kind,
  dueAt,
  generation,
});
