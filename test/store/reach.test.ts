import { beforeEach, expect, test } from 'vitest';
import { notice } from '../../shared/domain/notice.ts';
import type { Verification } from '../../shared/domain/reach/verification.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import { aStaff } from './samples.ts';
import { start, type World, world } from './world.ts';

let at: World;
beforeEach(async () => {
  at = await world();
});

const phone = '+12025550101';
const sms = (id: string) =>
  notice({ id, kind: 'verify', to: { id: 'stf_dana', name: 'dana', phone }, text: 'x', now: start });
const asked: Verification = { staff: 'stf_dana', phone, sentAt: [start], until: '2026-01-07T03:10:00.000Z' };

test('what is known of a phone is kept, read whole, and written only when it is news', async () => {
  const { reach } = at.store;
  expect(await reach.all()).toEqual([]);
  await reach.learn(phone, { kind: 'opted_out' }, start);
  await reach.learn('+12025550102', { kind: 'failed', because: 'x' }, start);
  at.requests.length = 0;
  await reach.learn(phone, { kind: 'opted_out' }, '2026-01-06T04:00:00.000Z');
  expect(at.requests.map(({ operation }) => operation)).toEqual(['GetItem']);
  expect((await reach.all()).toSorted((a, b) => (a.phone < b.phone ? -1 : 1))).toMatchObject([
    { phone, optedOutAt: start, failingAt: null },
    { phone: '+12025550102', failingAt: start, because: 'x' },
  ]);
});

test('facts side by side are all kept', async () => {
  const others = [at.another(), at.another()];
  await Promise.all([
    at.store.reach.learn(phone, { kind: 'opted_out' }, start),
    others[0]?.reach.learn(phone, { kind: 'failed', because: 'x' }, start),
    others[1]?.reach.learn(phone, { kind: 'drilled', dueAt: asked.until }, start),
  ]);
  expect(await at.store.reach.all()).toMatchObject([
    { optedOutAt: start, failingAt: start, drill: { dueAt: asked.until } },
  ]);
});

test('an asking and its SMS are one, and of two at once one comes', async () => {
  const { reach, pages } = at.store;
  await reach.ask(asked, sms('vfy_1'), null);
  expect(await reach.verification(phone)).toEqual(asked);
  expect(await pages.read(null, 'vfy_1')).toMatchObject({ phone, state: 'queued' });
  await expect(reach.ask(asked, sms('vfy_2'), null)).rejects.toThrow(Conflict);
  expect(await pages.read(null, 'vfy_2')).toBeNull();
  const again = { ...asked, until: '2026-01-07T03:20:00.000Z' };
  await reach.ask(again, sms('vfy_2'), asked);
  expect(await reach.verification(phone)).toEqual(again);
});

test('a verified phone and a clean slate are one transaction, whatever moves meanwhile', async () => {
  const { reach, directory } = at.store;
  await directory.putStaff(aStaff('stf_dana', phone, { phoneVerifiedAt: null }), { create: true });
  await reach.learn(phone, { kind: 'opted_out' }, start);
  await reach.ask(asked, sms('vfy_1'), null);
  at.faults.nextConflicts = 2;
  const done = '2026-01-06T03:20:00.000Z';
  expect(await reach.verify(asked, done)).toBe(true);
  expect(await directory.staffMember('stf_dana')).toMatchObject({ phoneVerifiedAt: done });
  expect(await reach.verification(phone)).toBeNull();
  expect(await reach.all()).toMatchObject([{ optedOutAt: null, answeredAt: done }]);
  expect(await reach.verify(asked, done)).toBe(true);
});

test('somebody who has another phone by now is not verified by the old one', async () => {
  const { reach, directory } = at.store;
  await directory.putStaff(aStaff('stf_dana', '+12025550109', { phoneVerifiedAt: null }), { create: true });
  expect(await reach.verify(asked, start)).toBe(false);
  expect(await directory.staffMember('stf_dana')).toMatchObject({ phoneVerifiedAt: null });
});

test('two changes of one person at once are both kept', async () => {
  const { directory } = at.store;
  await directory.putStaff(aStaff('stf_dana', phone, { phoneVerifiedAt: null }), { create: true });
  await Promise.all([
    directory.changeStaff('stf_dana', (now) => ({ ...now, name: 'Dana W.' })),
    at.another().directory.changeStaff('stf_dana', (now) => ({ ...now, suspended: true })),
    at.another().reach.verify(asked, start),
  ]);
  expect(await directory.staffMember('stf_dana')).toMatchObject({
    name: 'Dana W.',
    suspended: true,
    phoneVerifiedAt: start,
  });
  expect(await directory.changeStaff('stf_none', (now) => now)).toBeNull();
});

test('six changes of one person, or of what is known of a phone, at once are all kept', async () => {
  const { directory, reach } = at.store;
  await directory.putStaff(aStaff('stf_dana', phone, { name: '' }), { create: true });
  const stores = Array.from({ length: 6 }, () => at.another());
  await Promise.all(
    stores.map((one, n) =>
      one.directory.changeStaff('stf_dana', (now) => ({ ...now, name: `${now.name}${n}` })),
    ),
  );
  const name = (await directory.staffMember('stf_dana'))?.name ?? '';
  expect([...name].sort().join('')).toBe('012345');
  await Promise.all(
    stores.map((one, n) => one.reach.learn(phone, { kind: 'answered' }, addSeconds(start, n / 2))),
  );
  expect(await reach.of(phone)).toMatchObject({ answeredAt: addSeconds(start, 2.5) });
});
