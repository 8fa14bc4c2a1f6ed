import { planIn } from '../../shared/contract/schemas/provider.ts';
import type { Calendar, WallWindow } from '../../shared/domain/calendar/types.ts';
import type { Plan, Policy } from '../../shared/domain/directory.ts';

/** The desk that most tests are about: the hours, the ladders and the plan that the design calls default. */

const day: readonly WallWindow[] = [['09:00', '20:00']];

export const defaultCalendar: Calendar = {
  timezone: 'America/New_York',
  week: { mon: day, tue: day, wed: day, thu: day, fri: day },
  presets: ['us-federal'],
  holidays: [],
};

/**
 * At night primary at once and after 5 min, secondary after 10, everyone and the manager after 20; by day the
 * desk first, primary after 10 min, everyone and the manager after 20. The promise is 30 min either way;
 * then everyone each 10 min up to 4 h.
 */
export const defaultPolicy: Policy = {
  id: 'default',
  promiseMinutes: 30,
  levels: [
    { afterMinutes: 0, page: [{ schedule: 'primary' }] },
    { afterMinutes: 5, page: [{ schedule: 'primary' }] },
    { afterMinutes: 10, page: [{ schedule: 'secondary' }] },
    { afterMinutes: 20, page: [{ everyone: true }, { role: 'manager' }] },
  ],
  businessHours: {
    levels: [
      { afterMinutes: 10, page: [{ schedule: 'primary' }] },
      { afterMinutes: 20, page: [{ everyone: true }, { role: 'manager' }] },
    ],
  },
  repeatMinutes: 10,
  giveUpMinutes: 240,
};

/** What a plan has that names no times of its own. */
export const defaultPlan: Plan = { ...planIn().parse({ name: 'Standard' }), id: 'default' };
