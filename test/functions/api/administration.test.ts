import { beforeAll, describe, expect, test } from 'vitest';
import { makeWorld, mondayNight, tuesdayMorning, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const admin = () => ({ key: world.keys.ada });

describe('support status', () => {
  test.each([
    [
      '2026-01-06T03:10:00Z',
      false,
      'closed: after hours',
      '2026-01-06T14:00:00.000Z',
      '2026-01-07T01:00:00.000Z',
    ],
    [
      '2026-01-06T14:00:00Z',
      true,
      'open: Tuesday 09:00–20:00',
      '2026-01-07T14:00:00.000Z',
      '2026-01-07T01:00:00.000Z',
    ],
    [
      '2026-01-07T00:59:59Z',
      true,
      'open: Tuesday 09:00–20:00',
      '2026-01-07T14:00:00.000Z',
      '2026-01-07T01:00:00.000Z',
    ],
    [
      '2026-01-07T01:00:00Z',
      false,
      'closed: after hours',
      '2026-01-07T14:00:00.000Z',
      '2026-01-08T01:00:00.000Z',
    ],
    [
      '2026-11-26T12:00:00-05:00',
      false,
      'closed: Thanksgiving Day',
      '2026-11-27T14:00:00.000Z',
      '2026-11-28T01:00:00.000Z',
    ],
    [
      '2026-01-10T17:00:00Z',
      false,
      'closed: Saturday',
      '2026-01-12T14:00:00.000Z',
      '2026-01-13T01:00:00.000Z',
    ],
  ])('at %s: open is %s, because %s', async (at, open, reason, opensAt, closesAt) => {
    const { body } = await world.get('/v1/support-status', { query: { at } });
    expect(body).toMatchObject({ open, reason, opensAt, closesAt, timezone: 'America/New_York' });
  });

  test('is that of now when no instant is given, and always holds the phones', async () => {
    world.time.now = tuesdayMorning;
    expect((await world.get('/v1/support-status')).body).toMatchObject({
      open: true,
      phone: '+1 202 555 0199',
      phones: [{ country: 'Sweden' }],
      incidents: [],
    });
    world.time.now = mondayNight;
    expect((await world.get('/v1/support-status')).body.open).toBe(false);
  });
});

describe('calendars', () => {
  test('count business time both ways, with the steps', async () => {
    const path = '/v1/calendars/default/business-time';
    const from = '2026-01-05T23:30:00Z';
    const added = await world.get(path, { query: { from, add: 'PT2H' } });
    expect(added.body).toMatchObject({ dueAt: '2026-01-06T14:30:00.000Z' });
    expect(added.body.steps.map(({ seconds }: { seconds: number }) => seconds)).toEqual([5_400, 0, 1_800]);
    const between = await world.get(path, { query: { from, to: added.body.dueAt } });
    expect(between.body.seconds).toBe(7_200);
    expect(
      (await world.get('/v1/calendars/none/business-time', { query: { from, add: 'PT2H' } })).body.code,
    ).toBe('not_found');
  });

  test('are replaced whole and read back as they were put', async () => {
    const given = {
      timezone: 'Europe/Berlin',
      week: { mon: [['22:00', '06:00']] },
      holidays: [{ date: '2026-12-24', name: 'Eve' }],
    };
    const put = await world.put('/v1/calendars/berlin', given, admin());
    expect(put.body).toEqual({
      id: 'berlin',
      presets: [],
      ...given,
      holidays: [{ ...given.holidays[0], active: true }],
    });
    expect((await world.get('/v1/calendars/berlin', admin())).body).toEqual(put.body);
    const list = await world.get('/v1/calendars', admin());
    expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['berlin', 'default']),
    );
  });
});

