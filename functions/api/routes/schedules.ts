import * as operations from '../../../shared/contract/operations/schedules.ts';
import { shifts } from '../../../shared/domain/schedule/on-call.ts';
import { fitOverride, overrideProblems, scheduleProblems } from '../../../shared/domain/schedule/problems.ts';
import type { Override, Schedule } from '../../../shared/domain/schedule/types.ts';
import { json, Refusal } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import { type Route, route } from '../call.ts';
import { there } from '../lookups.ts';
import { presentOverride, presentSchedule } from '../present/desk.ts';

export const schedules: Route[] = [
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
];

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
