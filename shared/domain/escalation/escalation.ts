import type {
  EscalationReason,
  EscalationRoute,
  EscalationState,
  PageState,
  Severity,
} from '../../contract/words.ts';
import type { Policy } from '../directory.ts';
import type { Actor } from '../event.ts';
import type { Hold, Membership } from '../outage/outage.ts';
import type { Instant } from '../time.ts';

/** It can neither be taken nor ring any more. */
export const isOver = (state: EscalationState): boolean => state === 'resolved' || state === 'cancelled';

export interface Person {
  id: string;
  name: string;
}

export interface Callback {
  name: string | null;
  /** As written: what cannot be parsed is kept, never refused. */
  phone: string;
  /** E.164 when it could be parsed. */
  dialable: string | null;
  textUpdates: boolean;
}

/** The number to call, as it was written where it cannot be dialled. */
export const numberOf = ({ dialable, phone }: Pick<Callback, 'dialable' | 'phone'>): string =>
  dialable ?? phone;

export interface Escalation {
  /** `esc_<ticket symbols>_<ordinal>`: says where it lives, so that no second index is needed. */
  id: string;
  ticket: string;
  partner: string;
  ordinal: number;
  state: EscalationState;
  route: EscalationRoute;
  reason: EscalationReason;
  detail: string | null;
  callback: Callback;
  startedAt: Instant;
  startedBy: Actor;
  promise: { dueAt: Instant; brokenAt: Instant | null };
  /** The policy in force at the press. */
  policy: Policy;
  /**
   * Which ladder runs since when (`begun`), the instant that its offsets count from (`base`, earlier after a pass),
   * and the index of its next step (see ladder.ts). `waiting` are the people of the latest step who did not fit
   * into its transaction: they are paged by the next one, at once.
   */
  ladder: { kind: 'desk' | 'on_call'; begun: Instant; base: Instant; next: number; waiting: string[] };
  /** The highest level paged so far; 0 before the first. */
  level: number;
  acknowledgedBy: Person | null;
  acknowledgedAt: Instant | null;
  /** The first word from who holds it. */
  contactedAt: Instant | null;
  /** Who took it first, and when; passing it on changes neither. */
  taken: { at: Instant; by: Person } | null;
  /**
   * While somebody holds it: the latest word from them, and the question for one that is open; see contact.ts.
   * null while nobody does.
   */
  contact: { heardAt: Instant | null; asked: { at: Instant; whom: 'holder' | 'desk' } | null } | null;
  /** When the requester's side last said that nobody has called. */
  notContactedAt: Instant | null;
  /** While it is exhausted: up to when changes of shift were looked at. */
  shiftsSeenAt: Instant | null;
  endedAt: Instant | null;
  endedBy: Actor | null;
  /** Somebody held it at the promise's due time: it was kept, whatever happens later. */
  promiseKept: boolean;
  /** How many pages and notices it has made; the next one's ordinal is one more. */
  pages: number;
  /** The zone of the desk, for times in pages. */
  timezone: string;
  /** When the paged were last told of changed words. */
  newsAt: Instant | null;
  /** Since when no level could be paged, and when that was last told; null while somebody can. */
  unreachableSince: Instant | null;
  unreachableToldAt: Instant | null;
  /** Notices beyond one transaction's room: they follow in the next, at once. */
  untold: NoticeRequest[];
  /** The key of the group that it fell into when it was pressed, whatever its words become; null: none. */
  group: string | null;
  /** The outage that it shares; null for an escalation of its own. */
  outage: Membership | null;
  /** Who held it before, oldest first. */
  holds: Hold[];
}

/** Something to be told to somebody who was paged. */
export interface NoticeRequest {
  notice: NoticeKind;
  to: Person & { phone: string };
  text: string;
}

export const noticeKinds = [
  'stand_down',
  'taken',
  'promise_broken',
  'unreachable',
  'news',
  'contact',
  'contact_lost',
  'update',
  'answer',
  'count',
  'desk_alert',
  'verify',
  'drill',
  'coverage',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** The facts that the words of a page, or of the question for a word, are made of; the reply code joins them at the sending claim. */
export interface PageWords {
  number: string;
  severity: Severity;
  reason: EscalationReason;
  partnerName: string;
  callback: string;
  /** The promise's due time, null once it has passed; in the question for a word, when the ladder starts afresh. */
  takeBy: Instant | null;
  /** It has passed, and the promise was not kept. */
  overdue?: boolean | undefined;
  timezone: string;
}

/**
 * One message to one person by one contact method: `queued → sending → sent | failed | void`.
 * A page asks to take an emergency; a notice tells (stand-down, answer, broken promise, alert to the desk, update
 * to the requester).
 * Notices go the same way and are kept as well, but never bring the next level.
 */
export interface Page {
  /** `<escalation id>_<n>`, or `ans_<id>` for an answer that belongs to no escalation. */
  id: string;
  /** null for an answer that belongs to no ticket. */
  home: { partner: string; ticket: string; escalation: string } | null;
  /** null: a page. */
  notice: NoticeKind | null;
  to: Person;
  method: 'sms' | 'topic';
  /** E.164 of the SMS; null for the desk's topic. */
  phone: string | null;
  /** The person's own zone as it was: whether a page interrupted sleep. Notices and the topic have none. */
  zone?: string | undefined;
  level: number;
  state: PageState;
  /** 1, then 2 once it was queued again. */
  attempt: number;
  /** Pages and the question for a word are worded at the claim, when their code is known; other notices carry their text. */
  words: PageWords | null;
  text: string | null;
  /** The reply code on that phone, once it was sent. */
  code: number | null;
  queuedAt: Instant;
  /** Since when, and since which version of its phone, it waits for room there, and until when; `until` is null once that is over. */
  held: { at: Instant; until: Instant | null; version: number } | null;
  /** Of the latest change of state. */
  at: Instant;
  /** While `sending`: who holds the claim, and until when nobody else may. */
  claim: { id: string; until: Instant } | null;
  failure: string | null;
  messageId: string | null;
  /** The page whose message went out for this one too; null when it went out by itself, or not yet. */
  wentWith: string | null;
}
