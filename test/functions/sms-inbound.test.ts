import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeHandler as makePager } from '../../functions/page-on-call/page-on-call.ts';
import { makeHandler } from '../../functions/sms-inbound/sms-inbound.ts';
import { drillAnswer } from '../../shared/domain/coverage/drill.ts';
import type { Page } from '../../shared/domain/escalation/escalation.ts';
import { askToVerify } from '../../shared/domain/reach/verification.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import type { Carrier } from '../../shared/effects/carrier.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { type Desk, deliver, nightDesk, pageMessageOf, phones, random } from '../fakes/carrier-desk.ts';

let desk: Desk;
let handler: ReturnType<typeof makeHandler>;
let pager: ReturnType<typeof makePager>;

beforeEach(async () => {
  desk = await nightDesk();
  const { store, clock } = desk;
  let sent = 0;
  const carrier: Carrier = {
    text: async () => ({ sent: true, messageId: `msg-${++sent}` }),
    alertDesk: async () => ({ sent: true, messageId: `msg-${++sent}` }),
    optedOut: async () => false,
  };
  handler = makeHandler({ store, clock, random });
  pager = makePager({ store, carrier, clock, random });
});

/** Escalated, and the page is on dana's phone. */
const paged = async (): Promise<TicketAddress> => {
  const ticket = await desk.escalated();
  await deliver(pager, ...(await desk.pages(ticket)).map(pageMessageOf));
  return ticket;
};
const inbound = (phone: string, messageBody: string, inboundMessageId: string = randomUUID()) => ({
  originationNumber: phone,
  destinationNumber: '+12025550100',
  messageKeyword: 'keyword_12025550100',
  messageBody,
  inboundMessageId,
  previousPublishedMessageId: 'msg-1',
});
const state = async (ticket: TicketAddress) => (await desk.read(ticket)).escalation?.state;
const answers = async (ticket: TicketAddress): Promise<Page[]> =>
  (await desk.read(ticket)).pages.filter((page) => page.notice === 'answer');
const looseAnswers = async (): Promise<string[]> =>
  (await desk.rows()).filter((row) => String(row.id).startsWith('ans_')).map((row) => String(row.text));

