import type { Calendar } from './calendar/types.ts';
import { DEFAULT_CALENDAR } from './calendar/types.ts';
import type { Plan, Policy } from './directory.ts';
import { defaultFirstResponse } from './ticket/sla.ts';

/** What a new desk starts with; all of it is configuration from then on. */

export const defaultCalendar: Calendar = DEFAULT_CALENDAR;

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

export const defaultPlan: Plan = {
  id: 'default',
  name: 'Standard',
  calendar: 'default',
  firstResponse: defaultFirstResponse,
};