describe('schedules', () => {
  const nights = {
    name: 'Nights',
    timezone: 'America/New_York',
    rotations: [
      { name: 'weekly', start: '2026-01-05T09:00', every: { weeks: 1 }, members: ['stf_dana', 'stf_sam'] },
    ],
  };

  test('give their shifts by name, cut to the range', async () => {
    await world.put('/v1/schedules/nights', nights, { key: world.keys.mo });
    const query = { from: '2026-01-04T00:00:00Z', to: '2026-01-20T00:00:00Z' };
    const { body } = await world.get('/v1/schedules/nights/shifts', { key: world.keys.dana, query });
    expect(body.data).toMatchObject([
      {
        from: '2026-01-05T14:00:00.000Z',
        to: '2026-01-12T14:00:00.000Z',
        staff: { id: 'stf_dana', name: 'dana' },
      },
      { from: '2026-01-12T14:00:00.000Z', to: '2026-01-19T14:00:00.000Z', staff: { id: 'stf_sam' } },
      { from: '2026-01-19T14:00:00.000Z', to: '2026-01-20T00:00:00.000Z', staff: { id: 'stf_dana' } },
    ]);
  });

  test('give no more shifts at once than an answer holds', async () => {
    const [weekly] = nights.rotations;
    const hourly = ['one', 'two'].map((name) => ({ ...weekly, name, every: { hours: 1 } }));
    await world.put(
      '/v1/schedules/hourly',
      { ...nights, rotations: hourly.slice(0, 1) },
      { key: world.keys.mo },
    );
    const list = (to: string) =>
      world.get('/v1/schedules/hourly/shifts', {
        ...{ key: world.keys.mo, query: { from: '2026-02-01T00:00:00Z', to } },
      });
    expect((await list('2027-02-01T00:00:00Z')).body.data).toHaveLength(365 * 24);
    const other = { ...hourly[1], members: ['stf_kim', 'stf_mo'] };
    const both = { ...nights, rotations: [hourly[0], other] };
    await world.put('/v1/schedules/hourly', both, { key: world.keys.mo });
    expect((await list('2027-02-01T00:00:00Z')).body.errors).toMatchObject([{ field: 'to' }]);
  });

  test('take overrides: the same one twice is one, an overlapping one for the same person is refused', async () => {
    await world.put('/v1/schedules/swaps', nights, { key: world.keys.mo });
    const path = '/v1/schedules/swaps/overrides';
    const given = {
      from: '2026-01-06T00:00:00Z',
      to: '2026-01-07T00:00:00Z',
      staff: 'stf_sam',
      instead: 'stf_dana',
    };
    const first = await world.post(path, given, { key: world.keys.mo });
    expect(first).toMatchObject({ status: 201, body: { staff: 'stf_sam', instead: 'stf_dana' } });
    const same = await world.post(path, given, { key: world.keys.mo });
    expect(same).toMatchObject({ status: 200, text: first.text });
    const clash = await world.post(path, { ...given, staff: 'stf_kim' }, { key: world.keys.mo });
    expect(clash.body.code).toBe('override_overlaps');
    const beside = await world.post(path, { ...given, instead: null }, { key: world.keys.mo });
    expect(beside).toMatchObject({ status: 201, body: { instead: null } });
    await world.put('/v1/schedules/swaps', { ...nights, name: 'Renamed' }, { key: world.keys.mo });
    const kept = await world.get('/v1/schedules/swaps', { key: world.keys.mo });
    expect(kept.body).toMatchObject({ name: 'Renamed', overrides: [{ id: first.body.id }, {}] });
    expect((await world.post('/v1/schedules/none/overrides', given, { key: world.keys.mo })).body.code).toBe(
      'not_found',
    );
  });

  test('keep who was on call before an edit, also when it was long ago', async () => {
    const path = '/v1/schedules/edited';
    await world.put(path, nights, { key: world.keys.mo });
    const [rotation] = nights.rotations;
    const others = { ...nights, rotations: [{ ...rotation, members: ['stf_kim'] }] };
    await world.put(path, others, { key: world.keys.mo });
    const query = { from: '2026-01-05T00:00:00Z', to: '2026-01-20T00:00:00Z' };
    const shiftsNow = async () => (await world.get(`${path}/shifts`, { key: world.keys.mo, query })).body;
    const then = world.time.now;
    expect((await shiftsNow()).data).toMatchObject([
      { from: '2026-01-05T14:00:00.000Z', to: then, staff: { id: 'stf_dana' } },
      { from: then, to: '2026-01-20T00:00:00.000Z', staff: { id: 'stf_kim' } },
    ]);
    const before = await shiftsNow();
    world.time.now = '2026-05-01T00:00:00.000Z';
    await world.put(path, nights, { key: world.keys.mo });
    world.time.now = '2026-07-01T00:00:00.000Z';
    await world.put(path, others, { key: world.keys.mo });
    expect(await world.store.directory.schedule('edited')).toMatchObject({
      past: [{ until: world.time.now }],
      knownFrom: '2026-05-01T00:00:00.000Z',
    });
    expect(await shiftsNow()).toEqual(before);
    world.time.now = then;
  });

  test('take somebody off call, and overrides end when they are ended', async () => {
    const path = '/v1/schedules/off';
    await world.put(path, nights, { key: world.keys.mo });
    const given = {
      from: '2026-01-06T00:00:00Z',
      to: '2026-01-07T00:00:00Z',
      staff: null,
      instead: 'stf_dana',
    };
    const off = await world.post(`${path}/overrides`, given, { key: world.keys.mo });
    const begun = world.time.now;
    expect(off).toMatchObject({ status: 201, body: { staff: null, from: begun, createdAt: begun } });
    world.time.now = '2026-01-06T04:10:00.000Z';
    const end = () => world.del(`${path}/overrides/${off.body.id}`, { key: world.keys.mo });
    expect((await end()).status).toBe(204);
    expect((await world.get(path, { key: world.keys.mo })).body.overrides).toMatchObject([
      { from: begun, to: world.time.now },
    ]);
    expect((await end()).body.code).toBe('override_ended');
    const none = await world.del(`${path}/overrides/ovr_none`, { key: world.keys.mo });
    expect(none.body.code).toBe('not_found');
    const query = { from: '2026-01-06T00:00:00Z', to: '2026-01-07T00:00:00Z' };
    const { body } = await world.get(`${path}/shifts`, { key: world.keys.mo, query });
    expect(body.data).toMatchObject([
      { from: '2026-01-06T00:00:00.000Z', to: begun, staff: { id: 'stf_dana' } },
      { from: world.time.now, to: '2026-01-07T00:00:00.000Z', staff: { id: 'stf_dana' } },
    ]);
    world.time.now = begun;
  });

  test('let somebody cover a shift that has begun from now on, and leave what was', async () => {
    const path = '/v1/schedules/begun';
    const key = world.keys.mo;
    await world.put(path, nights, { key });
    const query = { from: '2026-01-06T00:00:00Z', to: '2026-01-06T08:00:00Z' };
    const shiftsNow = async () =>
      (await world.get(`${path}/shifts`, { key, query })).body.data.map(
        (one: { from: string; staff: { name: string } }) => `${one.from.slice(11, 19)} ${one.staff.name}`,
      );
    expect(await shiftsNow()).toEqual(['00:00:00 dana']);
    const given = { from: query.from, to: '2026-01-06T06:00:00Z', staff: 'stf_sam', instead: 'stf_dana' };
    const first = await world.post(`${path}/overrides`, given, { key });
    expect(first).toMatchObject({ status: 201, body: { from: world.time.now } });
    const begun = world.time.now;
    world.time.now = '2026-01-06T03:10:50.000Z';
    const again = await world.post(`${path}/overrides`, given, { key });
    expect(again).toMatchObject({ status: 200, text: first.text });
    const other = await world.post(`${path}/overrides`, { ...given, staff: 'stf_kim' }, { key });
    expect(other.body.code).toBe('override_overlaps');
    expect(await shiftsNow()).toEqual(['00:00:00 dana', '03:10:00 sam', '06:00:00 dana']);
    const past = await world.post(`${path}/overrides`, { ...given, to: '2026-01-06T03:10:00Z' }, { key });
    expect(past).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', errors: [{ field: 'to' }] },
    });
    const lately = { ...given, from: '2026-01-06T03:10:10Z', staff: 'stf_kim', instead: null };
    const written = await world.post(`${path}/overrides`, lately, { key });
    expect(written.body.from).toBe('2026-01-06T03:10:10.000Z');
    world.time.now = begun;
  });

  test('have the address of a calendar feed, which staff renew or close; what was read may be put back', async () => {
    const path = '/v1/schedules/feed';
    const key = world.keys.mo;
    const { calendarUrl } = (await world.put(path, nights, { key })).body;
    expect(calendarUrl).toMatch(/^https:.*\/v1\/schedules\/feed\/calendar\.ics\?token=[\w-]{22}$/);
    const read = (await world.get(path, { key })).body;
    expect((await world.put(path, read, { key })).body).toEqual(read);
    const renewed = await world.post(`${path}/calendar-url`, {}, { key });
    expect(renewed).toMatchObject({ status: 200, body: { name: 'Nights' } });
    expect(renewed.body.calendarUrl).not.toBe(calendarUrl);
    expect((await world.del(`${path}/calendar-url`, { key })).status).toBe(204);
    expect((await world.put(path, nights, { key })).body.calendarUrl).toBeNull();
    expect((await world.post('/v1/schedules/none/calendar-url', {}, { key })).body.code).toBe('not_found');
  });

  test('say who is on call at each level, and until when', async () => {
    const at = '2026-01-06T03:10:00Z';
    const given = {
      from: '2026-01-06T03:00:00Z',
      to: '2026-01-06T05:00:00Z',
      staff: 'stf_kim',
      instead: 'stf_dana',
    };
    await world.post('/v1/schedules/primary/overrides', given, { key: world.keys.mo });
    const { body } = await world.get('/v1/on-call', { key: world.keys.dana, query: { at } });
    expect(body.levels[0]).toEqual({
      level: 1,
      who: [{ id: 'stf_kim', name: 'kim' }],
      until: '2026-01-06T05:00:00.000Z',
    });
    expect(body.levels[2].who).toEqual([{ id: 'stf_sam', name: 'sam' }]);
  });
});

