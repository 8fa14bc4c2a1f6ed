import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import ICAL from 'ical.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeConsole } from '../../functions/console/console.ts';
import { edit } from '../../shared/domain/schedule/edit.ts';
import { shifts } from '../../shared/domain/schedule/on-call.ts';
import type { Schedule } from '../../shared/domain/schedule/types.ts';
import { rotation, schedule } from '../domain/schedule/schedules.ts';
import { type Desk, nightDesk, random } from '../fakes/carrier-desk.ts';

const token = 'open-sesame-open-sesame';
/** The night desk's clock is in January 2026, so this is what the feed shows. */
const [from, to] = ['2025-12-01T00:00:00.000Z', '2026-08-01T00:00:00.000Z'];

let desk: Desk;
let logged: object[];
beforeEach(async () => {
  desk = await nightDesk();
  logged = [];
});

async function put(changes: Partial<Schedule>): Promise<Schedule> {
  const whole = schedule({ id: 'feed', calendarToken: token, ...changes });
  await desk.store.directory.changeSchedule('feed', () => whole);
  return whole;
}

async function get(query: Record<string, string>, path = '/v1/schedules/feed/calendar.ics', method = 'GET') {
  const note = (message: string, fields?: object) => void logged.push({ message, ...fields });
  const log = { info: note, warn: note, error: note };
  const open = makeConsole({
    ...desk,
    random,
    log,
    originationNumber: null,
    publicUrl: 'https://desk.example',
  });
  const event = {
    ...{ version: '2.0', rawPath: path, headers: {}, isBase64Encoded: false, queryStringParameters: query },
    requestContext: { requestId: 'req-1', http: { method, path } },
  } as unknown as APIGatewayProxyEventV2;
  const { statusCode, headers = {}, body = '' } = await open(event);
  return { status: statusCode, headers, text: body };
}

/** The events as an independent parser reads them. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents('vevent').map((one) => {
    const { uid, summary, description, startDate, endDate } = new ICAL.Event(one);
    const [start, end] = [startDate, endDate].map((time) => time.toJSDate().toISOString());
    return { uid, summary, description, from: start, to: end, busy: one.getFirstPropertyValue('transp') };
  });
  return { calendar, events };
}

describe('the feed of a schedule', () => {
  it('has the very shifts of the schedule, in UTC, over clock changes, in text that a parser takes', async () => {
    const members = ['dana', 'eli'];
    const weekly = rotation({ name: 'Früh; "a", b\\c', members });
    const name = 'Erste, "Nacht"; b\\c';
    const whole = await put({
      name,
      rotations: [weekly, rotation({ name: 'daily', every: { days: 1 }, members })],
    });
    const { status, headers, text } = await get({ token });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'inline; filename="feed.ics"',
    });
    expect(text.startsWith('BEGIN:VCALENDAR\r\n')).toBe(true);
    for (const line of text.split('\r\n')) {
      expect(line).not.toContain('\n');
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    }
    const { calendar, events } = read(text);
    expect(calendar.getFirstPropertyValue('version')).toBe('2.0');
    expect(calendar.getFirstPropertyValue('x-wr-calname')).toBe('On call: Erste\\, "Nacht"\\; b\\\\c');
    const names = new Map((await desk.store.directory.staff()).map(({ id, name }) => [id, name]));
    expect(events.map((event) => [event.from, event.to, event.summary])).toEqual(
      shifts(whole, from, to).map((shift) => [
        shift.from,
        shift.to,
        `${names.get(shift.staff)} on call: ${name}`,
      ]),
    );
    expect(events[0]?.description).toBe('By the rotation Früh; "a", b\\c');
    expect(new Set(events.map(({ busy }) => busy))).toEqual(new Set(['TRANSPARENT']));
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(events.length);
  });

  it('keeps what was true before an edit, and the ids of shifts that did not change', async () => {
    const whole = await put({ rotations: [rotation({ members: ['dana', 'eli'] })] });
    const before = read((await get({ token })).text).events;
    desk.clock.advance(10 * 86_400);
    const { name, timezone } = whole;
    const plan = { name, timezone, rotations: [rotation({ members: ['mo'] })] };
    await put(edit(whole, plan, desk.clock.now()));
    const after = read((await get({ token })).text).events;
    expect(after.slice(0, 2)).toMatchObject([before[0], { ...before[1], to: desk.clock.now() }]);
    expect(after[2]?.uid).toContain('mo');
    expect(after).toHaveLength(3);
  });

  it('of one person has their shifts alone', async () => {
    await put({ rotations: [rotation({ members: ['dana', 'eli'] })] });
    const { events } = read((await get({ token, staff: 'eli' })).text);
    expect(events.length).toBeGreaterThan(10);
    expect(events.every(({ uid }) => uid.includes('-eli@desk.example'))).toBe(true);
    expect(events[0]?.summary).toBe('On call: Primary');
    expect(await get({ token, staff: 'nobody' })).toMatchObject({ status: 404 });
  });

  it('that has nothing to show is an empty calendar', async () => {
    await put({ rotations: [] });
    expect(read((await get({ token })).text).events).toEqual([]);
  });

  it('stays within what a Lambda may answer', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `Rotation ${n} ${'ü'.repeat(60)}`);
    const every = { hours: 1 };
    await put({ rotations: names.map((name, n) => rotation({ name, every, members: [`a${n}`, `b${n}`] })) });
    const { status, text } = await get({ token });
    expect(status).toBe(200);
    expect(Buffer.byteLength(text)).toBeLessThan(5_000_000);
  });
});

describe('the address of a feed', () => {
  const problem = { status: 404, headers: { 'content-type': 'application/problem+json' } };

  it('tells nothing without its token: one problem, whatever is wrong', async () => {
    await put({});
    const answers = await Promise.all([
      get({}),
      get({ token: '' }),
      get({ token: `${token}x` }),
      get({ token: token.toUpperCase() }),
      get({ token }, '/v1/schedules/none/calendar.ics'),
      get({ token }, '/v1/schedules/%00/calendar.ics'),
    ]);
    for (const answer of answers) expect(answer).toMatchObject(problem);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(JSON.parse(answers[0]?.text ?? '')).toMatchObject({ code: 'not_found', requestId: 'req-1' });
  });

  it('is dead once it is renewed or revoked', async () => {
    await put({ calendarToken: 'another' });
    expect(await get({ token })).toMatchObject(problem);
    expect((await get({ token: 'another' })).status).toBe(200);
    for (const calendarToken of [null, undefined]) {
      await put({ calendarToken });
      expect(await get({ token: '' })).toMatchObject(problem);
      expect(await get({ token: 'null' })).toMatchObject(problem);
    }
  });

  it('is in no log', async () => {
    await put({});
    await get({ token });
    await get({ token: 'wrong-secret' });
    expect(logged).toHaveLength(2);
    expect(JSON.stringify(logged)).not.toMatch(/open-sesame|wrong-secret/);
  });
});
