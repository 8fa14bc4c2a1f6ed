import type { EventType } from '../../contract/words.ts';
import type { Case, Decided, PageChange } from '../decision.ts';
import type { Actor, NewEvent } from '../event.ts';
import { countAt, holdsAfter, leaving } from '../outage/after.ts';
import { type Group, type Member, type OutageChange, roleOf } from '../outage/outage.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { addSeconds, type Instant, millisOf } from '../time.ts';
import type { TimerChange, TimerKind } from '../timer.ts';
import {
  type Escalation,
  type NoticeKind,
  numberOf,
  type Page,
  type PageWords,
  type Person,
} from './escalation.ts';
import { escalationData, summaryOf } from './event-data.ts';
import { askText, type Caller, pageText } from './text.ts';
import { updateText } from './updates.ts';

/** Until when a queued page must be on its way, and how long a sending claim holds. */
export const sendBySeconds = 20;
/**
 * People that may be queued for a page at one time, and notices that one decision may make: voiding all of
 * the ones (a page and its timer each) and making the others fits DynamoDB's 100 items a transaction.
 */
const mostQueued = 25;
const mostNotices = 30;

/**
 * A decision being made: local to one call, never shared. It gathers changes so that the rules read as
 * sentences, and keeps the event data, the summary on the ticket and the page numbers in step.
 */
export class Draft {
  readonly before: Case;
  readonly now: Instant;
  ticket: Ticket;
  escalation: Escalation;
  /** Every page and notice of this escalation as the decision leaves it, oldest first. */
  pages: readonly Page[];
  private readonly changed = new Map<string, PageChange>();
  private readonly events: NewEvent[] = [];
  private readonly timers = new Map<string, TimerChange>();
  private readonly outages: OutageChange[] = [];
  private groupNow: Group | null = null;
  /** As the decision found it: when somebody held it then and does no more, that is kept. */
  private found: Escalation | null;
  private notices = 0;

  constructor(before: Case, escalation: Escalation, now: Instant) {
    this.before = before;
    this.now = now;
    this.ticket = before.ticket;
    this.escalation = escalation;
    this.found = before.escalation;
    this.pages = before.escalation?.id === escalation.id ? before.pages : [];
  }

  /** It is as its lead made it, which has kept itself who held it until when. */
  foundAs(escalation: Escalation): void {
    this.found = escalation;
  }

  /** How many more people may be paged before some of the queued are on their way. */
  get room(): number {
    const queued = this.pages.filter((page) => page.notice === null && page.state === 'queued');
    return Math.max(0, mostQueued - queued.length);
  }

  /** Whether it follows another one: then nobody is paged for it. */
  get silent(): boolean {
    if (this.before.escalation?.id !== this.escalation.id) return this.escalation.outage?.follows ?? false;
    const role = roleOf(this.before);
    return role === 'joining'
      ? this.escalation.outage?.follows !== false
      : role === 'follower' && this.escalation.outage?.follows === true;
  }

  /** Whom to call about it, and where. */
  get caller(): Caller {
    return { partnerName: this.ticket.partnerName, callback: numberOf(this.escalation.callback) };
  }

  set(change: Partial<Escalation>): void {
    this.escalation = { ...this.escalation, ...change };
  }

  /** Appends an event with the escalation as it is at this point of the decision. */
  event(type: EventType, actor: Actor, more: Record<string, unknown> = {}): void {
    this.events.push({ type, actor, data: { ...escalationData(this.ticket, this.escalation), ...more } });
  }

  timer(kind: TimerKind, dueAt: Instant | null, subject: string = this.escalation.id): void {
    const key = { home: { partner: this.ticket.partner, ticket: this.ticket.number }, subject, kind };
    const change = dueAt ? { set: { ...key, dueAt, generation: this.ticket.version + 1 } } : { clear: key };
    this.timers.set(`${kind} ${subject}`, change);
  }

  outage(change: OutageChange): void {
    this.outages.push(change);
  }

  /** Changes the group that was read with the case. */
  group(change: Partial<Group>): void {
    const read = this.before.outage?.group;
    if (!read) return;
    const { version: from } = read;
    this.groupNow = { ...(this.groupNow ?? read), ...change, version: from + 1 };
    const at = this.outages.findIndex((each) => 'group' in each);
    this.outages.splice(at < 0 ? this.outages.length : at, 1, { group: this.groupNow, from });
  }

  /** Another escalation learns at once what became of its outage: by a timer of its own. */
  prompt({ partner, ticket, escalation: subject }: Member): void {
    const key = { home: { partner, ticket }, subject, kind: 'outage' as const };
    this.timers.set(`outage ${subject}`, {
      set: { ...key, dueAt: this.now, generation: millisOf(this.now) },
    });
  }

