import * as operations from '../../../shared/contract/operations/desk.ts';
import { durationSeconds } from '../../../shared/contract/schemas/calendar.ts';
import { addBusinessTime, businessTimeBetween } from '../../../shared/domain/calendar/business-time.ts';
import { calendarProblems } from '../../../shared/domain/calendar/problems.ts';
import { openState } from '../../../shared/domain/calendar/state.ts';
import { viewOf } from '../../../shared/domain/incident/incident.ts';
import { pagesNobody, unknownTargets, wholePolicy } from '../../../shared/domain/policy.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { json, Refusal } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import { type Route, route } from '../call.ts';
import { notSetUp, rosterOf } from '../cases.ts';
import { changed, shown } from '../changed.ts';
import { tagOf } from '../etag.ts';
import { loadCoverage } from '../gaps.ts';
import { there } from '../lookups.ts';
import { byId, paged } from '../paged.ts';
import { presentCalendar } from '../present/desk.ts';
import { presentOnCall } from '../present/on-call.ts';

export const desk: Route[] = [
  route(operations.getSupportStatus, async ({ query, desk: { store }, now }) => {
    const provider = await store.directory.provider();
    const calendar = provider && (await store.directory.calendar(provider.calendar));
    if (!calendar) throw notSetUp();
    const { phone, phones } = provider;
    const state = openState(calendar, query.at ?? now);
    const incidents = (await store.incidents.open(mostIncidents)).map(viewOf);
    return json(200, { ...state, timezone: calendar.timezone, phone, phones, incidents });
  }),

  route(operations.getOnCall, async ({ query, desk, now }) => {
    const at = query.at ?? now;
    const roster = await rosterOf(desk);
    const schedules = await desk.store.directory.withHistory(roster.schedules, at);
    return json(200, presentOnCall({ ...roster, schedules }, at));
  }),

  route(operations.getCoverage, async ({ query, desk, now }) => {
    const { coverage } = await loadCoverage();
    const [roster, reach] = await Promise.all([rosterOf(desk), desk.store.reach.all()]);
    return json(200, coverage({ roster, reach }, now, addSeconds(now, query.days * 86_400)));
  }),

  route(operations.listPolicies, async ({ query, desk: { store } }) =>
    json(200, paged(await store.directory.policies(), query, ['policies'], byId)),
  ),

  route(operations.getPolicy, async ({ params, desk: { store } }) =>
    shown(there(await store.directory.policy(params.id), 'policy')),
  ),

  route(operations.putPolicy, async (call) => {
    const { params, body, desk, now } = call;
    const { store } = desk;
    const policy = wholePolicy(params.id, body);
    const [staff, schedules] = await Promise.all([store.directory.staff(), store.directory.schedules()]);
    const errors = unknownTargets(policy, { staff, schedules });
    const [first] = errors;
    if (first) throw new Refusal('unknown_reference', `${first.field} ${first.message}`, { errors });
    const nobody = pagesNobody(policy, { staff, schedules }, now);
    if (nobody.length > 0) {
      const because = [...new Set(nobody.map(({ message }) => message))].join('; ');
      throw new Refusal('cannot_page_anybody', `This policy would page nobody: ${because}.`, {
        errors: nobody,
      });
    }
    return changed(call, 'policy', params.id, () => policy);
  }),

  route(operations.listCalendars, async ({ query, desk: { store } }) => {
    const calendars = await store.directory.calendars();
    return json(200, paged(calendars.map(presentCalendar), query, ['calendars'], byId));
  }),

  route(operations.getCalendar, async ({ params, desk: { store } }) => {
    const found = there(await store.directory.calendar(params.id, { fresh: true }), 'calendar');
    return json(200, presentCalendar(found), { etag: tagOf(found) });
  }),

  route(operations.putCalendar, async (call) => {
    const { id: _read, ...calendar } = call.body;
    const { id } = call.params;
    const problems = calendarProblems(calendar);
    if (problems.length > 0) throw invalid(problems);
    return changed(call, 'calendar', id, () => ({ ...calendar, id }), presentCalendar);
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

const mostIncidents = 100;

/** Business time is counted over ten years at most. */
const mostDays = 3_650;
