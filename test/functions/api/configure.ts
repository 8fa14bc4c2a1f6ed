import type { Directory } from '../../../shared/store/types/directory.ts';
import { defaultCalendar, defaultPlan, defaultPolicy } from '../../domain/defaults.ts';
import { put, putProvider } from '../../store/put.ts';

/** What a desk needs before it can page: written side by side, for hundreds of tests begin with it. */
export function configure(directory: Directory): Promise<unknown>[] {
  return [
    put(directory, 'calendar', { id: 'default', ...defaultCalendar }),
    put(directory, 'policy', defaultPolicy),
    put(directory, 'plan', defaultPlan),
    put(directory, 'service', { id: 'hosted-mail', name: 'Hosted mail' }),
    putProvider(directory, {
      name: 'Mailguard',
      phone: '+1 202 555 0199',
      phones: [{ country: 'Sweden', number: '+46 8 544 406 00', hours: 'around the clock' }],
      timezone: 'America/New_York',
      calendar: 'default',
      policy: 'default',
      nightlyCap: 3,
      drills: false,
      pagesPerMinute: 3,
    }),
    ...[
      ['primary', 'dana'],
      ['secondary', 'sam'],
    ].map(([id = '', member]) =>
      directory.changeSchedule(id, () => ({
        id,
        name: id,
        timezone: 'America/New_York',
        rotations: [
          { name: 'weekly', start: '2026-01-01T09:00', every: { weeks: 1 }, members: [`stf_${member}`] },
        ],
        overrides: [],
      })),
    ),
  ];
}
