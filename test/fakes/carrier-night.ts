import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue as StreamValue } from 'aws-lambda';
import fc from 'fast-check';
import { expect } from 'vitest';
import { makeHandler as makeOutbox } from '../../functions/outbox/outbox.ts';
import { makeHandler as makePager } from '../../functions/page-on-call/page-on-call.ts';
import { makeHandler as makeInbound } from '../../functions/sms-inbound/sms-inbound.ts';
import { makeHandler as makeSweep } from '../../functions/sweep/sweep.ts';
import { makeHandler as makeTimer } from '../../functions/timer/timer.ts';
import type { Page } from '../../shared/domain/escalation/escalation.ts';
import { pageFailed } from '../../shared/domain/escalation/index.ts';
import { addSeconds, type Instant, later, secondsBetween } from '../../shared/domain/time.ts';
import type { SendResult } from '../../shared/effects/carrier.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import { delaySeconds } from '../../shared/effects/queues.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { context, type Desk, deliver, nightDesk, phones, random } from './carrier-desk.ts';
import { localDynamoDb } from './dynamodb.ts';

/**
 * One escalation at night on the real functions and a real table, with a cloud between them that delivers in
 * any order, twice, late or never, a carrier that fails in each way, transactions that conflict and an index
 * that lags. What must hold is checked after every step, and again when the storm is over.
 */

type Mishap = 'refused' | 'not_taken' | 'unknown_sent' | 'unknown_not_sent';

export type Step =
  | { do: 'deliver' | 'deliver_twice' | 'lose' | 'race_with_take'; which: number }
  | { do: 'advance'; seconds: number }
  | { do: 'reply'; who: keyof typeof phones; words: string }
  | { do: 'mishap'; mishap: Mishap }
  | { do: 'conflicts'; times: number }
  | { do: 'freeze' | 'thaw' | 'sweep' | 'stream' | 'fail_sent' };

const which = fc.nat({ max: 20 });
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const), which }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('deliver_twice' as const), which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('race_with_take' as const), which }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('advance' as const),
        seconds: fc.integer({ min: 1, max: 150 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('reply' as const),
        who: fc.constantFrom('dana' as const, 'eli' as const, 'mo' as const),
        words: fc.constantFrom('a', '1a', 'p', 'done', '?', '1n still looking'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('mishap' as const),
        mishap: fc.constantFrom<Mishap>('refused', 'not_taken', 'unknown_sent', 'unknown_not_sent'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('conflicts' as const), times: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('freeze' as const, 'thaw', 'sweep', 'stream', 'fail_sent'),
      }),
    },
  ),
  { minLength: 5, maxLength: 30 },
);

interface Message {
  to: 'pager' | 'timer';
  body: object;
  visibleAt: Instant;
}

export async function playNight(plan: readonly Step[]): Promise<void> {
  const night = await Night.begin();
  for (const step of plan) {
    await night.play(step);
    await night.check();
  }
  await night.calm();
}

class Night {
  private readonly desk: Desk;
  private readonly ticket: TicketAddress;
  private readonly bag: Message[] = [];
  private readonly seen = new Map<string, string>();
  private readonly mishaps: Mishap[] = [];
  private pageTexts = 0;
  private doubtful = 0;
  private racing = false;
  private replies = 0;
  private readonly outbox: ReturnType<typeof makeOutbox>;
  private readonly handlers: Record<Message['to'], ReturnType<typeof makePager>>;
  private readonly inbound: ReturnType<typeof makeInbound>;
  private readonly sweep: ReturnType<typeof makeSweep>;

  static async begin(): Promise<Night> {
    const desk = await nightDesk();
    return new Night(desk, await desk.escalated());
  }

