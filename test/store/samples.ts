import type { Case, Decided } from '../../shared/domain/decision.ts';
import { decided } from '../../shared/domain/decision.ts';
import type { Policy, Staff } from '../../shared/domain/directory.ts';
import type { Escalation, Page } from '../../shared/domain/escalation/escalation.ts';
import type { NewEvent } from '../../shared/domain/event.ts';
import type { Schedule } from '../../shared/domain/schedule/types.ts';
import { ticketNumber } from '../../shared/domain/ticket/number.ts';
import type { Ticket } from '../../shared/domain/ticket/ticket.ts';
import type { AttemptResult } from '../../shared/domain/webhook/delivery.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { start } from './world.ts';

/** Whole entities as the domain makes them; each takes what a test cares about. */
export const aNumber = (): string => ticketNumber(systemRandom.bytes(7));

export function aTicket(change: Partial<Ticket> = {}): Ticket {
  return {
    number: aNumber(),
    partner: 'par_acme',
    partnerName: 'Acme MSP',
    subject: 'No mail since eight',
    description: 'Nothing arrives at contoso.example.',
    form: 'general',
    service: null,
    client: null,
    severity: { requested: 'outage', agreed: null },
    status: 'new',
    requester: { name: 'Kim', email: 'kim@acme.example', phone: null, timezone: null },
    channel: 'api',
    answers: { since: '20:00' },
    externalRef: null,
    incident: null,
    sla: {
      firstResponse: {
        seconds: 1800,
        time: 'elapsed',
        startsAt: null,
        dueAt: null,
        basis: 'starts at Escalate or at opening',
        warnAt: null,
        warnedAt: null,
        breachedAt: null,
        metAt: null,
      },
    },
    escalations: 0,
    escalation: null,
    createdAt: start,
    updatedAt: start,
    version: 0,
    seq: 0,
    head: '',
    ...change,
  };
}

export function anEvent(change: Partial<NewEvent> = {}): NewEvent {
  return {
    type: 'ticket.commented',
    actor: { kind: 'partner', id: 'par_acme', name: 'Kim' },
    data: { comment: { body: 'Still nothing.', n: 1, nested: { b: [1, null, 'ü'], a: true } } },
    ...change,
  };
}

/** A new ticket, as a decision. */
export function creation(ticket: Ticket, change: Partial<Decided> = {}): Decided {
  const state: Case = { ticket, escalation: null, pages: [] };
  return { ...decided(state, { events: [anEvent({ type: 'ticket.created' })] }), ...change };
}

export const aPolicy: Policy = {
  id: 'default',
  promiseMinutes: 30,
  levels: [
    { afterMinutes: 0, page: [{ schedule: 'primary' }] },
    { afterMinutes: 20, page: [{ everyone: true }, { role: 'manager' }, { staff: 'stf_dana' }] },
  ],
  businessHours: { levels: [{ afterMinutes: 10, page: [{ schedule: 'primary' }] }] },
  repeatMinutes: 10,
  giveUpMinutes: 240,
};

export function anEscalation(ticket: Ticket, ordinal = 1, change: Partial<Escalation> = {}): Escalation {
  return {
    id: `esc_${ticket.number.slice(3).replace('-', '')}_${ordinal}`,
    ticket: ticket.number,
    partner: ticket.partner,
    ordinal,
    state: 'paging',
    route: 'on_call',
    reason: 'mail_not_delivered',
    detail: null,
    callback: { name: 'Kim', phone: '+1 202 555 0147', dialable: '+12025550147', textUpdates: false },
    startedAt: start,
    startedBy: { kind: 'partner', id: ticket.partner, name: 'Kim' },
    promise: { dueAt: start, brokenAt: null },
    policy: aPolicy,
    ladder: { kind: 'on_call', begun: start, base: start, next: 1, waiting: [] },
    level: 1,
    acknowledgedBy: null,
    acknowledgedAt: null,
    contactedAt: null,
    taken: null,
    contact: null,
    notContactedAt: null,
    shiftsSeenAt: null,
    endedAt: null,
    endedBy: null,
    group: null,
    outage: null,
    holds: [],
    pages: 1,
    timezone: 'America/New_York',
    newsAt: null,
    unreachableSince: null,
    unreachableToldAt: null,
    untold: [],
    promiseKept: false,
    ...change,
  };
}

