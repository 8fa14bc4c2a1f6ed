import type { FieldError } from '../../contract/problems.ts';
import { isZone } from '../time.ts';
import { type MinuteWindow, minuteWindows } from './days.ts';
import { type Calendar, type WallWindow, WEEKDAYS, type Week } from './types.ts';
import { DAY, parseClock, parseDate } from './wall.ts';

/** What is wrong with a calendar; `[]` when every function of this folder can take it. */
export function calendarProblems(calendar: Calendar): FieldError[] {
  const problems: FieldError[] = [];
  if (!isZone(calendar.timezone)) {
    problems.push({ field: 'timezone', message: `${calendar.timezone} is not an IANA time zone` });
  }
  problems.push(...weekProblems(calendar.week, 'week'));
  const seen = new Set<string>();
  for (const [n, { date, name, hours }] of (calendar.holidays ?? []).entries()) {
    const field = `holidays.${n}`;
    if (parseDate(date) === null) {
      problems.push({ field: `${field}.date`, message: `${date} is not a date: write 2026-12-24` });
    } else if (seen.has(date)) {
      problems.push({ field: `${field}.date`, message: `${date} is listed twice` });
    }
    seen.add(date);
    if (name.trim() === '') problems.push({ field: `${field}.name`, message: 'a special day needs a name' });
    problems.push(...windowProblems(hours ?? [], `${field}.hours`));
  }
  return problems;
}

/** What is wrong with a week; `field` is its place in the document. */
export function weekProblems(week: Week, field: string): FieldError[] {
  const problems = WEEKDAYS.flatMap((day) => windowProblems(week[day] ?? [], `${field}.${day}`));
  if (problems.length > 0) return problems;
  return WEEKDAYS.flatMap((day, n) => {
    const next = WEEKDAYS[(n + 1) % WEEKDAYS.length] ?? day;
    const lastCloses = Math.max(0, ...minuteWindows(week[day] ?? []).map(({ to }) => to));
    const nextOpens = minuteWindows(week[next] ?? [])[0]?.from ?? DAY;
    return lastCloses - DAY > nextOpens
      ? [{ field: `${field}.${next}`, message: `opens before the night window of ${day} ends` }]
      : [];
  });
}

function windowProblems(windows: readonly WallWindow[], field: string): FieldError[] {
  const bad = windows.flatMap((window, n) => {
    const message = windowProblem(window);
    return message ? [{ field: `${field}.${n}`, message }] : [];
  });
  if (bad.length > 0) return bad;
  const sorted: readonly MinuteWindow[] = minuteWindows(windows);
  const overlap = sorted.some(({ from }, n) => from < (sorted[n - 1]?.to ?? 0));
  return overlap ? [{ field, message: 'windows overlap' }] : [];
}

function windowProblem([from, to]: WallWindow): string | null {
  if (parseClock(from) === null || from === '24:00') return `${from} is not a time: write 00:00 to 23:59`;
  if (parseClock(to) === null) return `${to} is not a time: write 00:00 to 24:00`;
  return from === to ? 'opens and closes at the same time; a whole day is 00:00 to 24:00' : null;
}
