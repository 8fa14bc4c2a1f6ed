import { beforeEach, describe, expect, it } from 'vitest';
import { makeHandler } from '../../functions/follow/follow.ts';
import { acknowledge, actorOf, cancel, levelDue, pageFailed } from '../../shared/domain/escalation/index.ts';
import { outageDue } from '../../shared/domain/outage/follow.ts';
import { comment } from '../../shared/domain/ticket/comment.ts';
import { type CaseFacts, commandCase } from '../../shared/effects/command-case.ts';
import type { FollowMessage, InformMessage } from '../../shared/effects/messages.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { bySms, partnerActor } from '../domain/escalation/world.ts';
import { type Desk, deliver, nightDesk, random } from '../fakes/carrier-desk.ts';

/** Of five on one service: the first leads, the others follow it. */
let desk: Desk;
let handler: ReturnType<typeof makeHandler>;
let tickets: TicketAddress[];
let sent: (FollowMessage | InformMessage)[];
let refused: number;
let rosters: number;

const first = (): TicketAddress => tickets[0] as TicketAddress;
const others = (): TicketAddress[] => tickets.slice(1);

beforeEach(async () => {
  desk = await nightDesk();
  const { store, clock } = desk;
  sent = [];
  refused = 0;
  rosters = 0;
  const counted: typeof store = {
    ...store,
    directory: {
      ...store.directory,
      roster: () => {
        rosters += 1;
        return store.directory.roster();
      },
    },
  };
  const followers = {
    async send(messages: typeof sent) {
      if (refused-- > 0) throw new Error('throttled');
      sent.push(...messages);
    },
  };
  handler = makeHandler({ store: counted, followers, clock, random });
  tickets = [];
  for (let n = 0; n < 5; n++) {
    tickets.push(await desk.escalated('mail'));
    clock.advance(1);
  }
  // The first three learn their place.
  for (const address of tickets.slice(0, 3)) {
    await act(address, ({ state, roster }, now) =>
      outageDue(state, { id: state.escalation?.id ?? '', roster, now }),
    );
  }
});

const act = (address: TicketAddress, decide: Parameters<typeof commandCase>[2]) =>
  commandCase({ ...desk, random }, address, decide);
const take = ({ state, roster }: CaseFacts, now: string) =>
  acknowledge(state, bySms('dana'), { roster, now });
const events = async (address: TicketAddress) =>
  (await desk.store.cases.events(address, { limit: 100 })).data;
const types = async (address: TicketAddress, type: string) =>
  (await events(address)).filter((event) => event.type === type);
/** The latest event of a type, as the outbox publishes it. */
async function published(address: TicketAddress, type: string) {
  const { salt: _, ...event } = (await types(address, type)).at(-1) ?? { salt: null };
  return { kind: 'event', event };
}
/** All that is on its way is handled, in any order and twice. */
async function settle(): Promise<void> {
  while (sent.length > 0) {
    const messages = sent.splice(0).reverse();
    for (let from = 0; from < messages.length; from += 10) {
      const batch = messages.slice(from, from + 10);
      expect(await deliver(handler, ...batch, ...batch.slice(0, 3))).toBe(0);
    }
  }
}

