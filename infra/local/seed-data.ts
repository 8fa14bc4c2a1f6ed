/**
 * The demo provider: what an administrator of a small desk would enter on the first day. The rotations begin in
 * the past, on a Monday of a week that is Dana's, so that somebody is on call whatever the clock is moved to.
 */

const week = { weeks: 1 };
const start = '2024-01-08T09:00';
const timezone = 'America/New_York';

export const provider = {
  name: 'Harbor Mail Security',
  phone: '+12025550199',
  phones: [
    { country: 'United States', number: '+12025550199', hours: 'around the clock' },
    { country: 'United Kingdom', number: '+442079460199', hours: 'Monday to Friday, 09:00 to 17:00' },
  ],
  timezone,
};

export const calendars = {
  default: {
    timezone,
    week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['09:00', '20:00']]])),
    presets: ['us-federal'],
  },
  always: {
    timezone,
    week: Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['00:00', '24:00']]]),
    ),
  },
};

export const plans = [
  { id: 'standard', name: 'Standard' },
  { id: 'gold', name: 'Gold', calendar: 'always' },
];

export const partners = [
  { id: 'acme-msp', name: 'Acme MSP', plan: 'standard' },
  { id: 'borealis', name: 'Borealis Hosting', plan: 'gold' },
];

export const services = {
  'email-security': { name: 'Managed e-mail security' },
  'hosted-mail': { name: 'Hosted mail' },
};

/** Whom an emergency can reach: two engineers who take turns, and their manager. */
export const onCall = [
  {
    role: 'engineer',
    name: 'Dana Whitfield',
    phone: '+12025550101',
    email: 'dana@harbor.example',
    timezone,
  },
  { role: 'engineer', name: 'Eli Navarro', phone: '+12025550102', email: 'eli@harbor.example', timezone },
  { role: 'manager', name: 'Mo Haddad', phone: '+12025550103', email: 'mo@harbor.example', timezone },
];

/** Who works the desk by day. */
export const agents = [
  { role: 'agent', name: 'Ana Ruiz', phone: null, email: 'ana@harbor.example', timezone },
  { role: 'agent', name: 'Ben Okafor', phone: null, email: 'ben@harbor.example', timezone },
];

/** The first week is Dana's on primary and Eli's on secondary; then they change places. */
export const schedules = (dana: string, eli: string) => ({
  primary: {
    name: 'Primary',
    timezone,
    rotations: [{ name: 'Weekly', start, every: week, members: [dana, eli] }],
  },
  secondary: {
    name: 'Secondary',
    timezone,
    rotations: [{ name: 'Weekly', start, every: week, members: [eli, dana] }],
  },
});

export const policy = {
  promiseMinutes: 30,
  levels: [
    { afterMinutes: 0, page: [{ schedule: 'primary' }] },
    { afterMinutes: 5, page: [{ schedule: 'primary' }] },
    { afterMinutes: 10, page: [{ schedule: 'secondary' }] },
    { afterMinutes: 20, page: [{ everyone: true }, { role: 'manager' }] },
  ],
};

export const partnerScopes = [
  'tickets:read',
  'tickets:write',
  'webhooks:read',
  'webhooks:write',
  'keys:rotate',
];
export const agentScopes = [...partnerScopes, 'desk:read', 'desk:write'];
