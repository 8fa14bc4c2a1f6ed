import type { Override, Rotation, Schedule } from '../../../shared/domain/schedule/types.ts';

/** A schedule of one weekly rotation of Ada and Ben from Monday 5 January 2026 09:00, but for what is given. */
export function schedule(changes: Partial<Schedule> = {}): Schedule {
  return {
    id: 'primary',
    name: 'Primary',
    timezone: 'America/New_York',
    rotations: [rotation()],
    overrides: [],
    ...changes,
  };
}

export function rotation(changes: Partial<Rotation> = {}): Rotation {
  return {
    name: 'weekly',
    start: '2026-01-05T09:00',
    every: { weeks: 1 },
    members: ['ada', 'ben'],
    ...changes,
  };
}

/** An override on days of January 2026, at 14:00Z (09:00 in New York). */
export function override(fromDay: number, toDay: number, staff: string | null, instead?: string): Override {
  const day = (n: number) => `2026-01-${String(n).padStart(2, '0')}T14:00:00.000Z`;
  return {
    id: `${staff}-${fromDay}`,
    from: day(fromDay),
    to: day(toDay),
    staff,
    ...(instead === undefined ? {} : { instead }),
  };
}
