import { consolePaths } from '../../shared/contract/console.ts';
import { feedRange } from '../../shared/domain/schedule/feed.ts';
import { shifts } from '../../shared/domain/schedule/on-call.ts';
import type { Schedule } from '../../shared/domain/schedule/types.ts';
import { type Answer, problemAnswer, Refusal } from '../../shared/runtime/http.ts';
import { sameSecret } from '../../shared/runtime/same-secret.ts';
import { ics } from './ics.ts';
import type { Request, Route } from './route.ts';

/**
 * The feed of a schedule that calendars subscribe to: `?token=` admits, `&staff=` leaves one person's shifts.
 * It is read by programs, so a refusal is a problem. An unknown schedule and a wrong token are one answer.
 */
export const calendar: Route = {
  screen: 'calendar',
  path: consolePaths.calendar,
  methods: { GET: feed },
};

async function feed({ params, event, desk, now }: Request): Promise<Answer> {
  const { store, publicUrl } = desk;
  const { token, staff: whose } = event.queryStringParameters ?? {};
  const schedule = admitted(await store.directory.schedule(params.id ?? ''), token);
  const staff = await store.directory.staff();
  if (!schedule || (whose !== undefined && !staff.some(({ id }) => id === whose))) {
    const detail = schedule
      ? 'The staff of this address is nobody: leave it out for everybody’s shifts.'
      : 'There is no calendar at this address: it was renewed, closed or cut. Ask for the new one.';
    const { requestId } = event.requestContext;
    return problemAnswer(new Refusal('not_found', detail), { requestId, publicUrl });
  }
  const { from, to } = feedRange(now);
  const [known = schedule] = await store.directory.withHistory([schedule], from);
  const all = shifts(known, from, to).filter((shift) => whose === undefined || shift.staff === whose);
  const body = ics({
    schedule,
    shifts: all,
    staff,
    mine: whose !== undefined,
    host: new URL(publicUrl).host,
    now,
  });
  const headers = {
    'content-type': 'text/calendar; charset=utf-8',
    'content-disposition': `inline; filename="${schedule.id}.ics"`,
  };
  return { status: 200, headers, body };
}

function admitted(schedule: Schedule | null, token: string | undefined): Schedule | null {
  const expected = schedule?.calendarToken;
  return expected && token && sameSecret(expected, token) ? schedule : null;
}
