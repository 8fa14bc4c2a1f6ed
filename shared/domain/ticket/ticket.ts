import type {
  Channel,
  EscalationReason,
  EscalationRoute,
  EscalationState,
  Severity,
  TicketStatus,
} from '../../contract/words.ts';
import type { IncidentView } from '../incident/incident.ts';
import type { Instant } from '../time.ts';

export interface Requester {
  name: string;
  email: string;
  phone: string | null;
  timezone: string | null;
}

/** A due time with how it was reached, so that nobody has to wonder. */
export interface SlaClock {
  seconds: number;
  time: 'elapsed' | 'business';
  startsAt: Instant | null;
  dueAt: Instant | null;
  basis: string;
  warnAt: Instant | null;
  warnedAt: Instant | null;
  breachedAt: Instant | null;
  /** When the desk first answered; the clock has stopped for good. */
  metAt: Instant | null;
  /** Of a clock that was stopped: what it had left then, and when it went on; null while it stands. */
  leftSeconds?: number | undefined;
  resumedAt?: Instant | null | undefined;
}

/** What a ticket shows of its latest escalation without a second read. */
export interface EscalationSummary {
  id: string;
  state: EscalationState;
  route: EscalationRoute;
  reason: EscalationReason;
  startedAt: Instant;
  promise: { dueAt: Instant; brokenAt: Instant | null };
  level: number;
  acknowledgedBy: { id: string; name: string } | null;
  acknowledgedAt: Instant | null;
  /** The outage that it follows. */
  follows: string | null;
  /** Since when nobody can be paged; null while somebody can. */
  unreachableSince: Instant | null;
}

export interface Ticket {
  number: string;
  partner: string;
  partnerName: string;
  subject: string;
  description: string;
  form: string;
  service: string | null;
  client: string | null;
  severity: { requested: Severity; agreed: Severity | null };
  status: TicketStatus;
  requester: Requester;
  channel: Channel;
  answers: Record<string, string>;
  externalRef: { system: string; id: string; url: string | null } | null;
  /** The known outage that it belongs to, as it was last told of it: at that version. */
  incident: (IncidentView & { version: number }) | null;
  sla: { firstResponse: SlaClock };
  /** How many escalations it has had; the next one's ordinal is one more. */
  escalations: number;
  escalation: EscalationSummary | null;
  createdAt: Instant;
  updatedAt: Instant;
  /** Rises with every commit about the ticket or its escalation: the optimistic lock of both, and the ETag. */
  version: number;
  /** The chain's length and head. */
  seq: number;
  head: string;
}