export function aPage(escalation: Escalation, n = 1, change: Partial<Page> = {}): Page {
  return {
    id: `${escalation.id}_${n}`,
    home: { partner: escalation.partner, ticket: escalation.ticket, escalation: escalation.id },
    notice: null,
    to: { id: 'stf_dana', name: 'Dana' },
    method: 'sms',
    phone: '+12025550101',
    level: 1,
    state: 'queued',
    attempt: 1,
    words: null,
    text: null,
    code: null,
    queuedAt: start,
    held: null,
    at: start,
    claim: null,
    failure: null,
    messageId: null,
    wentWith: null,
    ...change,
  };
}

export const aStaff = (id: string, phone: string | null, change: Partial<Staff> = {}): Staff => ({
  id,
  name: id,
  role: 'engineer',
  phone,
  phoneVerifiedAt: phone && start,
  email: `${id}@desk.example`,
  timezone: 'America/New_York',
  suspended: false,
  createdAt: start,
  ...change,
});

export const aSchedule: Schedule = {
  id: 'primary',
  name: 'Primary',
  timezone: 'America/New_York',
  rotations: [
    {
      name: 'weekly',
      start: '2026-01-05T09:00',
      end: '2027-01-04T09:00',
      every: { weeks: 1 },
      members: ['stf_dana', 'stf_eli'],
      during: { mon: [['20:00', '24:00']] },
    },
  ],
  overrides: [
    { id: 'ovr_1', from: start, to: start, staff: 'stf_eli', instead: 'stf_dana', createdAt: start },
    { id: 'ovr_2', from: start, to: start, staff: null, instead: 'stf_eli' },
  ],
  past: [{ until: start, timezone: 'Europe/Berlin', rotations: [] }],
  calendarToken: 'open-sesame',
};

export const anEndpoint = (id: string, change: Partial<WebhookEndpoint> = {}): WebhookEndpoint => ({
  id,
  partner: 'par_acme',
  url: 'https://hooks.acme.example/nightdesk',
  eventTypes: ['*'],
  description: null,
  payload: 'full',
  ignoredKey: null,
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  formerSecrets: [],
  status: 'enabled',
  disabledBecause: null,
  slow: false,
  failingSince: null,
  warnedAt: null,
  seq: 0,
  head: '0'.repeat(64),
  createdAt: start,
  version: 1,
  ...change,
});

export const aDelivery = (id: string, change: Partial<WebhookDelivery> = {}): WebhookDelivery => ({
  id,
  endpoint: 'whk_1',
  partner: 'par_acme',
  event: { id: 'evt_6PC7PS9V_1', type: 'ticket.created' },
  body: '{}',
  status: 'queued',
  trigger: 'event',
  way: 'direct',
  attempts: [],
  triedBefore: 0,
  queuedAt: start,
  nextAttemptAt: null,
  createdAt: start,
  version: 0,
  ...change,
});

/** What an attempt met: a 500, quickly, unless told otherwise. */
export const anAttempt = (change: Partial<AttemptResult> = {}): AttemptResult => ({
  statusCode: 500,
  errorCode: 'status_500',
  retryAfterSeconds: null,
  disableBecause: null,
  totalMs: 12,
  exchange: {
    url: 'https://hooks.acme.example/nightdesk',
    remoteAddress: '93.184.216.34',
    requestHeaders: {},
    response: { headers: {}, body: 'oops', truncated: false },
  },
  ...change,
});