  /** Asks somebody to take it. */
  page(to: Person & { phone: string; timezone: string }, level: number): Page {
    const { promise, promiseKept } = this.escalation;
    const isDue = promise.dueAt <= this.now;
    const page = this.add(to, level, {
      notice: null,
      phone: to.phone,
      zone: to.timezone,
      text: null,
      words: { ...this.words(isDue ? null : promise.dueAt), overdue: isDue && !promiseKept },
    });
    this.timer('send_by', addSeconds(this.now, sendBySeconds), page.id);
    return page;
  }

  /** Tells somebody something; what has no room in this transaction follows in the next. */
  tell(notice: NoticeKind, to: Person & { phone: string }, text: string): void {
    if (this.notices < mostNotices) {
      this.notices += 1;
      this.add(to, this.escalation.level, { notice, phone: to.phone, text, words: null });
      return;
    }
    this.set({ untold: [...this.escalation.untold, { notice, to, text }] });
    this.timer('tell', this.now);
  }

  /** Asks the holder for a word. It carries a code, so that the holder can answer it. */
  ask(to: Person & { phone: string; timezone: string }, by: Instant): Page {
    const { phone, timezone: zone } = to;
    const kind = { notice: 'contact', phone, zone, text: null, words: this.words(by) } as const;
    return this.add(to, this.escalation.level, kind);
  }

  /** Whether this decision pages somebody. */
  pagedNow(id: string): boolean {
    return [...this.changed.values()].some(
      (change) => 'add' in change && change.add.notice === null && change.add.to.id === id,
    );
  }

  /** Alerts the provider's desk over its topic. */
  alert(to: Person, text: string): Page {
    return this.add(to, this.escalation.level, { notice: 'desk_alert', phone: null, text, words: null });
  }

  /** Replaces a page, on condition that it is still as this decision read it. */
  change(page: Page, change: Partial<Page>): Page {
    const next = { ...page, ...change, at: this.now };
    const pending = this.changed.get(page.id);
    if (pending && 'add' in pending) this.changed.set(page.id, { add: next });
    else {
      const { state, attempt, claim } = pending ? pending.from : page;
      this.changed.set(page.id, { change: next, from: { state, attempt, claim } });
    }
    this.pages = this.pages.map((each) => (each.id === page.id ? next : each));
    return next;
  }

  /** The decision as data. `night` counts a ladder started at night against the partner's cap. */
  done(night: Decided['night'] = null): Decided {
    this.tellRequester();
    this.set({ holds: holdsAfter(this.found, this.escalation, this.events, this.now) });
    const count = countAt(this.before, this.escalation, this.now);
    if (count) this.timer('outage', count);
    return {
      refused: false,
      ticket: { ...this.ticket, escalation: summaryOf(this.escalation), updatedAt: this.now },
      escalation: this.escalation,
      pages: [...this.changed.values()],
      events: this.events,
      timers: [...this.timers.values()],
      outage: [...this.outages, ...leaving(this.before, this.escalation)],
      night,
      unchanged: false,
    };
  }

  /** The steps of this decision as a text to the callback number, where that was asked for. */
  private tellRequester(): void {
    const { ticket, escalation, events } = this;
    const { name, dialable, textUpdates } = escalation.callback;
    if (!textUpdates || dialable === null) return;
    const own = this.before.escalation?.id === escalation.id;
    const before = { escalation: own ? this.before.escalation : null, pages: own ? this.before.pages : [] };
    const text = updateText({ ticket, escalation, events, before });
    const requester = { id: 'requester', name: name ?? ticket.requester.name, phone: dialable };
    if (text !== null) this.tell('update', requester, text);
  }

  private words(takeBy: Instant | null): PageWords {
    const { reason, timezone } = this.escalation;
    return {
      number: this.ticket.number,
      severity: this.ticket.severity.agreed ?? this.ticket.severity.requested,
      reason,
      ...this.caller,
      takeBy,
      timezone,
    };
  }

  private add(
    to: Person,
    level: number,
    kind: Pick<Page, 'notice' | 'phone' | 'zone' | 'text' | 'words'>,
  ): Page {
    this.set({ pages: this.escalation.pages + 1 });
    const page: Page = {
      id: `${this.escalation.id}_${this.escalation.pages}`,
      home: { partner: this.ticket.partner, ticket: this.ticket.number, escalation: this.escalation.id },
      to: { id: to.id, name: to.name },
      method: kind.phone === null ? 'topic' : 'sms',
      level,
      state: 'queued',
      attempt: 1,
      code: null,
      queuedAt: this.now,
      held: null,
      at: this.now,
      claim: null,
      failure: null,
      messageId: null,
      wentWith: null,
      ...kind,
    };
    this.changed.set(page.id, { add: page });
    this.pages = [...this.pages, page];
    return page;
  }
}

/** What a page says, once its code is known; with the link to take it by, if there is one. */
export function wordsOf(page: Page, link: string | null = null): string {
  if (page.text !== null) return page.text;
  if (!page.words || page.code === null) return '';
  return page.notice === 'contact' ? askText(page.words, page.code) : pageText(page.words, page.code, link);
}