  constructor(desk: Desk, ticket: TicketAddress) {
    this.desk = desk;
    this.ticket = ticket;
    const { store, clock } = desk;
    const sleep = async (milliseconds: number) => clock.advance(milliseconds / 1000);
    const timers: Parameters<typeof makeOutbox>[0]['timers'] = {
      send: async (due, now) =>
        due.map((timer) => {
          this.bag.push({
            to: 'timer',
            body: timer,
            visibleAt: addSeconds(now, delaySeconds(timer.dueAt, now)),
          });
          return { state: 'done' };
        }),
    };
    this.outbox = makeOutbox({
      clock,
      timers,
      events: {
        publish: async (messages) =>
          messages.map((message) => {
            if (message.kind === 'page')
              this.bag.push({ to: 'pager', body: message, visibleAt: clock.now() });
            return { state: 'done' };
          }),
      },
      failures: {
        keep: async () => {
          throw new Error('a row could not be read');
        },
      },
    });
    this.handlers = {
      timer: makeTimer({ store, clock, random, sleep }),
      pager: makePager({
        store,
        clock,
        random,
        sleep,
        carrier: {
          text: (phone, words) => this.carry(phone, words),
          alertDesk: async () => ({ sent: true, messageId: random.id('msg') }),
          optedOut: async () => false,
        },
      }),
    };
    this.inbound = makeInbound({ store, clock, random });
    this.sweep = makeSweep({ store, queue: timers, clock });
  }

  async play(step: Step): Promise<void> {
    const { clock, faults } = this.desk;
    switch (step.do) {
      case 'deliver':
        return this.deliver(this.pick(step.which), 1);
      case 'deliver_twice':
        return this.deliver(this.pick(step.which), 2);
      case 'lose':
        this.take(this.pick(step.which));
        return;
      case 'race_with_take':
        this.racing = true;
        await Promise.all([this.deliver(this.pick(step.which), 1), this.reply('dana', 'a')]);
        this.racing = false;
        return;
      case 'advance':
        return clock.advance(step.seconds);
      case 'reply':
        return this.reply(step.who, step.words);
      case 'mishap':
        this.mishaps.push(step.mishap);
        return;
      case 'conflicts':
        faults.nextConflicts += step.times;
        return;
      case 'freeze':
        return faults.freezeIndexes();
      case 'thaw':
        return faults.thawIndexes();
      case 'sweep':
        await this.sweep({}, context);
        return;
      case 'stream':
        return this.stream();
      case 'fail_sent':
        return this.failSent();
    }
  }

  /** The invariants of every moment. */
  async check(): Promise<void> {
    const { escalation, pages, ticket } = await this.desk.read(this.ticket);
    const timers = new Set((await this.desk.timers(this.ticket, 'send_by')).map(({ subject }) => subject));
    for (const page of pages.filter(isPage)) {
      const open = page.state === 'queued' || page.state === 'sending';
      expect(!open || timers.has(page.id), `the open page ${page.id} has its timer`).toBe(true);
    }
    if (escalation?.state === 'acknowledged') {
      expect(escalation.acknowledgedBy).not.toBeNull();
      expect(pages.filter((page) => isPage(page) && page.state === 'queued')).toEqual([]);
    } else {
      expect(escalation?.acknowledgedBy === null || escalation?.state === 'resolved').toBe(true);
    }
    expect(ticket.escalations, 'one escalation').toBe(1);
  }

  /** The storm is over: everything that is on its way arrives, the sweep runs, 40 minutes pass. */
  async calm(): Promise<void> {
    const { clock, faults, store } = this.desk;
    faults.thawIndexes();
    faults.nextConflicts = 0;
    this.mishaps.length = 0;
    const end = addSeconds(clock.now(), 40 * 60);
    let sweepAt = clock.now();
    while (clock.now() < end) {
      await this.stream();
      if (clock.now() >= sweepAt) {
        await this.sweep({}, context);
        sweepAt = addSeconds(clock.now(), 120);
      }
      const visible = this.bag.filter(({ visibleAt }) => visibleAt <= clock.now());
      for (const message of visible) await this.deliver(message, 1);
      await this.stream();
      if (this.bag.some(({ visibleAt }) => visibleAt <= clock.now())) continue;
      const next = [...this.bag.map(({ visibleAt }) => visibleAt), sweepAt].sort()[0] ?? sweepAt;
      clock.advance(secondsBetween(clock.now(), later(next, clock.now())) || 0.001);
    }
    await this.check();

    const { escalation, pages, ticket } = await this.desk.read(this.ticket);
    const minuteAgo = addSeconds(clock.now(), -60);
    const stuck = pages.filter(
      (page) => isPage(page) && (page.state === 'queued' || page.state === 'sending') && page.at < minuteAgo,
    );
    expect(stuck, 'no page is stuck').toEqual([]);
    const { data } = await store.cases.events(this.ticket, { limit: 100 });
    if (ticket.seq <= 100) expect(data.map(({ seq }) => seq)).toEqual(data.map((_, index) => index + 1));
    if (escalation?.state === 'paging' && !escalation.promiseKept)
      expect(escalation.promise.brokenAt, 'a broken promise is told').not.toBeNull();
    const count = (type: string) => data.filter((event) => event.type === type).length;
    expect(count('escalation.promise_broken'), 'it is told once').toBeLessThanOrEqual(1);
    const reached = new Set<number>();
    for (const { type, data: about } of data) {
      if (type === 'escalation.paged') reached.add(Number(about.level));
      for (const skip of (about.skipped ?? []) as { level: number }[]) reached.add(skip.level);
    }
    for (let level = 1; level < Math.min(4, escalation?.level ?? 0); level++)
      expect(reached.has(level), `level ${level} was paged, or skipped for a reason`).toBe(true);
    expect(this.pageTexts, 'a duplicate only where SNS left it open').toBeLessThanOrEqual(
      pages.filter(isPage).length + this.doubtful,
    );
  }