describe('what happens to a lead', () => {
  it('happens to each of its followers once, whatever comes twice or moves meanwhile', async () => {
    await act(first(), take);
    const message = await published(first(), 'escalation.acknowledged');
    desk.faults.conflictRate = 0.3;
    expect(await deliver(handler, message, message)).toBe(0);
    expect(sent).toHaveLength(8);
    await settle();
    desk.faults.conflictRate = 0;
    for (const address of others()) {
      expect((await desk.read(address)).escalation).toMatchObject({
        state: 'acknowledged',
        acknowledgedBy: { id: 'dana' },
      });
      expect(await types(address, 'escalation.acknowledged')).toHaveLength(1);
    }
  });

  it('is brought on again after the queue refused it, and after an answer of the table was lost', async () => {
    await act(first(), take);
    const message = await published(first(), 'escalation.acknowledged');
    refused = 1;
    expect(await deliver(handler, message)).toBe(1);
    expect(await deliver(handler, message)).toBe(0);
    desk.faults.nextLostAnswers = 2;
    await settle();
    for (const address of others()) expect(await types(address, 'escalation.acknowledged')).toHaveLength(1);
  });

  it('is told to each of its followers when nobody can be paged for it, and not when one page fails', async () => {
    const [page] = await desk.pages(first());
    await act(first(), ({ state, roster }, now) =>
      pageFailed(state, { pageId: page?.id ?? '', failure: 'bad number', roster, now }),
    );
    expect(await deliver(handler, await published(first(), 'escalation.page_failed'))).toBe(0);
    expect(sent).toEqual([]);

    desk.clock.advance(1200);
    await act(first(), ({ state, roster }, now) =>
      levelDue(state, { id: state.escalation?.id ?? '', roster: { ...roster, staff: [] }, now }),
    );
    expect(await deliver(handler, await published(first(), 'escalation.page_failed'))).toBe(0);
    await settle();
    for (const address of others()) {
      const { data } = (await types(address, 'escalation.page_failed')).at(-1) ?? {};
      expect(data).toMatchObject({ page: null, phone: expect.stringMatching(/^\+/) });
      expect((await desk.read(address)).escalation?.unreachableSince).not.toBeNull();
    }
  });

  it('when it ends untaken, makes the oldest that is active lead, once, and page', async () => {
    const [, second, third] = tickets;
    if (!second || !third) throw new Error('there are five');
    const byPartner = ({ state, roster }: CaseFacts, now: string) =>
      cancel(state, partnerActor, { roster, now });
    await act(second, byPartner);
    await act(first(), byPartner);
    const message = await published(first(), 'escalation.cancelled');
    desk.faults.nextConflicts = 3;
    expect(await deliver(handler, message, message, await published(second, 'escalation.cancelled'))).toBe(0);
    await settle();
    expect(await deliver(handler, await published(third, 'escalation.promoted'), message)).toBe(0);
    await settle();
    const promoted = await Promise.all(tickets.map((each) => types(each, 'escalation.promoted')));
    expect(promoted.map((each) => each.length)).toEqual([0, 0, 1, 0, 0]);
    expect((await desk.read(third)).escalation?.outage?.follows).toBe(false);
    expect((await desk.pages(third)).at(-1)).toMatchObject({ to: { id: 'dana' }, state: 'queued' });
  });

  it('is read with the roster once a batch', async () => {
    await act(first(), take);
    await deliver(handler, await published(first(), 'escalation.acknowledged'));
    rosters = 0;
    expect(await deliver(handler, ...sent.splice(0))).toBe(0);
    expect(rosters).toBe(1);
  });

  it('is nothing to what no longer exists or never followed', async () => {
    const alone = await desk.escalated('web');
    await act(alone, take);
    expect(await deliver(handler, await published(alone, 'escalation.acknowledged'))).toBe(0);
    expect(sent).toEqual([]);
    expect(await deliver(handler, 'no message at all')).toBe(1);
  });
});

describe('a comment on the ticket of a follower', () => {
  const follower = (): TicketAddress => tickets[4] as TicketAddress;
  const says = (who: string) =>
    act(follower(), ({ state }, now) =>
      comment(state, { body: 'Working on it.', internal: false, by: actorOf(bySms(who).person) }, now),
    );
  const heardAt = async () => (await desk.read(first())).escalation?.contact?.heardAt;

  it('by the holder is a word on the lead, from when it was said, however late or often it comes', async () => {
    await act(first(), take);
    desk.clock.advance(60);
    await says('dana');
    const saidAt = desk.clock.now();
    const message = await published(follower(), 'ticket.commented');
    desk.clock.advance(120);
    expect(await deliver(handler, message, message)).toBe(0);
    desk.clock.advance(600);
    expect(await deliver(handler, message)).toBe(0);
    expect(await heardAt()).toBe(saidAt);
    expect(await types(first(), 'escalation.contacted')).toHaveLength(1);
  });

  it('by anybody else is none, nor is one from before it was taken', async () => {
    await says('dana');
    const early = await published(follower(), 'ticket.commented');
    desk.clock.advance(60);
    await act(first(), take);
    await says('eli');
    expect(await deliver(handler, early, await published(follower(), 'ticket.commented'))).toBe(0);
    expect(await heardAt()).toBeNull();
  });
});
