/** The closed word lists of the wire. Types come from here; the schemas in this folder are built over them. */

export const severities = ['question', 'problem', 'degraded', 'outage', 'order'] as const;
export type Severity = (typeof severities)[number];

export const ticketStatuses = ['new', 'open', 'waiting', 'resolved', 'closed'] as const;
export type TicketStatus = (typeof ticketStatuses)[number];

export const channels = ['api', 'form', 'mail', 'phone'] as const;
export type Channel = (typeof channels)[number];

export const escalationStates = ['paging', 'acknowledged', 'resolved', 'exhausted', 'cancelled'] as const;
export type EscalationState = (typeof escalationStates)[number];

export const escalationReasons = ['mail_not_delivered', 'cannot_send', 'blocked', 'other'] as const;
export type EscalationReason = (typeof escalationReasons)[number];

export const escalationRoutes = ['on_call', 'desk'] as const;
export type EscalationRoute = (typeof escalationRoutes)[number];

export const incidentStates = ['open', 'resolved'] as const;

export const pageStates = ['queued', 'sending', 'sent', 'failed', 'void'] as const;
export type PageState = (typeof pageStates)[number];

export const staffRoles = ['engineer', 'agent', 'manager', 'admin'] as const;
export type StaffRole = (typeof staffRoles)[number];

export const scopes = [
  'tickets:read',
  'tickets:write',
  'webhooks:read',
  'webhooks:write',
  'keys:rotate',
  'desk:read',
  'desk:write',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

export const deliveryStatuses = ['queued', 'waiting', 'delivered', 'failed', 'skipped'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** What brings an attempt at a delivery about. */
export const deliveryTriggers = ['event', 'schedule', 'manual', 'recovery', 'test'] as const;
export type DeliveryTrigger = (typeof deliveryTriggers)[number];

export const eventTypes = [
  'ticket.created',
  'ticket.updated',
  'ticket.commented',
  'ticket.resolved',
  'ticket.reopened',
  'ticket.closed',
  'escalation.started',
  'escalation.updated',
  'escalation.desk_alerted',
  'escalation.paged',
  'escalation.page_retried',
  'escalation.page_failed',
  'escalation.acknowledged',
  'escalation.contacted',
  'escalation.contact_asked',
  'escalation.contact_lost',
  'escalation.not_contacted',
  'escalation.passed',
  'escalation.promise_broken',
  'escalation.exhausted',
  'escalation.resolved',
  'escalation.cancelled',
  'escalation.followed',
  'escalation.promoted',
  'escalation.split',
  'sla.warning',
  'sla.breached',
  'incident.opened',
  'incident.updated',
  'incident.resolved',
  'incident.unlinked',
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
  'webhook.failing',
  'webhook.disabled',
  'coverage.gap',
  'desk.opened',
  'partner.created',
  'partner.updated',
  'staff.created',
  'staff.updated',
  'api_key.created',
  'api_key.rotated',
  'api_key.revoked',
  'configuration.updated',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Events that matter beyond their own ticket (see newsOf): to those that follow an outage, to who leads it, to an incident's tickets. */
export const typesWithNews = [
  'escalation.acknowledged',
  'escalation.page_failed',
  'escalation.passed',
  'escalation.not_contacted',
  'escalation.contact_lost',
  'escalation.promoted',
  'escalation.split',
  'escalation.exhausted',
  'escalation.resolved',
  'escalation.cancelled',
  'ticket.commented',
  'incident.updated',
  'incident.resolved',
] as const satisfies readonly EventType[];
export type TypeWithNews = (typeof typesWithNews)[number];

/** What `configuration.updated` is about. */
export const configurationKinds = ['provider', 'plan', 'service', 'calendar', 'policy', 'schedule'] as const;
export type ConfigurationKind = (typeof configurationKinds)[number];

/** Events that the wire has names for and that are not sent yet: an endpoint may ask for them beforehand. */
export const announcedEventTypes = ['attachment.added'] as const;
