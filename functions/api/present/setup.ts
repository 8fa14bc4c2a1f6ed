import type { Partner, Plan, Provider, Roster, Service } from '../../../shared/domain/directory.ts';
import { levelsNow } from '../../../shared/domain/escalation/index.ts';
import type { Instant } from '../../../shared/domain/time.ts';

export interface Configured {
  provider: Provider | null;
  /** null until provider, its calendar and its policy are there. */
  roster: Roster | null;
  plans: readonly Plan[];
  partners: readonly Partner[];
  services: readonly Service[];
  now: Instant;
}

interface Missing {
  what: string;
  why: string;
  href: string;
}

/** What is missing before a ticket can be opened and an emergency pages somebody. */
export function presentSetup({ provider, roster, plans, partners, services, now }: Configured) {
  const checks: [boolean, Missing][] = [
    [provider !== null, { what: 'provider', why: 'Its name, its phone and its zone.', href: '/v1/provider' }],
    [
      provider === null || roster !== null,
      {
        what: 'calendar or policy',
        why: `The provider names the calendar ${provider?.calendar} and the policy ${provider?.policy}, and one of them is not there.`,
        href: `/v1/calendars/${provider?.calendar}`,
      },
    ],
    ...schedulesOf(roster).map(([there, schedule]): [boolean, Missing] => [
      there,
      {
        what: `schedule ${schedule}`,
        why: `The escalation policy pages ${schedule}, which is not there.`,
        href: `/v1/schedules/${schedule}`,
      },
    ]),
    [
      roster === null || roster.staff.some(({ phone, suspended }) => phone !== null && !suspended),
      { what: 'staff', why: 'Nobody of the staff has a phone that can be paged.', href: '/v1/staff' },
    ],
    [
      roster === null || levelsNow('on_call', roster, now).some(({ to }) => to.length > 0),
      { what: 'on call', why: 'An emergency now would page nobody.', href: '/v1/on-call' },
    ],
    [
      plans.length > 0,
      { what: 'plan', why: 'A partner needs one: it decides SLA clocks.', href: '/v1/plans' },
    ],
    [partners.length > 0, { what: 'partner', why: 'Nobody can open a ticket.', href: '/v1/partners' }],
    [
      services.length > 0,
      { what: 'service', why: 'Tickets cannot say what they are about.', href: '/v1/services' },
    ],
  ];
  const missing = checks.filter(([there]) => !there).map(([, what]) => what);
  return { ready: missing.every(({ what }) => what === 'service'), missing };
}

function schedulesOf(roster: Roster | null): [boolean, string][] {
  const levels = roster ? [...roster.policy.levels, ...roster.policy.businessHours.levels] : [];
  const named = levels.flatMap(({ page }) =>
    page.flatMap((target) => ('schedule' in target ? [target.schedule] : [])),
  );
  return [...new Set(named)].map((id) => [
    roster?.schedules.some((schedule) => schedule.id === id) ?? false,
    id,
  ]);
}
