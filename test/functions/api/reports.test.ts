import { beforeAll, describe, expect, test } from 'vitest';
import { addSeconds } from '../../../shared/domain/time.ts';
import { makeWorld, mondayNight, pressBody, type World } from './world.ts';

let world: World;
/** Four of acme's and one of the other partner's, ten minutes apart: taken, unanswered, cancelled in time, open; theirs. */
let numbers: string[];
beforeAll(async () => {
  world = await makeWorld();
  const press = async (key: string) => {
    const number = await world.open();
    await world.post(`/v1/tickets/${number}/escalation`, pressBody, { key });
    return number;
  };
  const own = world.keys.partner;
  numbers = [];
  for (const [n, key] of [own, own, own, world.keys.other].entries()) {
    world.time.now = addSeconds(mondayNight, n * 600);
    if (key === own) numbers.push(await press(key));
    else {
      const made = await world.post('/v1/tickets', { ...theirs }, { key });
      numbers.push(made.body.number);
      await world.post(`/v1/tickets/${made.body.number}/escalation`, pressBody, { key });
    }
  }
  world.time.now = addSeconds(mondayNight, 1_300);
  const [taken, , cancelled] = numbers;
  const { body } = await world.get(`/v1/tickets/${taken}/escalation`);
  await world.post(`/v1/escalations/${body.id}/acknowledge`, {}, { key: world.keys.kim });
  await world.del(`/v1/tickets/${cancelled}/escalation`);
  world.time.now = addSeconds(mondayNight, 2_500);
});

const theirs = {
  subject: '=1+1',
  description: 'x',
  requester: { name: 'Pat', email: 'pat@other.example' },
};
const range = { from: '2026-01-05', to: '2026-01-06' };
const promises = (query: Record<string, string> = {}, key: string = world.keys.kim) =>
  world.get('/v1/reports/promises', { key, query: { ...range, ...query } });

describe('the report of promises', () => {
  test('has a row an escalation by its start, without what was cancelled in time', async () => {
    const { body } = await promises();
    expect(body.data.map((row: { ticket: string }) => row.ticket)).toEqual([
      numbers[0],
      numbers[1],
      numbers[3],
    ]);
    expect(body.data.map((row: { outcome: string }) => row.outcome)).toEqual(['kept', 'broken', 'open']);
    expect(body).toMatchObject({ nextCursor: null, timezone: 'America/New_York' });
    expect(body.data[0]).toMatchObject({ takenBy: { id: 'stf_kim' }, secondsToTake: 1_300 });
  });

  test('shows partners their own and nothing else', async () => {
    const own = await promises({}, world.keys.partner);
    expect(own.body.data.map((row: { ticket: string }) => row.ticket)).toEqual(numbers.slice(0, 2));
    const other = await promises({}, world.keys.other);
    expect(other.body.data.map((row: { ticket: string }) => row.ticket)).toEqual([numbers[3]]);
  });

  test('comes page by page without a gap or a repetition', async () => {
    for (const key of [world.keys.kim, world.keys.partner]) {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const { body } = await promises({ limit: '1', ...(cursor && { cursor }) }, key);
        found.push(...body.data.map((row: { ticket: string }) => row.ticket));
        cursor = body.nextCursor ?? undefined;
      } while (cursor);
      const whole = await promises({}, key);
      expect(found).toEqual(whole.body.data.map((row: { ticket: string }) => row.ticket));
    }
  });

  test('is a CSV file of the whole range, on the clock of the provider', async () => {
    const { status, headers, text } = await promises({ format: 'csv' }, world.keys.partner);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="promises.csv"',
    });
    const lines = text.split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain(
      `${numbers[0]},ptn_acme,mail_not_delivered,on_call,acknowledged,2026-01-05T22:10:00-05:00`,
    );
    expect(lines[3]).toBe('');
  });

  test('begins at the first moment of a day there and leaves the last one out', async () => {
    expect((await promises({ from: '2026-01-06', to: '2026-01-07' })).body.data).toEqual([]);
    const at = addSeconds(mondayNight, 600);
    const { body } = await promises({ from: mondayNight, to: at });
    expect(body.data.map((row: { ticket: string }) => row.ticket)).toEqual([numbers[0]]);
  });

  test.each([
    [{ to: '2026-01-05' }, 'to'],
    [{ to: '2027-02-06' }, 'to'],
    [{ from: 'yesterday' }, 'from'],
    [{ from: '2026-13-01' }, 'from'],
    [{ from: '2026-02-30' }, 'from'],
    [{ format: 'xls' }, 'format'],
    [{ format: 'csv', cursor: 'abc' }, 'cursor'],
  ])('is refused for %j', async (query, field) => {
    const { status, body } = await promises(query as Record<string, string>);
    expect(status).toBe(422);
    expect(body.errors[0].field).toBe(field);
  });

  test('says of a day that is left out that it is required', async () => {
    const { body } = await world.get('/v1/reports/promises', { query: { from: '2026-11-01' } });
    expect(body.errors).toEqual([{ field: 'to', message: 'is required' }]);
  });

  test("takes no other list's cursor", async () => {
    const { body } = await promises({ limit: '1' });
    const other = await promises({ limit: '1', cursor: body.nextCursor }, world.keys.partner);
    expect(other.body.code).toBe('bad_cursor');
  });
});

describe('the report of on-call', () => {
  test('counts promises and takings of the range', async () => {
    const { body } = await world.get('/v1/reports/on-call', { key: world.keys.kim, query: range });
    expect(body).toMatchObject({
      from: '2026-01-05T05:00:00.000Z',
      to: '2026-01-06T05:00:00.000Z',
      timezone: 'America/New_York',
      escalations: 4,
      timeToPage: { count: 0 },
      timeToAcknowledge: { count: 1, medianSeconds: 1_300 },
      promises: { kept: 1, broken: 1, open: 1, cancelled: 1 },
      people: [{ id: 'stf_kim', pages: 0, taken: 1, weeks: [] }],
    });
  });
});