describe('a reply', () => {
  it.each(['a', 'ACK', ' "1a" ', 'ack 1'])(
    '%j takes the emergency, and is answered in the same commit',
    async (words) => {
      const ticket = await paged();
      expect(await deliver(handler, inbound(phones.dana, words))).toBe(0);
      expect(await desk.read(ticket)).toMatchObject({
        escalation: { state: 'acknowledged', acknowledgedBy: { id: 'dana' } },
      });
      const [answer, ...more] = await answers(ticket);
      expect(more).toEqual([]);
      expect(answer).toMatchObject({ phone: phones.dana, state: 'queued' });
      expect(answer?.text).toContain(ticket.number);
      expect(answer?.text).toContain('+12025550147');
    },
  );

  it('counts once, however often its message comes', async () => {
    const ticket = await paged();
    const message = inbound(phones.dana, 'a');
    await Promise.all([deliver(handler, message, message), deliver(handler, message)]);
    await deliver(handler, message);
    expect(await answers(ticket)).toHaveLength(1);
    const events = await desk.store.cases.events(ticket, { limit: 100 });
    expect(events.data.filter(({ type }) => type === 'escalation.acknowledged')).toHaveLength(1);
  });

  it('does what its command says: note, pass, done', async () => {
    const ticket = await paged();
    await deliver(handler, inbound(phones.dana, 'a'));
    await deliver(handler, inbound(phones.dana, '1n looking into it'));
    await deliver(handler, inbound(phones.dana, 'p'));
    expect(await state(ticket)).toBe('paging');
    await deliver(handler, inbound(phones.dana, 'done'));
    expect(await state(ticket)).toBe('resolved');
    const { data } = await desk.store.cases.events(ticket, { limit: 100 });
    expect(data.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['ticket.commented', 'escalation.passed', 'escalation.resolved']),
    );
  });

  it('without a code and with several open gets the list; with a code, or all, it takes', async () => {
    const [one, two] = [await paged(), await paged()];
    await deliver(handler, inbound(phones.dana, 'a'));
    expect(await state(one)).toBe('paging');
    const [list, ...more] = await looseAnswers();
    expect(more).toEqual([]);
    expect(list).toContain(one.number);
    expect(list).toContain(two.number);
    await deliver(handler, inbound(phones.dana, `ack ${two.number}`));
    expect(await state(two)).toBe('acknowledged');
    expect(await state(one)).toBe('paging');
    await deliver(handler, inbound(phones.dana, 'all'));
    expect(await state(one)).toBe('acknowledged');
  });

  it('that comes again after its worker died takes no other that rings by then', async () => {
    const first = await paged();
    const { store, clock } = desk;
    const dying: typeof store.phones = {
      ...store.phones,
      noteInbound: (id, noted, at) =>
        noted.done ? Promise.reject(new Error('the worker died')) : store.phones.noteInbound(id, noted, at),
    };
    const message = inbound(phones.dana, 'a');
    const mortal = makeHandler({ store: { ...store, phones: dying }, clock, random });
    expect(await deliver(mortal, message)).toBe(1);
    const second = await paged();
    expect(await deliver(handler, message)).toBe(0);
    expect(await state(first)).toBe('acknowledged');
    expect(await answers(first)).toHaveLength(1);
    expect(await state(second)).toBe('paging');
  });

  it('all takes each, and each is answered on its own', async () => {
    const tickets = [await paged(), await paged(), await paged()];
    expect(await deliver(handler, inbound(phones.dana, 'ALL'))).toBe(0);
    for (const ticket of tickets) {
      expect(await state(ticket)).toBe('acknowledged');
      expect(await answers(ticket)).toHaveLength(1);
    }
    expect(await looseAnswers()).toEqual([]);
  });

  it('that is refused counts as one that makes no sense, until a command that is done', async () => {
    const [one, two] = [await paged(), await paged()];
    const reply = (...words: string[]) => {
      const messages = words.map((each) => inbound(phones.dana, each, `${each} ${randomUUID()}`));
      return deliver(handler, ...messages, ...messages);
    };
    const answered = async () => [(await answers(one)).length, (await looseAnswers()).length];
    await reply('1a');
    await reply('1c');
    expect(await answered()).toEqual([2, 0]);
    for (const words of ['1a', '1p', `ack ${one.number}`, 'what is this', '1a', '1a', 'hm', '1p'])
      expect(await reply(words)).toBe(0);
    expect(await answered()).toEqual([2 + 4, 1]);
    await reply('2a');
    expect(await state(two)).toBe('acknowledged');
    expect(await answers(two)).toHaveLength(1);
    await reply('1a');
    expect(await answered()).toEqual([2 + 5, 1]);
  });

  it('that makes no sense is answered five times, and again after a good command', async () => {
    const ticket = await paged();
    for (let n = 0; n < 8; n++) await deliver(handler, inbound(phones.dana, 'I am out of office'));
    expect(await looseAnswers()).toHaveLength(5);
    await deliver(handler, inbound(phones.dana, 'a'));
    expect(await state(ticket)).toBe('acknowledged');
    await deliver(handler, inbound(phones.dana, 'I am out of office'));
    expect(await looseAnswers()).toHaveLength(6);
  });

  it('that is not understood is answered once, and changes nothing', async () => {
    const ticket = await paged();
    const message = inbound(phones.dana, 'who is this?');
    await deliver(handler, message, message);
    await deliver(handler, message);
    expect(await looseAnswers()).toHaveLength(1);
    expect(await state(ticket)).toBe('paging');
  });

  it('that answers a drill is thanked, counts as no error, and the drill is answered', async () => {
    const { store, clock } = desk;
    const ticket = await paged();
    const drilled = { kind: 'drilled', dueAt: addSeconds(clock.now(), 7_200) } as const;
    await store.reach.learn(phones.dana, drilled, clock.now());
    clock.advance(60);
    await deliver(handler, inbound(phones.dana, 'ok'));
    expect(await looseAnswers()).toEqual([drillAnswer]);
    expect((await store.phones.read(phones.dana)).phone.errors).toBe(0);
    expect(await store.reach.of(phones.dana)).toMatchObject({ drill: null, answeredAt: clock.now() });
    expect(await state(ticket)).toBe('paging');
  });

  it.each(['STOP', 'help', 'Unsubscribe'])('that is the carrier’s (%s) gets silence', async (word) => {
    await paged();
    const before = (await desk.rows()).length;
    await deliver(handler, inbound(phones.dana, word));
    expect(await looseAnswers()).toEqual([]);
    expect((await desk.rows()).length).toBe(before + 1);
  });

  it('of an unknown number gets silence', async () => {
    const ticket = await paged();
    expect(await deliver(handler, inbound('+12025559999', 'a'))).toBe(0);
    expect(await looseAnswers()).toEqual([]);
    expect(await state(ticket)).toBe('paging');
  });

  it('of somebody who is suspended gets silence, and takes nothing', async () => {
    const ticket = await paged();
    await desk.store.directory.changeStaff('dana', (now) => ({ ...now, suspended: true }));
    expect(await deliver(handler, inbound(phones.dana, '1a'), inbound(phones.dana, '?'))).toBe(0);
    expect(await state(ticket)).toBe('paging');
    expect(await answers(ticket)).toEqual([]);
    expect(await looseAnswers()).toEqual([]);
  });

  it('all is answered for each that it takes, with whom to call; coming again after its worker died it is no word from the holder', async () => {
    const tickets = [await paged(), await paged()];
    const { store, clock } = desk;
    const dying: typeof store.phones = {
      ...store.phones,
      noteInbound: (id, noted, now) =>
        noted.done ? Promise.reject(new Error('the worker died')) : store.phones.noteInbound(id, noted, now),
    };
    const message = inbound(phones.dana, 'ALL');
    const mortal = makeHandler({ store: { ...store, phones: dying }, clock, random });
    expect(await deliver(mortal, message)).toBe(1);
    clock.advance(20);
    expect(await deliver(handler, message)).toBe(0);
    for (const ticket of tickets) {
      expect((await desk.read(ticket)).escalation).toMatchObject({
        state: 'acknowledged',
        contactedAt: null,
      });
      expect((await answers(ticket)).map(({ text }) => text)).toEqual([
        expect.stringMatching(
          new RegExp(
            `^${ticket.number} is yours\\. .*call \\+1\\d+\\. Reply \\d+p to pass, \\d+c when done\\.$`,
          ),
        ),
      ]);
    }
  });

  it('of somebody who was not paged takes nothing', async () => {
    const ticket = await paged();
    await deliver(handler, inbound(phones.eli, `a ${ticket.number}`));
    expect(await state(ticket)).toBe('paging');
  });

  it('is done in spite of conflicts, and lost answers of the database', async () => {
    const ticket = await paged();
    desk.faults.nextConflicts = 2;
    desk.faults.nextLostAnswers = 1;
    expect(await deliver(handler, inbound(phones.dana, 'a'))).toBe(0);
    expect(await state(ticket)).toBe('acknowledged');
    expect(await answers(ticket)).toHaveLength(1);
  });
});

