import ICAL from 'ical.js';
import { expect, it } from 'vitest';
import { emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';

/** Monday 2026-11-23, 22:10 in New York: a week of Dana's. */
const start = '2026-11-24T03:10:00.000Z';
const desk = openDesk(start);

const idOf = (who: string) =>
  desk.cloud.demo.engineers.find(({ name }) => name.toLowerCase().startsWith(who))?.id ?? '';
const primary = async (at: string) => {
  const { body } = await desk.staff('GET', `/v1/on-call?at=${at}`);
  return body.levels[0]?.who.map(({ name }) => name.split(' ')[0]);
};

it('who stands in for somebody is paged in their place, and the record keeps it after the schedule is edited', async () => {
  const path = '/v1/schedules/primary';
  const cover = { from: start, to: '2026-11-24T04:10:00Z', staff: idOf('eli'), instead: idOf('dana') };
  expect((await desk.staff('POST', `${path}/overrides`, cover)).status).toBe(201);
  const ticket = await desk.partner('POST', '/v1/tickets', outage);
  await desk.partner('POST', `/v1/tickets/${ticket.body.number}/escalation`, emergency);
  await desk
    .expectSms('eli', /Reply/)
    .reply('a')
    .expect(/is yours/);
  await desk.text('eli', 'done');
  await desk.expectSms('eli', /./);

  await desk.cloud.clock({ advance: 'PT3H' });
  const { body: was } = await desk.staff('GET', path);
  const rotation = was.rotations[0]!;
  const edited = await desk.staff('PUT', path, {
    ...was,
    rotations: [{ ...rotation, members: [idOf('mo')] }],
  });
  expect(edited.status).toBe(200);
  expect(await primary('2026-11-24T03:00:00Z')).toEqual(['Dana']);
  expect(await primary('2026-11-24T03:30:00Z')).toEqual(['Eli']);
  expect(await primary('2026-11-24T05:00:00Z')).toEqual(['Dana']);
  expect(await primary('2026-11-24T07:00:00Z')).toEqual(['Mo']);
});

it('a calendar reads the shifts at the address of the schedule, until that is renewed', async () => {
  const { body: schedule } = await desk.staff('GET', '/v1/schedules/secondary');
  const feed = await fetch(schedule.calendarUrl!);
  expect(feed.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  const events = new ICAL.Component(ICAL.parse(await feed.text())).getAllSubcomponents('vevent');
  const query = 'from=2026-10-01T00:00:00Z&to=2027-06-01T00:00:00Z';
  const { body: shifts } = await desk.staff('GET', `/v1/schedules/secondary/shifts?${query}`);
  expect(events.map((event) => new ICAL.Event(event).startDate.toJSDate().toISOString())).toEqual(
    shifts.data.map(({ from }) => from),
  );
  const renewed = await desk.staff('POST', '/v1/schedules/secondary/calendar-url');
  expect((await fetch(renewed.body.calendarUrl!)).status).toBe(200);
  const dead = await fetch(schedule.calendarUrl!);
  expect(dead.status).toBe(404);
  expect(dead.headers.get('content-type')).toBe('application/problem+json');
});
