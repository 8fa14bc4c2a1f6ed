import { pressBody, ticketBody, type World } from './world.ts';

/** A good request for every operation: what the tests of bad ones start from. */
export interface Sample {
  path: string;
  key: keyof World['keys'];
  body?: Record<string, unknown>;
  query?: Record<string, string>;
}

const week = { mon: [['09:00', '17:00']] };

export function samplesFor({
  number,
  escalation,
  incident = 'INC-6PC7-PS91',
  webhook = 'whe_unknown',
  delivery = 'whd_unknown',
}: {
  number: string;
  escalation: string;
  incident?: string;
  webhook?: string;
  delivery?: string;
}): Record<string, Sample> {
  const ticket = `/v1/tickets/${number}`;
  const desk = (path: string): Sample => ({ path, key: 'kim' });
  const admin = (path: string, body?: Record<string, unknown>): Sample => ({
    path,
    key: 'ada',
    ...(body ? { body } : {}),
  });
  return {
    createTicket: {
      path: '/v1/tickets',
      key: 'partner',
      body: {
        ...ticketBody,
        form: 'general',
        service: 'hosted-mail',
        severity: 'degraded',
        answers: { error_text: '451' },
        client: 'Contoso',
        externalRef: { system: 'psa', id: '1', url: 'https://psa.example/1' },
        channel: 'form',
      },
    },
    listTickets: { path: '/v1/tickets', key: 'partner', query: { limit: '5', status: 'new', q: 'mail' } },
    getTicket: { path: ticket, key: 'partner' },
    updateTicket: {
      path: ticket,
      key: 'partner',
      body: { subject: 'New words', severity: 'outage', answers: { expected: 'x' } },
    },
    addComment: { path: `${ticket}/comments`, key: 'partner', body: { body: 'Hello', internal: false } },
    listTicketEvents: { path: `${ticket}/events`, key: 'partner', query: { limit: '5' } },
    previewEscalation: {
      path: `${ticket}/escalation/preview`,
      key: 'partner',
      query: { reason: 'mail_not_delivered' },
    },
    escalate: {
      path: `${ticket}/escalation`,
      key: 'partner',
      body: { ...pressBody, detail: 'All of it', callback: { ...pressBody.callback, textUpdates: true } },
    },
    getEscalation: { path: `${ticket}/escalation`, key: 'partner' },
    reportNotContacted: { path: `${ticket}/escalation/not-contacted`, key: 'partner' },
    cancelEscalation: { path: `${ticket}/escalation`, key: 'partner' },
    splitEscalation: { path: `${ticket}/escalation/split`, key: 'partner' },
    getPromises: {
      path: '/v1/reports/promises',
      key: 'partner',
      query: { from: '2026-01-01', to: '2026-02-01', format: 'json', limit: '5' },
    },
    getOnCallReport: {
      path: '/v1/reports/on-call',
      key: 'kim',
      query: { from: '2026-01-01', to: '2026-02-01' },
    },
    createIncident: {
      path: '/v1/incidents',
      key: 'kim',
      body: {
        title: 'Hosted mail is delayed',
        service: 'hosted-mail',
        since: '2026-01-06T02:00:00Z',
        text: 'We are looking into it.',
      },
    },
    listIncidents: { ...desk('/v1/incidents'), query: { state: 'open', limit: '5' } },
    getIncident: desk(`/v1/incidents/${incident}`),
    updateIncident: {
      ...desk(`/v1/incidents/${incident}`),
      body: { title: 'Mail is delayed', service: null, state: 'resolved', text: 'Mail flows again.' },
    },
    linkTickets: { ...desk(`/v1/incidents/${incident}/tickets`), body: { tickets: [number] } },
    unlinkTicket: desk(`/v1/incidents/${incident}/tickets/${number}`),
    listEscalations: { path: '/v1/escalations', key: 'kim', query: { state: 'paging', limit: '5' } },
    acknowledgeEscalation: desk(`/v1/escalations/${escalation}/acknowledge`),
    passEscalation: desk(`/v1/escalations/${escalation}/pass`),
    resolveEscalation: desk(`/v1/escalations/${escalation}/resolve`),
    getSupportStatus: { path: '/v1/support-status', key: 'partner', query: { at: '2026-01-06T15:00:00Z' } },
    getOnCall: { ...desk('/v1/on-call'), query: { at: '2026-01-06T15:00:00Z' } },
    listSchedules: desk('/v1/schedules'),
    getSchedule: desk('/v1/schedules/primary'),
    putSchedule: {
      path: '/v1/schedules/nights',
      key: 'mo',
      body: {
        name: 'Nights',
        timezone: 'Europe/Berlin',
        rotations: [
          {
            name: 'weekly',
            start: '2026-01-05T09:00',
            every: { weeks: 1 },
            members: ['stf_dana', 'stf_sam'],
            during: week,
          },
        ],
      },
    },
    createOverride: {
      path: '/v1/schedules/primary/overrides',
      key: 'mo',
      body: {
        from: '2026-02-01T00:00:00Z',
        to: '2026-02-02T00:00:00Z',
        staff: 'stf_sam',
        instead: 'stf_dana',
      },
    },
    endOverride: { path: '/v1/schedules/primary/overrides/ovr_unknown', key: 'mo' },
    renewCalendarUrl: { path: '/v1/schedules/primary/calendar-url', key: 'mo' },
    revokeCalendarUrl: { path: '/v1/schedules/primary/calendar-url', key: 'mo' },
    listShifts: {
      ...desk('/v1/schedules/primary/shifts'),
      query: { from: '2026-01-05T00:00:00Z', to: '2026-02-05T00:00:00Z' },
    },
    listPolicies: desk('/v1/policies'),
    getPolicy: desk('/v1/policies/default'),
    putPolicy: admin('/v1/policies/other', {
      promiseMinutes: 30,
      levels: [
        { afterMinutes: 0, page: [{ schedule: 'primary' }] },
        { afterMinutes: 5, page: [{ staff: 'stf_sam' }, { role: 'manager' }, { everyone: true }] },
      ],
      businessHours: { levels: [{ afterMinutes: 10, page: [{ everyone: true }] }] },
      repeatMinutes: 10,
      giveUpMinutes: 240,
    }),
    listCalendars: desk('/v1/calendars'),
    getCalendar: desk('/v1/calendars/default'),
    putCalendar: admin('/v1/calendars/other', {
      timezone: 'Europe/Berlin',
      week,
      presets: ['us-federal'],
      holidays: [{ date: '2026-12-24', name: 'Christmas Eve', active: true, hours: [['09:00', '12:00']] }],
    }),
    getBusinessTime: {
      path: '/v1/calendars/default/business-time',
      key: 'partner',
      query: { from: '2026-01-05T14:00:00Z', add: 'PT2H' },
    },
    createStaff: admin('/v1/staff', {
      name: 'Lou',
      role: 'engineer',
      phone: '+12025550188',
      email: 'lou@desk.example',
      timezone: 'America/Chicago',
    }),
    listStaff: desk('/v1/staff'),
    getStaff: desk('/v1/staff/stf_dana'),
    updateStaff: admin('/v1/staff/stf_sam', {
      name: 'Sam',
      role: 'engineer',
      phone: '+12025550102',
      email: 'sam@desk.example',
      timezone: 'America/Denver',
      suspended: false,
    }),
    verifyStaff: { path: '/v1/staff/stf_dana/verify', key: 'mo' },
    getCoverage: { ...desk('/v1/coverage'), query: { days: '3' } },
    createPartner: admin('/v1/partners', { name: 'New MSP', plan: 'default' }),
    listPartners: { ...desk('/v1/partners'), query: { limit: '5' } },
    getPartner: desk('/v1/partners/ptn_acme'),
    updatePartner: admin('/v1/partners/ptn_other', { name: 'Other MSP', plan: 'default' }),
    createPlan: admin('/v1/plans', { name: 'Gold', calendar: 'default' }),
    listPlans: desk('/v1/plans'),
    getPlan: desk('/v1/plans/default'),
    updatePlan: admin('/v1/plans/default', { name: 'Standard', calendar: 'default' }),
    listServices: { path: '/v1/services', key: 'partner' },
    getService: { path: '/v1/services/hosted-mail', key: 'partner' },
    putService: admin('/v1/services/web', { name: 'Web security' }),
    getProvider: desk('/v1/provider'),
    putProvider: admin('/v1/provider', {
      name: 'Mailguard',
      phone: '+1 202 555 0199',
      phones: [{ country: 'Sweden', number: '+46 8 544 406 00', hours: 'always' }],
      timezone: 'America/New_York',
      calendar: 'default',
      policy: 'default',
      nightlyCap: 900,
      drills: false,
    }),
    getSetup: admin('/v1/setup'),
    createApiKey: admin('/v1/api-keys', {
      partner: 'ptn_acme',
      name: 'Console',
      scopes: ['tickets:read'],
      expiresAt: '2027-01-01T00:00:00Z',
    }),
    listApiKeys: { ...admin('/v1/api-keys'), query: { partner: 'ptn_acme', limit: '5' } },
    getApiKey: { path: '/v1/api-keys/self', key: 'partner' },
    rotateApiKey: admin('/v1/api-keys/key_unknown/rotate', {
      overlapHours: 1,
      expiresAt: '2027-01-01T00:00:00Z',
    }),
    revokeApiKey: admin('/v1/api-keys/key_unknown'),
    createWebhook: {
      path: '/v1/webhooks',
      key: 'partner',
      body: { url: 'https://hooks.acme.example/n', eventTypes: ['escalation.*'], description: 'Console' },
    },
    listEventTypes: { path: '/v1/event-types', key: 'partner' },
    getEventType: { path: '/v1/event-types/ticket.created', key: 'partner' },
    listWebhooks: { path: '/v1/webhooks', key: 'partner' },
    getWebhook: { path: `/v1/webhooks/${webhook}`, key: 'partner' },
    updateWebhook: {
      path: `/v1/webhooks/${webhook}`,
      key: 'partner',
      body: {
        url: 'https://hooks.acme.example/n',
        eventTypes: ['*'],
        description: 'x',
        payload: 'thin',
        ignoreOwn: true,
      },
    },
    rotateWebhookSecret: {
      path: `/v1/webhooks/${webhook}/rotate-secret`,
      key: 'partner',
      body: { overlapHours: 1 },
    },
    testWebhook: {
      path: `/v1/webhooks/${webhook}/test`,
      key: 'partner',
      body: { type: 'escalation.started' },
    },
    enableWebhook: { path: `/v1/webhooks/${webhook}/enable`, key: 'partner' },
    disableWebhook: { path: `/v1/webhooks/${webhook}/disable`, key: 'partner' },
    recoverWebhook: {
      path: `/v1/webhooks/${webhook}/recover`,
      key: 'partner',
      body: {
        since: '2026-01-05T00:00:00Z',
        until: '2026-01-06T00:00:00Z',
        statuses: ['failed', 'skipped', 'delivered'],
        dryRun: true,
      },
    },
    listDeliveries: {
      path: `/v1/webhooks/${webhook}/deliveries`,
      key: 'partner',
      query: { status: 'failed', limit: '5' },
    },
    getDelivery: { path: `/v1/deliveries/${delivery}`, key: 'partner' },
    retryDelivery: { path: `/v1/deliveries/${delivery}/retry`, key: 'partner' },
    listEvents: {
      path: '/v1/events',
      key: 'partner',
      query: { since: '2026-01-01T00:00:00Z', type: 'ticket.created', limit: '5' },
    },
    deleteWebhook: { path: `/v1/webhooks/${webhook}`, key: 'partner' },
  };
}
