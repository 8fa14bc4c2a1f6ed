import { describe, expect, test } from 'vitest';
import { decided } from '../../shared/domain/decision.ts';
import { summaryOf } from '../../shared/domain/escalation/event-data.ts';
import { newPhone, type Shown } from '../../shared/domain/phone/phone.ts';
import { anEscalation, aTicket, creation } from './samples.ts';
import { start, world } from './world.ts';

const w = await world();

const shownOf = (escalation: ReturnType<typeof anEscalation>, code: number | null): Shown => ({
  escalation: escalation.id,
  ticket: escalation.ticket,
  partner: escalation.partner,
  code,
  givenAt: start,
});

describe('a phone', () => {
  test('is as new before its first page, and changes on its version', async () => {
    const phone = '+12025550001';
    expect(await w.store.phones.read(phone)).toEqual({ phone: newPhone, shown: null });
    const change = { phone, before: newPhone, after: { ...newPhone, codes: [1] }, shown: null };
    await w.store.phones.put(change, start);
    await expect(w.store.phones.put(change, start)).rejects.toMatchObject({ failed: ['phone.new'] });
    const { phone: kept } = await w.store.phones.read(phone);
    expect(kept).toEqual({ ...newPhone, version: 1, codes: [1] });
    await w.store.phones.put({ phone, before: kept, after: { ...kept, codes: [2] }, shown: null }, start);
    const late = w.store.phones.put(
      { phone, before: kept, after: { ...kept, codes: [3] }, shown: null },
      start,
    );
    await expect(late).rejects.toMatchObject({ failed: ['phone.version'] });
  });

  test('knows what it was shown, newest first, and how each stands now, for 30 days', async () => {
    const own = await world();
    const phone = '+12025550002';
    const made: Shown[] = [];
    for (const [day, state] of [
      [0, 'paging'],
      [10, 'acknowledged'],
      [10, 'resolved'],
    ] as const) {
      own.clock.advance(day * 86_400);
      const before = await own.store.cases.commit(null, creation(aTicket()), start);
      const escalation = {
        ...anEscalation(before.ticket),
        state,
        acknowledgedBy: { id: 'dana', name: 'Dana' },
      };
      const ticket = { ...before.ticket, escalation: summaryOf(escalation) };
      await own.store.cases.commit(before, decided(before, { ticket, escalation }), start);
      const shown = { ...shownOf(escalation, made.length + 1), givenAt: own.clock.now() };
      await own.store.phones.put({ phone, before: newPhone, after: newPhone, shown }, own.clock.now());
      made.unshift(shown);
    }
    expect(await own.store.phones.shown(phone)).toMatchObject([
      { code: 3, state: 'resolved', endedAt: expect.any(String) },
      { code: 2, state: 'acknowledged', holder: { id: 'dana' }, endedAt: null },
      { code: 1, state: 'paging', endedAt: null },
    ]);
    expect((await own.store.phones.read(phone, made[0]?.escalation)).shown).toEqual(made[0]);
    const [latest] = made;
    const reused = { ...latest!, code: 1, givenAt: own.clock.now(), shared: true as const };
    await own.store.phones.put({ phone, before: newPhone, after: newPhone, shown: reused }, own.clock.now());
    // Given back by its latest, a code may still be that of one that shares it; what still has one is enough.
    expect((await own.store.phones.shown(phone, 'codes')).map(({ code, state }) => [code, state])).toEqual([
      [1, 'resolved'],
      [2, 'acknowledged'],
      [1, 'paging'],
    ]);
    await own.store.phones.put({ phone, before: newPhone, after: newPhone, shown: latest! }, own.clock.now());
    own.clock.advance(15 * 86_400);
    expect((await own.store.phones.shown(phone)).map(({ code }) => code)).toEqual([3, 2]);
    expect((await own.store.phones.read(phone, made[2]?.escalation)).shown).toBeNull();
  });
});

test('what an inbound message means is noted once, then done, and forgotten after seven days', async () => {
  const own = await world();
  const first = { means: ['esc_1'], say: null, error: false, done: false };
  expect(await own.store.phones.inbound('in-1')).toBeNull();
  expect(await own.store.phones.noteInbound('in-1', first, own.clock.now())).toEqual(first);
  const other = { ...first, means: ['esc_2'] };
  expect(await own.store.phones.noteInbound('in-1', other, own.clock.now())).toEqual(first);
  await own.store.phones.noteInbound('in-1', { ...first, done: true }, own.clock.now());
  expect(await own.store.phones.inbound('in-1')).toMatchObject({ done: true });
  own.clock.advance(7 * 86_400);
  expect(await own.store.phones.inbound('in-1')).toBeNull();
});
