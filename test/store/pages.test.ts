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

/** A queued page that was committed with its case. */
async function queued() {
  const before = await w.store.cases.commit(null, creation(aTicket()), start);
  const escalation = anEscalation(before.ticket);
  const page = aPage(escalation);
  await w.store.cases.commit(before, decided(before, { escalation, pages: [{ add: page }] }), start);
  return page;
}

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