const level = (afterMinutes: number) => ({ afterMinutes, page: [{ schedule: 'primary' }] });

describe('policies', () => {
  test('complete what is left out', async () => {
    const levels = [
      { afterMinutes: 0, page: [{ schedule: 'primary' }] },
      { afterMinutes: 15, page: [{ everyone: true }] },
    ];
    const { body } = await world.put('/v1/policies/short', { promiseMinutes: 20, levels }, admin());
    expect(body).toEqual({
      id: 'short',
      promiseMinutes: 20,
      levels,
      businessHours: {
        levels: [
          { afterMinutes: 10, page: [{ schedule: 'primary' }] },
          { afterMinutes: 20, page: [{ everyone: true }, { role: 'manager' }] },
        ],
      },
      repeatMinutes: 10,
      giveUpMinutes: 240,
    });
    expect((await world.get('/v1/policies/short', admin())).body).toEqual(body);
  });

  test('that can page nobody are refused with the reason, and nothing is written', async () => {
    const phoneless = await world.post(
      '/v1/staff',
      { name: 'Noa', role: 'agent', phone: null, email: 'noa@desk.example' },
      admin(),
    );
    const levels = [{ afterMinutes: 0, page: [{ staff: phoneless.body.id }] }];
    const { status, body } = await world.put('/v1/policies/nobody', { levels }, admin());
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'cannot_page_anybody' });
    expect(body.detail).toContain('Noa has no phone');
    expect(body.errors[0]).toEqual({ field: 'levels.0.page.0', message: 'Noa has no phone' });
    expect((await world.get('/v1/policies/nobody', admin())).status).toBe(404);
  });

  test.each([
    ['a promise after the giving up', { promiseMinutes: 300 }, 'promiseMinutes'],
    [
      'a level that would come after the giving up',
      { giveUpMinutes: 60, levels: [level(0), level(60)] },
      'levels.1.afterMinutes',
    ],
    ['more than 300 repeats', { repeatMinutes: 4, giveUpMinutes: 1_201 }, 'repeatMinutes'],
    ['levels out of order', { levels: [level(0), level(10), level(5)] }, 'levels.2.afterMinutes'],
    ['a first level that waits', { levels: [level(5)] }, 'levels.0.afterMinutes'],
    ['no levels by day', { businessHours: { levels: [] } }, 'businessHours.levels'],
  ])('refuse %s', async (_what, change, field) => {
    const reply = await world.put('/v1/policies/odd', { levels: [level(0)], ...change }, admin());
    expect(reply).toMatchObject({ status: 422, body: { code: 'invalid_request', errors: [{ field }] } });
  });
});

