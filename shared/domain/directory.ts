import type { Scope, Severity, StaffRole } from '../contract/words.ts';
import type { Calendar } from './calendar/types.ts';
import type { Schedule } from './schedule/types.ts';
import type { Instant } from './time.ts';

/** The directory: what administrators configure. Everything here is small and changes rarely. */

export interface Provider {
  name: string;
  /** Answered at night: printed wherever a promise breaks or a limit is reached. Required configuration. */
  phone: string;
  phones: { country: string; number: string; hours: string }[];
  /** The zone of the desk's staff, for times in pages. */
  timezone: string;
  /** The staffed calendar: decides routes. */
  calendar: string;
  /** The escalation policy in force. */
  policy: string;
  /** Escalations that a partner may start from one closing to the next opening. */
  nightlyCap: number;
  /** Whether people are asked, on the evening before their first night, to show that pages reach them. */
  drills: boolean;
  /** Pages a minute that go to one phone each by itself; what is beyond goes as one bundle. null: no limit. */
  pagesPerMinute: number | null;
}

export interface SlaRule {
  seconds: number;
  time: 'elapsed' | 'business';
}

export interface Plan {
  id: string;
  name: string;
  /** Decides SLA clocks, never routes. */
  calendar: string;
  firstResponse: Record<Severity, SlaRule>;
}

export interface Partner {
  id: string;
  name: string;
  plan: string;
  createdAt: Instant;
}

export interface Service {
  id: string;
  name: string;
}

export interface Staff {
  id: string;
  name: string;
  role: StaffRole;
  /** E.164; null for people who are never paged. */
  phone: string | null;
  /** When a reply from this very phone proved it both ways; null until then. */
  phoneVerifiedAt: Instant | null;
  email: string;
  timezone: string;
  suspended: boolean;
  createdAt: Instant;
}

/** Whom a level pages. `{role:"manager"}` is the duty manager: schedule `manager`, else all active managers. */
export type Target = { schedule: string } | { staff: string } | { role: StaffRole } | { everyone: true };

export interface PolicyLevel {
  afterMinutes: number;
  page: Target[];
}

export interface Policy {
  id: string;
  promiseMinutes: number;
  /** While the desk is closed: from the press. */
  levels: PolicyLevel[];
  /** While the desk is open: the desk is alerted at the press, these follow if nobody has taken it. */
  businessHours: { levels: PolicyLevel[] };
  /** After the promise's due time everyone is paged this often, until `giveUpMinutes` from the press. */
  repeatMinutes: number;
  giveUpMinutes: number;
}

export interface ApiKey {
  id: string;
  /** Exactly one of the two is set. */
  partner: string | null;
  staff: string | null;
  /** What it is for, in the words of whoever made it. */
  name: string | null;
  scopes: Scope[];
  /** SHA-256 of the secret, hex. The secret has 256 random bits, so no slow hash is needed. */
  secretHash: string;
  createdAt: Instant;
  expiresAt: Instant | null;
  revokedAt: Instant | null;
  /** To the hour. */
  lastUsedAt: Instant | null;
  /** The key that took its place. */
  rotatedTo: string | null;
  /** The first key of the chain of rotations; a key that was made itself has none. */
  first?: string | undefined;
}

/** Everything that a decision about whom to page needs, read consistently in one go. */
export interface Roster {
  provider: Provider;
  calendar: Calendar;
  policy: Policy;
  schedules: Schedule[];
  staff: Staff[];
}
