import * as operations from '../../../shared/contract/operations/schedules.ts';
import { edit, endOverride, fromNowOn } from '../../../shared/domain/schedule/edit.ts';
import { shifts } from '../../../shared/domain/schedule/on-call.ts';
import {
  fitOverride,
  MOST_OVERRIDES,
  overrideProblems,
  scheduleProblems,
} from '../../../shared/domain/schedule/problems.ts';
import type { Override, Schedule } from '../../../shared/domain/schedule/types.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { type Answer, empty, json, Refusal } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import type { Recorded } from '../../../shared/store/types/idempotency.ts';
import { type Call, type Route, route } from '../call.ts';
import type { Desk } from '../desk.ts';
import { mustMatch, tagOf } from '../etag.ts';
import { auditOf, recorded, there } from '../lookups.ts';
import { byId, paged } from '../paged.ts';
import { presentOverride, presentSchedule } from '../present/desk.ts';

export const schedules: Route[] = [
  route(operations.listSchedules, async ({ query, desk: { store, publicUrl } }) => {
    const found = paged(await store.directory.schedules(), query, ['schedules'], byId);
    return json(200, { ...found, data: found.data.map((one) => presentSchedule(one, publicUrl)) });
  }),

  route(operations.getSchedule, async ({ params, desk }) =>
    shown(there(await desk.store.directory.schedule(params.id), 'schedule'), desk),
  ),

  route(operations.putSchedule, async (call) => {
    const { params, body, desk, now } = call;
    const { store, random } = desk;
    const { name, timezone, rotations } = body;
    const plan = { name, timezone, rotations };
    const fresh: Schedule = { ...plan, id: params.id, overrides: [] };
    const problems = scheduleProblems(fresh, await staffIds(store));
    if (problems.length > 0) throw invalid(problems);
    const token = calendarToken(random);
    const decide = (before: Schedule | null): Schedule => {
      mustMatch(call, before && tagOf(before));
      return { calendarToken: token, ...(before ? edit(before, plan, now) : fresh) };
    };
    return shown(await store.directory.changeSchedule(params.id, decide, auditOf(call)), desk);
  }),

  route(operations.createOverride, async (call) => {
    const { params, body, desk, now } = call;
    const { store, random } = desk;
    const { instead, ...rest } = body;
    const id = random.id('ovr');
    const asked: Override = { id, ...rest, ...(instead === null ? {} : { instead }), createdAt: now };
    const problems = overrideProblems(asked, await staffIds(store));
    if (problems.length > 0) throw invalid(problems);
    const given = fromNowOn(asked, now);
    if (!given) throw invalid([{ field: 'to', message: 'is past: who was on call then stays known' }]);
    withOverride(await store.directory.schedule(params.id), given, now);
    return async () => {
      const changed = await store.directory.changeSchedule(
        params.id,
        (before) => withOverride(before, given, now),
        auditOf(call),
      );
      const fitted = fitOverride(changed.overrides, given, now);
      const kept = fitted.fit === 'free' ? given : fitted.override;
      return json(kept.id === given.id ? 201 : 200, presentOverride(kept));
    };
  }),

  route(operations.endOverride, async (call) => {
    const { params, desk, now } = call;
    const decide = (before: Schedule | null): Schedule => {
      const left = there(endOverride(there(before, 'schedule'), params.override, now), 'override');
      if (left === 'ended') throw new Refusal('override_ended', 'It has ended: who was on call stays known.');
      return left;
    };
    await desk.store.directory.changeSchedule(params.id, decide, auditOf(call));
    return empty(204);
  }),

  route(operations.renewCalendarUrl, async (call) => {
    const { params, desk } = call;
    there(await desk.store.directory.schedule(params.id), 'schedule');
    const token = calendarToken(desk.random);
    const answer = (after: Schedule) => json(200, presentSchedule(after, desk.publicUrl));
    return async (keep) => answer(await withToken(call, token, recorded(call, keep, answer)));
  }),

  route(operations.revokeCalendarUrl, async (call) => {
    await withToken(call, null, auditOf(call));
    return empty(204);
  }),

  route(operations.listShifts, async ({ params, query, desk: { store } }) => {
    const [found, staff] = await Promise.all([store.directory.schedule(params.id), store.directory.staff()]);
    const known = await store.directory.withHistory([there(found, 'schedule')], query.from);
    const names = new Map(staff.map(({ id, name }) => [id, name]));
    const data = known
      .flatMap((schedule) => shifts(schedule, query.from, query.to))
      .map(({ from, to, staff: id, source }) => ({
        ...{ from, to, source },
        staff: { id, name: names.get(id) ?? id },
      }));
    if (data.length > mostShifts) {
      const message = `there are more than ${mostShifts} shifts in this time: ask for a shorter one`;
      throw invalid([{ field: 'to', message }]);
    }
    return json(200, { data, nextCursor: null });
  }),
];

/** A year of handoffs each hour; an answer of more is larger than a function may give. */
const mostShifts = 10_000;

async function staffIds(store: Desk['store']): Promise<Set<string>> {
  return new Set((await store.directory.staff()).map(({ id }) => id));
}

/** 128 random bits. Kept as it is, since whoever may read the schedule is shown it. */
function calendarToken(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('base64url');
}

function withToken(
  call: Call<{ id: string }>,
  token: string | null,
  audit: Recorded<Schedule>,
): Promise<Schedule> {
  return call.desk.store.directory.changeSchedule(
    call.params.id,
    (before) => ({ ...there(before, 'schedule'), calendarToken: token }),
    audit,
  );
}

function shown(schedule: Schedule, { publicUrl }: Desk): Answer {
  return json(200, presentSchedule(schedule, publicUrl), { etag: tagOf(schedule) });
}

/** @throws Refusal when there is no schedule, it is full, or another override is in the way */
function withOverride(schedule: Schedule | null, given: Override, now: Instant): Schedule {
  const found = there(schedule, 'schedule');
  const fitted = fitOverride(found.overrides, given, now);
  if (fitted.fit === 'same') return found;
  if (fitted.fit === 'clash') {
    const { from, to, staff } = fitted.override;
    throw new Refusal(
      'override_overlaps',
      `${given.instead} is ${staff === null ? 'off call' : `relieved by ${staff}`} already from ${from} to ${to}.`,
    );
  }
  if (found.overrides.length >= MOST_OVERRIDES) {
    const message = `this schedule has ${MOST_OVERRIDES} overrides: end some that are to come first`;
    throw invalid([{ field: 'from', message }]);
  }
  return { ...found, overrides: [...found.overrides, given] };
}