describe('staff', () => {
  test('are kept with a phone in E.164, which belongs to one of them', async () => {
    const given = { name: 'Lou', role: 'engineer', phone: '(202) 555-0188', email: 'lou@desk.example' };
    const made = await world.post('/v1/staff', given, admin());
    expect(made.body).toMatchObject({
      phone: '+12025550188',
      timezone: 'America/New_York',
      suspended: false,
    });
    const second = await world.post('/v1/staff', { ...given, phone: '+1 202 555 0188' }, admin());
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'already_exists', errors: [{ field: 'phone' }] },
    });
    const changed = await world.patch(`/v1/staff/${made.body.id}`, { phone: '+46 8 544 406 00' }, admin());
    expect(changed.body.phone).toBe('+46854440600');
    const taken = await world.patch(`/v1/staff/${made.body.id}`, { phone: '+12025550101' }, admin());
    expect(taken.body.code).toBe('already_exists');
    expect((await world.get(`/v1/staff/${made.body.id}`, admin())).body).toEqual(changed.body);
  });
});

describe('partners, plans, services and the provider', () => {
  test('are made once and changed', async () => {
    const plan = await world.post('/v1/plans', { id: 'gold', name: 'Gold' }, admin());
    expect(plan).toMatchObject({
      status: 201,
      body: { firstResponse: { outage: { seconds: 1_800, time: 'elapsed' } } },
    });
    expect((await world.post('/v1/plans', { id: 'gold', name: 'Gold' }, admin())).body.code).toBe(
      'already_exists',
    );
    const partner = await world.post('/v1/partners', { id: 'new', name: 'New', plan: 'gold' }, admin());
    expect(partner.headers.location).toBe('/v1/partners/new');
    expect(
      (await world.post('/v1/partners', { id: 'new', name: 'New', plan: 'gold' }, admin())).body.code,
    ).toBe('already_exists');
    const desk = await world.post('/v1/partners', { id: 'provider', name: 'x', plan: 'gold' }, admin());
    expect(desk).toMatchObject({ status: 422, body: { errors: [{ field: 'id' }] } });
    const renamed = await world.patch('/v1/partners/new', { name: 'Newer' }, admin());
    expect(renamed.body).toEqual({ ...partner.body, name: 'Newer' });
    expect((await world.patch('/v1/partners/none', { name: 'x' }, admin())).body.code).toBe('not_found');
    expect((await world.patch('/v1/partners/new', {}, admin())).body.code).toBe('invalid_request');
    await world.put('/v1/services/web', { name: 'Web security' }, admin());
    expect((await world.get('/v1/services')).body.data).toContainEqual({ id: 'web', name: 'Web security' });
    const list = await world.get('/v1/partners', { ...admin(), query: { limit: '1' } });
    expect(list.body.data).toHaveLength(1);
    expect(list.body.nextCursor).not.toBeNull();
  });

  test('are all there: setup misses nothing', async () => {
    expect((await world.get('/v1/setup', admin())).body).toEqual({ ready: true, missing: [] });
  });
});

