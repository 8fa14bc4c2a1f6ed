/**
 * The paths that people and their calendars open without an API key. API Gateway sends exactly these to the
 * function `console`, those of docs.ts to `docs`, and everything else to `api`.
 */
export const consolePaths = {
  /** The link in a page: shows on GET, takes on POST. */
  link: '/p/{token}',
  /** The number that pages come from, as a contact. */
  pager: '/v1/pager.vcf',
  /** A schedule's shifts as iCalendar; `?token=` admits. */
  calendar: '/v1/schedules/{id}/calendar.ics',
} as const;

export const linkPath = (token: string): string => consolePaths.link.replace('{token}', token);
export const calendarPath = (schedule: string, token: string): string =>
  `${consolePaths.calendar.replace('{id}', schedule)}?token=${token}`;
