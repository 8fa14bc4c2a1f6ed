import ical, { ICalCalendarMethod, ICalEventTransparency } from 'ical-generator';
import type { Schedule, Shift } from '../../shared/domain/schedule/types.ts';
import type { Instant } from '../../shared/domain/time.ts';

/** Shifts that one feed holds at most, so that it stays within what a Lambda may answer. */
const MOST_SHIFTS = 6000;
const REFRESH_SECONDS = 3600;

interface Feed {
  schedule: Pick<Schedule, 'id' | 'name'>;
  /** In the order of their start. */
  shifts: readonly Shift[];
  staff: readonly { id: string; name: string }[];
  /** The shifts are one person's, who need not be told their own name. */
  mine: boolean;
  /** Makes the ids of the events unique in the world. */
  host: string;
  now: Instant;
}

/**
 * Shifts as iCalendar text (RFC 5545), times in UTC. A shift keeps its id as long as it starts at the same
 * time with the same person. On call is not busy: meetings may be planned into it.
 */
export function ics({ schedule, shifts, staff, mine, host, now }: Feed): string {
  const names = new Map(staff.map(({ id, name }) => [id, name]));
  const calendar = ical({
    // The library escapes every text but this one.
    name: `On call: ${schedule.name.replace(/[\\;,]/g, '\\$&')}`,
    prodId: { company: 'Nightdesk', product: 'On call' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: REFRESH_SECONDS,
  });
  for (const shift of shifts.slice(0, MOST_SHIFTS)) {
    calendar.createEvent({
      id: `${schedule.id}-${shift.from}-${shift.staff}@${host}`,
      start: shift.from,
      end: shift.to,
      stamp: now,
      summary: mine
        ? `On call: ${schedule.name}`
        : `${names.get(shift.staff) ?? shift.staff} on call: ${schedule.name}`,
      description: because(shift),
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return calendar.toString();
}

function because({ source }: Shift): string {
  const [kind, name] = [source.split(':', 1)[0], source.slice(source.indexOf(':') + 1)];
  return kind === 'rotation' ? `By the rotation ${name}` : 'By an override';
}
