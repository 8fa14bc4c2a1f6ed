import * as operations from '../../../shared/contract/operations/desk.ts';
import { durationSeconds } from '../../../shared/contract/schemas/calendar.ts';
import { addBusinessTime, businessTimeBetween } from '../../../shared/domain/calendar/business-time.ts';
import { calendarProblems } from '../../../shared/domain/calendar/problems.ts';
import { openState } from '../../../shared/domain/calendar/state.ts';
import { shifts } from '../../../shared/domain/schedule/on-call.ts';
import { fitOverride, overrideProblems, scheduleProblems } from '../../../shared/domain/schedule/problems.ts';
import type { Override, Schedule } from '../../../shared/domain/schedule/types.ts';
import { json, Refusal } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import { type Route, route } from '../call.ts';
import { notSetUp, rosterOf } from '../cases.ts';
import { there } from '../lookups.ts';
import { unknownTargets, wholePolicy } from '../policy.ts';
import { presentCalendar, presentOverride, presentSchedule } from '../present/desk.ts';
import { presentOnCall } from '../present/on-call.ts';

export const desk: Route[] = [
  route(operations.getSupportStatus, async ({ query, desk: { store }, now }) => {
    const provider = await store.directory.provider();
    const calendar = provider && (await store.directory.calendar(provider.calendar));
    if (!calendar) throw notSetUp();
    const { phone, phones } = provider;
    const state = openState(calendar, query.at ?? now);
    return json(200, { ...state, timezone: calendar.timezone, phone, phones, incidents: [] });
  }),

  route(operations.getOnCall, async ({ query, desk, now }) =>
    json(200, presentOnCall(await rosterOf(desk), query.at ?? now)),
  ),

  route(operations.listSchedules, async ({ desk: { store } }) => {
    const schedules = await store.directory.schedules();
    return json(200, { data: schedules.map(presentSchedule), nextCursor: null });
  }),

  route(operations.getSchedule, async ({ params, desk: { store } }) =>
    json(200, presentSchedule(there(await store.directory.schedule(params.id), 'schedule'))),
  ),

  route(operations.putSchedule, async ({ params, body, desk: { store } }) => {
    const staff = new Set((await store.directory.staff()).map(({ id }) => id));
    const problems = scheduleProblems({ ...body, id: params.id, overrides: [] }, staff);
    if (problems.length > 0) throw invalid(problems);
    const { name, timezone, rotations } = body;
    const changed = await store.directory.changeSchedule(params.id, (now) => ({
      name,
      timezone,
      rotations,
      id: params.id,
      overrides: now?.overrides ?? [],
    }));
    return json(200, presentSchedule(changed));
  }),

  route(operations.createOverride, async ({ params, body, desk: { store, random } }) => {
    const { instead, ...rest } = body;
    const given: Override = { id: random.id('ovr'), ...rest, ...(instead === null ? {} : { instead }) };
    const staff = new Set((await store.directory.staff()).map(({ id }) => id));
    const problems = overrideProblems(given, staff);
    if (problems.length > 0) throw invalid(problems);
    withOverride(await store.directory.schedule(params.id), given);
    return async () => {
      const changed = await store.directory.changeSchedule(params.id, (now) => withOverride(now, given));
      const fitted = fitOverride(changed.overrides, given);
      const kept = fitted.fit === 'free' ? given : fitted.override;
      return json(kept.id === given.id ? 201 : 200, presentOverride(kept));
    };
  }),

  route(operations.listShifts, async ({ params, query, desk: { store } }) => {
    const [found, staff] = await Promise.all([store.directory.schedule(params.id), store.directory.staff()]);
    const names = new Map(staff.map(({ id, name }) => [id, name]));
    const data = shifts(there(found, 'schedule'), query.from, query.to).map((shift) => ({
      from: shift.from,
      to: shift.to,
      staff: { id: shift.staff, name: names.get(shift.staff) ?? shift.staff },
      source: shift.source,
    }));
    return json(200, { data, nextCursor: null });
  }),

  route(operations.listPolicies, async ({ desk: { store } }) =>
    json(200, { data: await store.directory.policies(), nextCursor: null }),
  ),

  route(operations.getPolicy, async ({ params, desk: { store } }) =>
    json(200, there(await store.directory.policy(params.id), 'policy')),
  ),

  route(operations.putPolicy, async ({ params, body, desk: { store } }) => {
    const policy = wholePolicy(params.id, body);
    const [staff, schedules] = await Promise.all([store.directory.staff(), store.directory.schedules()]);
    const errors = unknownTargets(policy, { staff, schedules });
    const [first] = errors;
    if (first) throw new Refusal('unknown_reference', `${first.field} ${first.message}`, { errors });
    await store.directory.putPolicy(policy);
    return json(200, policy);
  }),

  route(operations.listCalendars, async ({ desk: { store } }) => {
    const calendars = await store.directory.calendars();
    return json(200, { data: calendars.map(presentCalendar), nextCursor: null });
  }),

  route(operations.getCalendar, async ({ params, desk: { store } }) =>
    json(200, presentCalendar(there(await store.directory.calendar(params.id, { fresh: true }), 'calendar'))),
  ),

  route(operations.putCalendar, async ({ params, body, desk: { store } }) => {
    const { id: _read, ...calendar } = body;
    const problems = calendarProblems(calendar);
    if (problems.length > 0) throw invalid(problems);
    await store.directory.putCalendar(params.id, calendar);
    return json(200, presentCalendar({ ...calendar, id: params.id }));
  }),

  route(operations.getBusinessTime, async ({ params, query, desk: { store } }) => {
    const calendar = there(await store.directory.calendar(params.id), 'calendar');
    if (query.add !== undefined)
      return json(200, addBusinessTime(calendar, query.from, durationSeconds(query.add)));
    const to = query.to ?? query.from;
    if (Date.parse(to) - Date.parse(query.from) > mostDays * 86_400_000) {
      throw invalid([{ field: 'to', message: `must be at most ${mostDays} days after from` }]);
    }
    return json(200, businessTimeBetween(calendar, query.from, to));
  }),
];

/** Business time is counted over ten years at most. */
const mostDays = 3_650;

/** @throws Refusal when there is no schedule, or another override is in the way */
function withOverride(schedule: Schedule | null, given: Override): Schedule {
  const found = there(schedule, 'schedule');
  const fitted = fitOverride(found.overrides, given);
  if (fitted.fit === 'same') return found;
  if (fitted.fit === 'clash') {
    const { from, to, staff } = fitted.override;
    throw new Refusal('override_overlaps', `${staff} relieves them already from ${from} to ${to}.`);
  }
  return { ...found, overrides: [...found.overrides, given] };
}
