import type { EventType } from '../contract/words.ts';
import { clockTime, dayAndTime, utcTime } from './escalation/text.ts';
import type { Actor, NewEvent } from './event.ts';
import { fromInstant } from './time.ts';

const reasons: Record<string, string> = {
  mail_not_delivered: 'mail is not delivered',
  cannot_send: 'mail cannot be sent',
  blocked: 'a sender or domain is blocked',
  other: 'an emergency',
};

/** Why a level has nobody who can be reached. */
export const gapWords: Record<string, string> = {
  no_shift: 'nobody on call',
  not_verified: 'phone not verified',
  opted_out: 'phone opted out',
  failing: 'phone failing',
};

interface Data {
  ticket?: { number?: string; subject?: string };
  escalation?: {
    state?: string;
    reason?: string;
    route?: string;
    acknowledgedBy?: { name?: string } | null;
    promise?: { dueAt?: string };
    unreachableSince?: string | null;
  };
  page?: { to?: { name?: string } } | null;
  pages?: { to?: { name?: string } }[];
  level?: number;
  because?: string;
  from?: { name?: string } | null;
  phone?: string;
  again?: boolean;
  changed?: string[];
  webhook?: {
    host?: string;
    partner?: string | null;
    failingSince?: string | null;
    disabledBecause?: string | null;
  };
  incident?: { number?: string; title?: string };
  count?: number;
  partner?: { name?: string };
  staff?: { name?: string };
  apiKey?: { id?: string; partner?: string | null; staff?: string | null };
  replaces?: { id?: string; worksUntil?: string | null };
  configuration?: { kind?: string; id?: string; created?: boolean };
  openedAt?: string;
  closesAt?: string | null;
  timezone?: string;
  gaps?: { from?: string; to?: string; level?: number; why?: string }[];
}

const sentences: Record<EventType, (data: Data, actor: string, kind: Actor['kind']) => string> = {
  'ticket.created': (data, actor) => `was opened by ${actor}: ${data.ticket?.subject ?? ''}`,
  'ticket.updated': (data, actor) => `was changed by ${actor} (${(data.changed ?? []).join(', ')})`,
  'ticket.commented': (_data, actor) => `has a comment by ${actor}`,
  'ticket.resolved': (_data, actor) => `was resolved by ${actor}`,
  'ticket.reopened': (_data, actor) => `was reopened by ${actor}`,
  'ticket.closed': (_data, actor) => `was closed by ${actor}`,
  'escalation.started': (data, actor) =>
    `was escalated ${data.again ? 'again ' : ''}by ${actor}: ${reasons[data.escalation?.reason ?? ''] ?? 'an emergency'}. ${promised(data)}`,
  'escalation.updated': (_data, actor) => `has news on its emergency from ${actor}`,
  'escalation.desk_alerted': () => 'was announced to the desk',
  'escalation.paged': (data) =>
    `paged ${(data.pages ?? []).map((page) => page.to?.name ?? '').join(', ')} (level ${data.level ?? ''})`,
  'escalation.page_retried': (data) => `pages ${data.page?.to?.name ?? ''} once more: ${data.because ?? ''}`,
  'escalation.page_failed': (data) =>
    data.page
      ? `could not page ${data.page.to?.name ?? ''}: ${data.because ?? ''}`
      : `cannot reach anybody: call ${data.phone ?? ''}`,
  'escalation.acknowledged': (data) => `was taken by ${data.escalation?.acknowledgedBy?.name ?? ''}`,
  'escalation.contacted': (_data, actor) => `has the first word from ${actor}`,
  'escalation.contact_asked': (data) => `has no word from ${data.from?.name ?? ''}, who is asked for one`,
  'escalation.contact_lost': (data) => `has no word from ${data.from?.name ?? ''}: paging starts afresh`,
  'escalation.not_contacted': (data, actor, kind) =>
    kind === 'system' ? heldNoMore(data) : `has had no call, says ${actor}`,
  'escalation.passed': (data, actor, kind) =>
    kind === 'system' ? heldNoMore(data) : `was passed on by ${actor}`,
  'escalation.promise_broken': (data) => `was not taken in time: call ${data.phone ?? ''}`,
  'escalation.exhausted': (data) => `is held by nobody: escalate again, or call ${data.phone ?? ''}`,
  'escalation.resolved': (_data, actor) => `is no longer an emergency, says ${actor}`,
  'escalation.cancelled': (_data, actor) => `had its emergency cancelled by ${actor}`,
  'escalation.followed': ({ escalation }) =>
    `belongs to a known outage${escalation?.state === 'acknowledged' || escalation?.unreachableSince ? '' : ', and staff are being alerted for that already'}`,
  'escalation.promoted': () => 'now leads the outage that it shares',
  'escalation.split': (_data, actor) => `is a different problem, says ${actor}: it is paged for on its own`,
  'sla.warning': () => 'has used three quarters of its time for a first response',
  'sla.breached': () => 'has had no first response in time',
  'incident.opened': (data) =>
    data.ticket
      ? `belongs to the known incident ${incidentOf(data)}`
      : `opened the incident ${incidentOf(data)}`,
  'incident.updated': (data) => `has news of the incident ${incidentOf(data)}`,
  'incident.resolved': (data) =>
    data.ticket
      ? `belonged to an incident that is resolved, ${incidentOf(data)}`
      : `resolved the incident ${incidentOf(data)}`,
  'incident.unlinked': (data, actor) => `does not belong to the incident ${incidentOf(data)}, says ${actor}`,
  'webhook.failing': (data) =>
    `could deliver nothing to ${hostOf(data)} since ${utc(data.webhook?.failingSince)}; after 5 days it is disabled`,
  'webhook.disabled': (data) =>
    `to ${hostOf(data)} was disabled. ${data.webhook?.disabledBecause ?? ''} What it misses is kept for 30 days`,
  'coverage.gap': ({ count = 0, gaps: [first] = [], timezone }) =>
    `has ${count} ${count === 1 ? 'gap' : 'gaps'} in its on-call coverage; first at level ${first?.level ?? ''}, ${day(first?.from, timezone)} to ${day(first?.to, timezone)}: ${gapWords[first?.why ?? ''] ?? ''}`,
  'desk.opened': (data) => `is open${untilOf(data)}`,
  'webhook.created': (data, actor) =>
    `has a new webhook of ${ownerOf(data)} to ${hostOf(data)}, made by ${actor}`,
  'webhook.updated': (data, actor) =>
    `had a webhook of ${ownerOf(data)} to ${hostOf(data)} changed by ${actor} (${(data.changed ?? []).join(', ')})`,
  'webhook.deleted': (data, actor) =>
    `had a webhook of ${ownerOf(data)} to ${hostOf(data)} deleted by ${actor}`,
  'partner.created': (data, actor) => `has a new partner, ${data.partner?.name ?? ''}, says ${actor}`,
  'partner.updated': (data, actor) =>
    `had its partner ${data.partner?.name ?? ''} changed by ${actor} (${(data.changed ?? []).join(', ')})`,
  'staff.created': (data, actor) => `has somebody new on its staff, ${data.staff?.name ?? ''}, says ${actor}`,
  'staff.updated': (data, actor) =>
    `had ${data.staff?.name ?? ''} of its staff changed by ${actor} (${(data.changed ?? []).join(', ')})`,
  'api_key.created': (data, actor) => `has a new API key for ${holderOf(data)}, made by ${actor}`,
  'api_key.rotated': (data, actor) =>
    `had an API key of ${holderOf(data)} replaced by ${actor}; the old one works until ${utc(data.replaces?.worksUntil)}`,
  'api_key.revoked': (data, actor) => `had an API key of ${holderOf(data)} revoked by ${actor}`,
  'configuration.updated': ({ configuration: about }, actor) =>
    `had its ${about?.kind ?? ''} ${about?.id ?? ''} ${about?.created ? 'made' : 'changed'} by ${actor}`,
};

