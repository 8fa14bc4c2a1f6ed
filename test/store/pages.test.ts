import { beforeAll, describe, expect, test } from 'vitest';
import { decided } from '../../shared/domain/decision.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import { anEscalation, aPage, aTicket, creation } from './samples.ts';
import { start, type World, world } from './world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});

const emergency = (ordinal = 1) => {
  const { id, ticket, partner } = anEscalation(aTicket(), ordinal);
  return { id, ticket, partner };
};

/** A queued page that was committed with its case. */
async function queued() {
  const before = await w.store.cases.commit(null, creation(aTicket()), start);
  const escalation = anEscalation(before.ticket);
  const page = aPage(escalation);
  await w.store.cases.commit(before, decided(before, { escalation, pages: [{ add: page }] }), start);
  return page;
}

describe('reply codes', () => {
  test('are given in turn, one for each emergency on a phone', async () => {
    const phone = '+12025550001';
    const [first, second] = [emergency(), emergency()];
    expect(await w.store.pages.codeFor(phone, first)).toBe(1);
    expect(await w.store.pages.codeFor(phone, second)).toBe(2);
    expect(await w.store.pages.codeFor(phone, first)).toBe(1);
    expect(await w.store.pages.codeFor('+12025550002', second)).toBe(1);
    expect(await w.store.pages.codes(phone)).toEqual(
      expect.arrayContaining([
        { code: 1, escalation: first.id, ticket: first.ticket, partner: first.partner, givenAt: start },
      ]),
    );
  });

  test('start again after 99, with the one that has rested longest', async () => {
    const phone = '+12025550003';
    const given: number[] = [];
    for (let n = 0; n < 100; n++) given.push(await w.store.pages.codeFor(phone, emergency()));
    expect(given).toEqual([...Array.from({ length: 99 }, (_, n) => n + 1), 1]);
  });

  test('differ for claims side by side, none of which fails', async () => {
    const phone = '+12025550004';
    const codes = await Promise.all(
      Array.from({ length: 20 }, () => w.store.pages.codeFor(phone, emergency())),
    );
    expect(new Set(codes).size).toBe(20);
  });

  test('are the same for two pages of one emergency that are claimed side by side', async () => {
    const phone = '+12025550005';
    const one = emergency();
    const codes = await Promise.all(Array.from({ length: 6 }, () => w.store.pages.codeFor(phone, one)));
    expect(new Set(codes).size).toBe(1);
    expect(await w.store.pages.codes(phone)).toHaveLength(1);
  });

  test('are listed newest first, for 30 days', async () => {
    const own = await world();
    const phone = '+12025550006';
    for (const day of [0, 10, 10]) {
      own.clock.advance(day * 86_400);
      await own.store.pages.codeFor(phone, emergency());
    }
    expect((await own.store.pages.codes(phone)).map(({ code }) => code)).toEqual([3, 2, 1]);
    own.clock.advance(15 * 86_400);
    expect((await own.store.pages.codes(phone)).map(({ code }) => code)).toEqual([3, 2]);
  });
});

describe('a page', () => {
  test('is claimed by exactly one of many', async () => {
    const page = await queued();
    const claims = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => {
        const claim = { id: `clm_${n}`, until: addSeconds(start, 20) };
        return w.store.pages.commit(
          { page: { ...page, state: 'sending', claim }, from: page, timers: [] },
          start,
        );
      }),
    );
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const claim of claims)
      if (claim.status === 'rejected') expect(claim.reason).toBeInstanceOf(Conflict);
  });

  test('names its conditions when it moved, and changes only from the claim that was read', async () => {
    const page = await queued();
    const mine = { ...page, state: 'sending' as const, claim: { id: 'clm_mine', until: start } };
    await w.store.pages.commit({ page: mine, from: page, timers: [] }, start);
    const others = { ...mine, claim: { id: 'clm_other', until: start } };
    const sent = w.store.pages.commit({ page: { ...mine, state: 'sent' }, from: others, timers: [] }, start);
    await expect(sent).rejects.toMatchObject({ failed: ['page.claim'] });
  });

  test('is found by the message id that SNS gave it, together with its timer’s change', async () => {
    const page = await queued();
    const home = { partner: 'par_acme', ticket: page.home?.ticket ?? '' };
    const timer = { home, subject: page.id, kind: 'send_by' as const, dueAt: start, generation: 2 };
    await w.store.pages.commit({ page, from: page, timers: [{ set: timer }] }, start);
    expect(await w.store.timers.read(timer)).toEqual(timer);
    const sent = { ...page, state: 'sent' as const, messageId: `sns-${page.id}` };
    await w.store.pages.commit({ page: sent, from: page, timers: [{ clear: timer }] }, start);
    expect(await w.store.pages.byMessageId(`sns-${page.id}`)).toEqual(sent);
    expect(await w.store.timers.read(timer)).toBeNull();
    expect(await w.store.pages.byMessageId('sns-unknown')).toBeNull();
  });

  test('that answers nobody’s ticket is kept by itself, once', async () => {
    const answer = aPage(anEscalation(aTicket()), 1, {
      id: 'ans_1',
      home: null,
      notice: 'answer',
      text: 'ok',
    });
    await w.store.pages.commit({ page: answer, from: null, timers: [] }, start);
    expect(await w.store.pages.read(null, 'ans_1')).toEqual(answer);
    const again = w.store.pages.commit({ page: answer, from: null, timers: [] }, start);
    await expect(again).rejects.toMatchObject({ failed: ['page.new'] });
  });
});

test('an inbound message is taken once, and forgotten after seven days', async () => {
  const own = await world();
  expect(await own.store.pages.inboundSeen('in-1')).toBe(false);
  await own.store.pages.markInbound('in-1', own.clock.now());
  expect(await own.store.pages.inboundSeen('in-1')).toBe(true);
  own.clock.advance(7 * 86_400);
  expect(await own.store.pages.inboundSeen('in-1')).toBe(false);
});