it('returns what cannot be read and handles what comes with it', async () => {
  const ticket = await paged();
  expect(await deliver(handler, '{"Type":"Notification"}', 'x', inbound(phones.dana, 'a'))).toBe(2);
  expect(await state(ticket)).toBe('acknowledged');
});

describe('a phone that was asked to verify itself', () => {
  const asked = async () => {
    const { store, clock } = desk;
    const eli = await store.directory.changeStaff('eli', (now) => ({ ...now, phoneVerifiedAt: null }));
    if (!eli?.phone) throw new Error('eli has a phone');
    const about = { id: 'vfy_1', provider: 'Mailguard', now: clock.now() };
    const asking = askToVerify({ ...eli, phone: eli.phone }, null, about);
    if (!asking.asked) throw new Error(asking.because);
    await store.reach.ask(asking.verification, asking.page, null);
  };
  const verifiedAt = async () => (await desk.store.directory.staffMember('eli'))?.phoneVerifiedAt;

  it.each(['OK', 'yes it is me', '👍', ' '])('is verified by %j, and thanked once', async (words) => {
    await asked();
    const message = inbound(phones.eli, words);
    await deliver(handler, message, message);
    await deliver(handler, message);
    expect(await verifiedAt()).toBe(desk.clock.now());
    expect(await desk.store.log.events(0, 10)).toMatchObject([
      { type: 'staff.updated', actor: { id: 'eli' }, data: { changed: ['phoneVerifiedAt'] } },
    ]);
    expect(await looseAnswers()).toEqual([expect.stringMatching(/^Thank you/)]);
  });

  it.each(['STOP', 'help'])('is not by a carrier word (%s), to which nothing is said', async (words) => {
    await asked();
    await deliver(handler, inbound(phones.eli, words));
    expect(await verifiedAt()).toBeNull();
    expect(await looseAnswers()).toEqual([]);
  });

  it('is not after 24 hours, nor from another phone', async () => {
    await asked();
    await deliver(handler, inbound(phones.dana, 'OK'));
    expect(await verifiedAt()).toBeNull();
    desk.clock.advance(86_401);
    await deliver(handler, inbound(phones.eli, 'OK'));
    expect(await verifiedAt()).toBeNull();
  });

  it('and that answers too late is told so, whatever it says; who was not asked is told what can be said', async () => {
    await asked();
    desk.clock.advance(25 * 3_600);
    for (const words of ['yes', 'a']) await deliver(handler, inbound(phones.eli, words));
    const tooLate = expect.stringMatching(/^Too late .* 24 hours. Ask .* Pages still come/);
    expect(await looseAnswers()).toEqual([tooLate, tooLate]);
    await deliver(handler, inbound(phones.dana, 'yes'));
    expect(await looseAnswers()).toContainEqual(expect.stringMatching(/^Not understood/));
  });

  it('is by a command as well, which is done and answered as ever', async () => {
    const ticket = await paged();
    await desk.store.directory.changeStaff('dana', (now) => ({ ...now, phoneVerifiedAt: null }));
    const dana = await desk.store.directory.staffMember('dana');
    const about = { id: 'vfy_2', provider: 'Mailguard', now: desk.clock.now() };
    const asking = dana && askToVerify({ ...dana, phone: phones.dana }, null, about);
    if (!asking?.asked) throw new Error('not asked');
    await desk.store.reach.ask(asking.verification, asking.page, null);
    await deliver(handler, inbound(phones.dana, '1a'));
    expect(await state(ticket)).toBe('acknowledged');
    expect(await desk.store.directory.staffMember('dana')).toMatchObject({
      phoneVerifiedAt: desk.clock.now(),
    });
    expect(await looseAnswers()).toEqual([]);
    expect(await answers(ticket)).toHaveLength(1);
  });

  it('and any word from a phone ends what its failures said', async () => {
    await desk.store.reach.learn(phones.eli, { kind: 'failed', because: 'x' }, desk.clock.now());
    desk.clock.advance(1);
    await deliver(handler, inbound(phones.eli, 'hello?'));
    expect(await desk.store.reach.all()).toMatchObject([{ phone: phones.eli, failingAt: null }]);
  });
});
