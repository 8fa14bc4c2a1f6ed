import type { Calendar } from '../../../shared/domain/calendar/types.ts';
import type {
  Partner,
  Plan,
  Policy,
  Provider,
  Roster,
  Service,
  Staff,
} from '../../../shared/domain/directory.ts';
import { levelsNow, targetsOf } from '../../../shared/domain/escalation/index.ts';
import type { Schedule } from '../../../shared/domain/schedule/types.ts';
import type { Instant } from '../../../shared/domain/time.ts';

export interface Configured {
  provider: Provider | null;
  /** The one that the provider names, or `default`; so also the policy. */
  calendar: Calendar | null;
  policy: Policy | null;
  /** null until provider, its calendar and its policy are there. */
  roster: Roster | null;
  schedules: readonly Schedule[];
  staff: readonly Staff[];
  plans: readonly Plan[];
  partners: readonly Partner[];
  services: readonly Service[];
  now: Instant;
}

interface Part {
  there: boolean;
  /** Without it the desk works, though worse. */
  optional?: true;
  what: string;
  why: string;
  href: string;
}

/** What is missing before a ticket can be opened and an emergency pages somebody, in the order to set it up. */
export function presentSetup(desk: Configured) {
  const missing = partsOf(desk).filter(({ there }) => !there);
  return {
    ready: missing.every(({ optional }) => optional),
    missing: missing.map(({ what, why, href }) => ({ what, why, href })),
  };
}

function partsOf(desk: Configured): Part[] {
  const { provider, calendar, policy, roster, staff, plans, partners, services, now } = desk;
  const calendarId = provider?.calendar ?? 'default';
  const policyId = provider?.policy ?? 'default';
  return [
    {
      there: staff.some(({ phone, suspended }) => phone !== null && !suspended),
      what: 'staff',
      why: 'Nobody of the staff has a phone that can be paged.',
      href: '/v1/staff',
    },
    ...schedulesNamed(policy).map((id) => ({
      there: desk.schedules.some((schedule) => schedule.id === id),
      what: `schedule ${id}`,
      why: `The policy ${policyId} pages ${id}.`,
      href: `/v1/schedules/${id}`,
    })),
    {
      there: calendar !== null,
      what: `calendar ${calendarId}`,
      why: "The desk's hours decide whom an emergency reaches.",
      href: `/v1/calendars/${calendarId}`,
    },
    {
      there: policy !== null,
      what: `policy ${policyId}`,
      why: 'It says whom an emergency pages, and when.',
      href: `/v1/policies/${policyId}`,
    },
    {
      there: provider !== null,
      what: 'provider',
      why: 'Its name, its time zone, and the phone that is answered at night.',
      href: '/v1/provider',
    },
    {
      there: roster === null || levelsNow('on_call', roster, now).some(({ to }) => to.length > 0),
      what: 'on call',
      why: 'An emergency now would page nobody.',
      href: '/v1/on-call',
    },
    {
      there: plans.length > 0,
      what: 'plan',
      why: 'It says by when a partner is answered.',
      href: '/v1/plans',
    },
    { there: partners.length > 0, what: 'partner', why: 'Nobody can open a ticket.', href: '/v1/partners' },
    {
      there: services.length > 0,
      optional: true,
      what: 'service',
      why: 'Tickets cannot say what they are about.',
      href: '/v1/services',
    },
  ];
}

function schedulesNamed(policy: Policy | null): string[] {
  const targets = policy ? targetsOf(policy) : [];
  return [...new Set(targets.flatMap((target) => ('schedule' in target ? [target.schedule] : [])))];
}