test('the document and the event types are served', async () => {
  const document = await world.get('/openapi.json', { key: null });
  expect(document).toMatchObject({ status: 200, body: { openapi: '3.1.1' } });
  const types = await world.get('/v1/event-types');
  expect(types.body.data).toContainEqual({
    type: 'escalation.acknowledged',
    summary: 'A person has taken it.',
  });
  const one = await world.get('/v1/event-types/escalation.acknowledged');
  expect(one.body.schema).toMatchObject({
    type: 'object',
    required: expect.arrayContaining(['text', 'hash', 'data']),
  });
  expect((await world.get('/v1/event-types/ticket.sneezed')).body.code).toBe('not_found');
});

describe('webhook endpoints', () => {
  test('are seen and deleted by their owner alone, and their secret is shown once', async () => {
    const made = await world.post('/v1/webhooks', {
      url: 'https://hooks.acme.example/n',
      eventTypes: ['escalation.*'],
    });
    const path = `/v1/webhooks/${made.body.id}`;
    const read = await world.get(path);
    expect(read.body).toMatchObject({ id: made.body.id, status: 'enabled', eventTypes: ['escalation.*'] });
    expect(read.text).not.toContain('whsec_');
    expect((await world.get('/v1/webhooks')).body.data).toHaveLength(1);
    for (const key of [world.keys.other, world.keys.ada]) {
      expect((await world.get(path, { key })).body.code).toBe('not_found');
      expect((await world.del(path, { key })).body.code).toBe('not_found');
      expect((await world.get('/v1/webhooks', { key })).body.data).toEqual([]);
    }
    expect((await world.del(path)).status).toBe(204);
    expect((await world.get(path)).body.code).toBe('not_found');
  });
});