  private pick(index: number): Message | undefined {
    const now = this.desk.clock.now();
    const visible = this.bag.filter(({ visibleAt }) => visibleAt <= now);
    return visible[index % Math.max(1, visible.length)];
  }

  private take(message: Message | undefined): void {
    if (message) this.bag.splice(this.bag.indexOf(message), 1);
  }

  private async deliver(message: Message | undefined, times: number): Promise<void> {
    if (!message) return this.stream();
    this.take(message);
    const bodies = Array.from({ length: times }, () => message.body);
    const failed = await deliver(this.handlers[message.to], ...bodies);
    if (failed > 0) this.bag.push({ ...message, visibleAt: addSeconds(this.desk.clock.now(), 20) });
  }

  private async reply(who: keyof typeof phones, words: string): Promise<void> {
    this.replies += 1;
    const message = {
      originationNumber: phones[who],
      destinationNumber: '+12025550100',
      messageKeyword: 'k',
      messageBody: words,
      inboundMessageId: `in-${this.replies}`,
    };
    expect(await deliver(this.inbound, message, message)).toBeLessThanOrEqual(1);
  }

  /** A line of the delivery log about a page that SNS had accepted. */
  private async failSent(): Promise<void> {
    const { pages } = await this.desk.read(this.ticket);
    const sent = pages.find((page) => isPage(page) && page.state === 'sent');
    if (!sent) return;
    await commandCase({ ...this.desk, random }, this.ticket, ({ state, roster }, now) =>
      pageFailed(state, { pageId: sent.id, failure: 'unreachable', roster, now }),
    );
  }

  /** The stream's newest images reach the outbox, in no order. */
  private async stream(): Promise<void> {
    const client = (await localDynamoDb()).client();
    const { Items = [] } = await client.send(
      new ScanCommand({ TableName: this.desk.table, ConsistentRead: true }),
    );
    const fresh = Items.filter((item) => {
      const key = `${item.pk?.S} ${item.sk?.S}`;
      const image = JSON.stringify(item);
      const changed = this.seen.get(key) !== image;
      this.seen.set(key, image);
      return changed && item.outbox;
    });
    const Records = fresh.map((item, n) => ({
      dynamodb: {
        SequenceNumber: String(n),
        NewImage: item as Record<string, AttributeValue> as Record<string, StreamValue>,
      },
    }));
    expect(await this.outbox({ Records }, context)).toEqual({ batchItemFailures: [] });
  }

  private async carry(_phone: string, words: string): Promise<SendResult> {
    const isPageText = /Reply \d+a to take/.test(words);
    const mishap = isPageText ? this.mishaps.shift() : undefined;
    if (isPageText && !this.racing) {
      const { escalation } = await this.desk.read(this.ticket);
      expect(['paging', 'exhausted'], 'nobody is paged for what somebody holds').toContain(escalation?.state);
    }
    if (isPageText && (mishap === undefined || mishap === 'unknown_sent')) this.pageTexts += 1;
    if (mishap === undefined) return { sent: true, messageId: random.id('msg') };
    if (mishap === 'unknown_sent') this.doubtful += 1;
    const why = mishap === 'refused' || mishap === 'not_taken' ? mishap : 'unknown';
    return { sent: false, why, failure: mishap };
  }
}

const isPage = (page: Page) => page.notice === null;