/** What is pressed again after nobody had taken it has no time that is still to come. */
function promised({ again, escalation, phone, timezone }: Data): string {
  const dueAt = escalation?.promise?.dueAt;
  if (!again) return `A person takes it by ${dueAt && timezone ? clockTime(dueAt, timezone) : ''}`;
  return `It is tried afresh${phone === undefined ? '' : `; you can also call ${phone}`}`;
}

/** Of one that follows, as its lead is: it pages nobody itself. */
const heldNoMore = ({ from }: Data): string =>
  `is no longer held by ${from?.name ?? 'its holder'}: staff are being alerted again`;

/** ` until 20:00 ET`, with the day where it is another one. */
function untilOf({ openedAt, closesAt, timezone }: Data): string {
  if (!openedAt || !closesAt || !timezone) return '';
  const [opens, closes] = [openedAt, closesAt].map((at) => fromInstant(at).setZone(timezone).toISODate());
  return ` until ${opens === closes ? clockTime(closesAt, timezone) : dayAndTime(closesAt, timezone)}`;
}

const day = (at: string | undefined, timezone: string | undefined): string =>
  at && timezone ? dayAndTime(at, timezone) : '';

const utc = (at: string | null | undefined): string => (at ? utcTime(at) : '');

function holderOf({ apiKey }: Data): string {
  return apiKey?.partner ?? apiKey?.staff ?? '';
}

function incidentOf({ incident }: Data): string {
  return `${incident?.number ?? ''}: ${incident?.title ?? ''}`;
}

function hostOf({ webhook }: Data): string {
  return webhook?.host ?? 'its address';
}

function ownerOf({ webhook }: Data): string {
  return webhook?.partner ?? 'its own';
}

/** An event in one sentence, for people: the `text` of a webhook. */
export function eventText(event: NewEvent, ticketNumber: string | null): string {
  const { type, data, actor } = event;
  const sentence = sentences[type](data, actor.name, actor.kind);
  return `${ticketNumber ?? 'The desk'} ${sentence}.`.replace(/\.\.$/, '.');
}
