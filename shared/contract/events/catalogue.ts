import * as z from 'zod';
import { instant } from '../schemas/common.ts';
import type { EventType } from '../words.ts';
import * as data from './data.ts';

export interface EventSpec {
  /** When it happens, in one sentence. */
  summary: string;
  data: () => z.ZodObject;
}

/** Every event, and what its data is. The same in the timeline of a ticket and in webhooks. */
export const catalogue: Readonly<Record<EventType, EventSpec>> = {
  'ticket.created': { summary: 'A ticket was opened.', data: data.ofTicket },
  'ticket.updated': { summary: 'Fields of a ticket changed.', data: data.ofChange },
  'ticket.commented': { summary: 'Somebody commented.', data: data.ofComment },
  'ticket.resolved': { summary: 'A ticket was resolved.', data: data.ofChange },
  'ticket.reopened': {
    summary: 'A resolved or closed ticket was opened again, by a reply, a change or Escalate.',
    data: data.ofReopening,
  },
  'ticket.closed': { summary: 'A ticket was closed.', data: data.ofChange },
  'escalation.started': { summary: 'Somebody pressed Escalate.', data: data.ofPress },
  'escalation.updated': { summary: 'A second press changed its words or number.', data: data.ofNews },
  'escalation.desk_alerted': { summary: 'The desk was alerted.', data: data.ofDeskAlert },
  'escalation.paged': { summary: 'People of a level are being paged.', data: data.ofPages },
  'escalation.page_retried': {
    summary: 'A page was not known to be sent after 20 seconds, and goes out again: it may arrive twice.',
    data: data.ofRetry,
  },
  'escalation.page_failed': { summary: 'A page failed, or nobody can be paged.', data: data.ofFailure },
  'escalation.acknowledged': { summary: 'A person has taken it.', data: data.ofTaking },
  'escalation.contacted': { summary: 'The first word from its holder.', data: data.ofContact },
  'escalation.contact_asked': {
    summary: 'Its holder was silent for long, and is asked for a word; or the desk, while it is open.',
    data: data.ofContactAsked,
  },
  'escalation.contact_lost': {
    summary: 'There was no word from its holder: paging starts afresh.',
    data: data.ofPassing,
  },
  'escalation.not_contacted': {
    summary:
      "The requester's side says that nobody has called: its holder and the next level are paged. By the system: somebody else of its outage says so, and it is held no longer.",
    data: data.ofPassing,
  },
  'escalation.passed': { summary: 'Its holder handed it on.', data: data.ofPassing },
  'escalation.promise_broken': { summary: 'Nobody took it in time.', data: data.ofBrokenPromise },
  'escalation.exhausted': {
    summary: 'Nobody took it at all; press again or call.',
    data: data.ofBrokenPromise,
  },
  'escalation.resolved': { summary: 'The emergency is over.', data: data.ofEnding },
  'escalation.cancelled': { summary: 'The emergency was called off.', data: data.ofEnding },
  'escalation.followed': {
    summary: 'It shares a known outage: another escalation pages for it.',
    data: data.ofEscalation,
  },
  'escalation.promoted': {
    summary: 'Nobody led the outage that it shares any more: it does, and pages for all.',
    data: data.ofEscalation,
  },
  'escalation.split': {
    summary: 'It is a different problem, and pages on its own.',
    data: data.ofEscalation,
  },
  'sla.warning': { summary: 'Three quarters of the time to a first response have gone.', data: data.ofClock },
  'sla.breached': { summary: 'There was no first response in time.', data: data.ofClock },
  'incident.opened': {
    summary:
      'A known outage was opened, or a ticket was linked to one. Partners have it for each of their tickets.',
    data: data.ofIncident,
  },
  'incident.updated': {
    summary: 'There is news of a known outage. Partners have it for each of their tickets.',
    data: data.ofIncident,
  },
  'incident.resolved': {
    summary:
      'A known outage is over. Partners have it for each of their tickets; emergencies end on their own.',
    data: data.ofIncident,
  },
  'incident.unlinked': {
    summary: 'A ticket does not belong to a known outage after all. Partners have it for their tickets.',
    data: data.ofIncident,
  },
  'webhook.failing': {
    summary: 'A webhook endpoint has taken nothing for an hour; after 5 days it is disabled.',
    data: data.ofWebhook,
  },
  'webhook.disabled': {
    summary: 'A webhook endpoint was disabled; what it misses is kept for 30 days and can be recovered.',
    data: data.ofWebhook,
  },
  'coverage.gap': {
    summary:
      'While the desk is closed, a level has nobody who can be reached. For the provider’s own endpoints.',
    data: data.ofCoverage,
  },
  'desk.opened': {
    summary: 'The desk has opened, by its staffed calendar. For everybody; in no ticket’s log.',
    data: data.ofOpening,
  },
  'webhook.created': { summary: 'A webhook endpoint was made. For staff alone.', data: data.ofWebhookChange },
  'webhook.updated': {
    summary: 'Somebody changed, enabled or disabled a webhook endpoint, or its secret. For staff alone.',
    data: data.ofWebhookChange,
  },
  'webhook.deleted': {
    summary: 'A webhook endpoint was deleted. For staff alone.',
    data: data.ofWebhookChange,
  },
  'partner.created': { summary: 'A partner was added. For staff alone.', data: data.ofPartner },
  'partner.updated': { summary: 'A partner was changed. For staff alone.', data: data.ofPartner },
  'staff.created': { summary: 'Somebody joined the staff. For staff alone.', data: data.ofStaff },
  'staff.updated': { summary: 'Somebody of the staff was changed. For staff alone.', data: data.ofStaff },
  'api_key.created': { summary: 'An API key was made. For staff alone.', data: data.ofApiKey },
  'api_key.rotated': {
    summary: 'An API key took the place of another. For staff alone.',
    data: data.ofRotation,
  },
  'api_key.revoked': { summary: 'An API key was revoked. For staff alone.', data: data.ofApiKey },
  'configuration.updated': {
    summary:
      'The provider, a plan, service, calendar, policy or schedule was made or changed. For staff alone.',
    data: data.ofConfiguration,
  },
};

/** What a webhook receives. */
export function webhookBody(type: EventType) {
  return z.object({
    id: z.string().meta({ description: 'The same on every redelivery, and in the header webhook-id.' }),
    type: z.literal(type),
    timestamp: instant(),
    apiVersion: z.string(),
    subjectSeq: z.int().meta({
      description: "The event's place in its ticket, or in the desk's own log: the only order there is.",
    }),
    text: z.string().meta({ description: 'One sentence for people.' }),
    hash: z.string(),
    data: z.union([catalogue[type].data(), ...thinOf(type)]),
  });
}

/** By whether it is about a ticket: always, never, or some of them. */
function thinOf(type: EventType): z.ZodType[] {
  const ticket = catalogue[type].data().shape.ticket as z.ZodType | undefined;
  if (!ticket) return [data.ofThinElsewhere()];
  return ticket.safeParse(undefined).success ? [data.ofThin(), data.ofThinElsewhere()] : [data.ofThin()];
}
