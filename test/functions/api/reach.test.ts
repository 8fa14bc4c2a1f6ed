import { beforeEach, describe, expect, test } from 'vitest';
import { addSeconds } from '../../../shared/domain/time.ts';
import { makeWorld, mondayNight, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

const agent = () => ({ key: world.keys.kim });
const admin = () => ({ key: world.keys.ada });
const levelsOf = (gaps: { level: number; why: string }[]) => [
  ...new Set(gaps.map(({ level, why }) => `${level} ${why}`)),
];
const coverage = async (days = '2') =>
  (await world.get('/v1/coverage', { ...agent(), query: { days } })).body;

describe('coverage', () => {
  test('says who can be reached in each closed time, level by level', async () => {
    const { intervals, gaps } = await coverage();
    expect(gaps).toEqual([]);
    expect(intervals.map(({ from, to }: { from: string; to: string }) => [from, to])).toEqual([
      [mondayNight, '2026-01-06T14:00:00.000Z'],
      ['2026-01-07T01:00:00.000Z', '2026-01-07T14:00:00.000Z'],
      ['2026-01-08T01:00:00.000Z', '2026-01-08T03:10:00.000Z'],
    ]);
    expect(intervals[0].levels[0]).toEqual({ level: 1, who: [{ id: 'stf_dana', name: 'dana' }] });
  });

  test('shows what became known of a phone, in the list of the staff as well', async () => {
    const { reach } = world.store;
    await reach.learn('+12025550101', { kind: 'failed', because: 'Invalid phone number' }, mondayNight);
    await reach.learn('+12025550102', { kind: 'opted_out' }, mondayNight);
    expect(levelsOf((await coverage()).gaps)).toEqual(['1 failing', '2 failing', '3 opted_out']);
    const { body } = await world.get('/v1/staff/stf_dana', agent());
    expect(body).toMatchObject({
      phoneVerified: true,
      contactMethods: [
        {
          method: 'sms',
          address: '+12025550101',
          problem: { why: 'failing', since: mondayNight, because: 'Invalid phone number' },
        },
      ],
    });
    expect((await world.get('/v1/staff', agent())).body.data).toContainEqual(body);
  });

  test('is asked for 1 to 60 days, 14 when left out', async () => {
    const fortnight = await world.get('/v1/coverage', agent());
    expect(fortnight.body.intervals.at(-1).to > addSeconds(mondayNight, 13 * 86_400)).toBe(true);
    for (const days of ['0', '61', 'x'])
      expect((await world.get('/v1/coverage', { ...agent(), query: { days } })).body.code).toBe(
        'invalid_request',
      );
  });
});

describe('a change that opens a hole is answered with it', () => {
  const rotation = { name: 'weekly', every: { weeks: 1 }, members: ['stf_dana'] };
  const primary = (start: string) => ({
    name: 'Primary',
    timezone: 'America/New_York',
    rotations: [{ ...rotation, start }],
  });
  /** The first has no phone. */
  const levels = ['stf_ada', 'stf_dana'].map((staff, n) => ({ afterMinutes: n * 5, page: [{ staff }] }));

  test('a schedule that begins too late; and one that closes it again is not', async () => {
    const put = await world.put('/v1/schedules/primary', primary('2026-01-08T09:00'), agent());
    expect(put.body.gaps.slice(0, 2)).toEqual([
      { from: mondayNight, to: '2026-01-06T14:00:00.000Z', level: 1, why: 'no_shift', people: [] },
      { from: mondayNight, to: '2026-01-06T14:00:00.000Z', level: 2, why: 'no_shift', people: [] },
    ]);
    expect(put.body.gaps).toHaveLength(6);
    const again = await world.put('/v1/schedules/primary', primary('2026-01-08T09:00'), agent());
    expect(again.body.gaps).toBeUndefined();
    const mended = await world.put('/v1/schedules/primary', primary('2026-01-01T09:00'), agent());
    expect(mended.body.gaps).toBeUndefined();
    expect((await coverage()).gaps).toEqual([]);
  });

  test('an override by somebody who cannot be reached', async () => {
    await world.patch('/v1/staff/stf_kim', { phone: '+12025550133' }, agent());
    const night = { from: mondayNight, to: '2026-01-06T06:00:00.000Z' };
    const { status, body } = await world.post(
      '/v1/schedules/primary/overrides',
      { ...night, staff: 'stf_kim', instead: 'stf_dana' },
      agent(),
    );
    expect(status).toBe(201);
    const people = [{ id: 'stf_kim', name: 'kim', why: 'not_verified' }];
    expect(body.gaps).toEqual([1, 2].map((level) => ({ ...night, level, why: 'not_verified', people })));
  });

  test('somebody suspended, and a phone that changes', async () => {
    const suspended = await world.patch('/v1/staff/stf_sam', { suspended: true }, agent());
    expect(levelsOf(suspended.body.gaps)).toEqual(['3 no_shift']);
    const moved = await world.patch('/v1/staff/stf_dana', { phone: '+12025550177' }, agent());
    expect(moved.body).toMatchObject({ phoneVerified: false, phoneVerifiedAt: null });
    expect(levelsOf(moved.body.gaps)).toEqual(['1 not_verified', '2 not_verified']);
  });

  test('a policy that pages somebody without a phone, a calendar that closes more', async () => {
    const policy = await world.put('/v1/policies/default', { levels }, agent());
    expect(levelsOf(policy.body.gaps)).toContain('1 no_shift');
    const calendar = { timezone: 'America/New_York', week: {} };
    const closed = await world.put('/v1/calendars/default', calendar, agent());
    expect(closed.body.gaps[0]).toMatchObject({ from: '2026-01-06T14:00:00.000Z', level: 1 });
  });

  test('a provider that goes over to such a policy', async () => {
    const unused = await world.put('/v1/policies/other', { levels }, agent());
    expect(unused.body.gaps).toBeUndefined();
    const provider = { name: 'Mailguard', phone: '+1 202 555 0199', policy: 'other' };
    const { status, body } = await world.put('/v1/provider', provider, admin());
    expect(status).toBe(200);
    expect(body).toMatchObject({ policy: 'other' });
    expect(levelsOf(body.gaps)).toEqual(['1 no_shift']);
  });

  test('an override whose end leaves nobody on call; the end of another is answered with nothing', async () => {
    const overrides = '/v1/schedules/primary/overrides';
    const night = { from: mondayNight, to: '2026-01-06T14:00:00.000Z', staff: 'stf_sam' };
    const made = async (more: object) =>
      (await world.post(overrides, { ...night, ...more }, agent())).body.id;
    const end = async (id: string) => world.del(`${overrides}/${id}`, agent());
    const covers = await made({});
    expect(await end(await made({ staff: 'stf_mo' }))).toMatchObject({ status: 204, body: null });
    expect((await world.put('/v1/schedules/primary', primary('2026-01-06T09:00'), agent())).status).toBe(200);
    expect(await end(covers)).toMatchObject({
      status: 200,
      body: { gaps: [1, 2].map((level) => ({ from: mondayNight, to: night.to, level, why: 'no_shift' })) },
    });
  });
});

describe('verifying a phone', () => {
  test('asks it by SMS, at most once a minute', async () => {
    const path = '/v1/staff/stf_dana/verify';
    const { status, body } = await world.post(path, undefined, agent());
    expect(status).toBe(202);
    expect(body).toEqual({
      staff: { id: 'stf_dana', name: 'dana' },
      phone: '+12025550101',
      sentAt: mondayNight,
      expiresAt: addSeconds(mondayNight, 86_400),
    });
    const soon = await world.post(path, undefined, agent());
    expect(soon).toMatchObject({
      status: 429,
      body: { code: 'throttled' },
      headers: { 'retry-after': '60' },
    });
    world.time.now = addSeconds(mondayNight, 60);
    expect((await world.post(path, undefined, agent())).status).toBe(202);
    world.time.now = mondayNight;
  });

  test('is refused for people without a phone, and for nobody', async () => {
    expect((await world.post('/v1/staff/stf_ada/verify', undefined, agent())).body.code).toBe('no_phone');
    expect((await world.post('/v1/staff/stf_none/verify', undefined, agent())).body.code).toBe('not_found');
  });
});

describe('the staff’s own list', () => {
  const lou = { name: 'Lou', role: 'engineer', phone: '+12025550188', email: 'lou@desk.example' };

  test('is kept by anybody of the staff who may write; a new phone is not verified', async () => {
    const made = await world.post('/v1/staff', lou, agent());
    expect(made).toMatchObject({ status: 201, body: { phoneVerified: false } });
    const renamed = await world.patch(`/v1/staff/${made.body.id}`, { name: 'Louise' }, agent());
    expect(renamed.body).toMatchObject({ name: 'Louise', phone: lou.phone });
  });

  test('lets nobody but admins make, change or unmake admins, or change the address that signs another in', async () => {
    const refusedTo = async (path: string, change: object) =>
      (await world.patch(path, change, agent())).body.code;
    expect((await world.post('/v1/staff', { ...lou, role: 'admin' }, agent())).body.code).toBe('forbidden');
    expect(await refusedTo('/v1/staff/stf_kim', { role: 'admin' })).toBe('forbidden');
    expect(await refusedTo('/v1/staff/stf_ada', { suspended: true })).toBe('forbidden');
    expect(await refusedTo('/v1/staff/stf_ada', { role: 'agent' })).toBe('forbidden');
    expect(await refusedTo('/v1/staff/stf_mo', { email: 'kim@else.example' })).toBe('forbidden');
    expect((await world.patch('/v1/staff/stf_kim', { email: 'kim@new.example' }, agent())).status).toBe(200);
    expect((await world.patch('/v1/staff/stf_kim', { role: 'admin' }, admin())).status).toBe(200);
    await world.patch('/v1/staff/stf_kim', { role: 'agent' }, admin());
  });

  test.each(['+15555550101', '911', '+1 202 555', 'soon', '+12025550101 ext. 5'])(
    'refuses %s, which cannot be dialled',
    async (phone) => {
      const { status, body } = await world.patch('/v1/staff/stf_kim', { phone }, agent());
      expect(status).toBe(422);
      expect(body.errors).toMatchObject([{ field: 'phone' }]);
    },
  );

  test('takes the numbers that are kept for examples', async () => {
    for (const phone of ['+12025550147', '(202) 555-0199', '+442079460958'])
      expect((await world.patch('/v1/staff/stf_kim', { phone }, agent())).status).toBe(200);
  });
});
