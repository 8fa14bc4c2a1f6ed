import type { Case, Decided, Decision } from '../../../shared/domain/decision.ts';
import type { Roster, Staff } from '../../../shared/domain/directory.ts';
import type { Page } from '../../../shared/domain/escalation/escalation.ts';
import {
  acknowledge,
  actorOf,
  type ByStaff,
  claimPage,
  contactDue,
  deskDue,
  levelDue,
  nightOf,
  notContacted,
  type Press,
  pageFailed,
  pageSent,
  press,
  promiseDue,
  sendByDue,
  shiftDue,
  tellDue,
} from '../../../shared/domain/escalation/index.ts';
import type { NewEvent } from '../../../shared/domain/event.ts';
import type { Schedule } from '../../../shared/domain/schedule/types.ts';
import { comment } from '../../../shared/domain/ticket/comment.ts';
import { slaDue } from '../../../shared/domain/ticket/due.ts';
import { openTicket } from '../../../shared/domain/ticket/open.ts';
import type { Terms } from '../../../shared/domain/ticket/sla.ts';
import { addSeconds, type Instant } from '../../../shared/domain/time.ts';
import type { Timer } from '../../../shared/domain/timer.ts';
import { defaultCalendar, defaultPlan, defaultPolicy } from '../defaults.ts';

/** Monday 2026-11-23, 22:10 in New York: the desk is closed. */
export const mondayNight: Instant = '2026-11-24T03:10:00.000Z';
/** Monday 2026-11-23, 10:00 in New York: the desk is open. */
export const mondayMorning: Instant = '2026-11-23T15:00:00.000Z';

const person = (id: string, role: Staff['role'], phone: string | null): Staff => ({
  id,
  name: `${id[0]?.toUpperCase()}${id.slice(1)}`,
  role,
  phone,
  phoneVerifiedAt: phone && '2026-01-01T00:00:00.000Z',
  email: `${id}@desk.example`,
  timezone: 'America/New_York',
  suspended: false,
  createdAt: '2026-01-01T00:00:00.000Z',
});

const weekly = (id: string, members: string[]): Schedule => ({
  id,
  name: id,
  timezone: 'America/New_York',
  rotations: [{ name: 'weekly', start: '2026-01-05T09:00', every: { weeks: 1 }, members }],
  overrides: [],
});

export function roster(change: Partial<Roster> = {}): Roster {
  return {
    provider: {
      name: 'Mailguard',
      phone: '+12025550100',
      phones: [],
      timezone: 'America/New_York',
      calendar: 'default',
      policy: 'default',
      nightlyCap: 10,
      drills: false,
      pagesPerMinute: null,
    },
    calendar: defaultCalendar,
    policy: defaultPolicy,
    schedules: [weekly('primary', ['dana']), weekly('secondary', ['eli'])],
    staff: [
      person('dana', 'engineer', '+12025550111'),
      person('eli', 'engineer', '+12025550112'),
      person('mo', 'manager', '+12025550113'),
      person('ada', 'admin', null),
    ],
    ...change,
  };
}

export const partnerActor = { kind: 'partner' as const, id: 'acme', name: 'Acme MSP' };
export const bySms = (id: string): ByStaff => ({
  person: { id, name: `${id[0]?.toUpperCase()}${id.slice(1)}` },
  role: 'engineer',
  via: 'sms',
});

export const press1: Press = {
  reason: 'mail_not_delivered',
  detail: null,
  callback: { name: 'Pat', phone: '+12025550147', dialable: '+12025550147', textUpdates: false },
  by: partnerActor,
};

/**
 * One ticket, its timers and its pages in memory, committed under the rules of the store: a page changes only
 * from the state that the decision read, a timer fires only with its generation. The clock is moved by hand.
 */
export class World {
  now: Instant;
  roster: Roster;
  state: Case;
  readonly events: (NewEvent & { at: Instant })[] = [];
  readonly timers = new Map<string, Timer>();
  night = 0;

  constructor(now: Instant, facts: Roster = roster()) {
    this.now = now;
    this.roster = facts;
    const opened = openTicket(
      {
        number: 'ND-6PC7-PS91',
        subject: 'No mail arrives',
        description: 'Since nine.',
        requester: { name: 'Pat', email: 'pat@acme.example', phone: null, timezone: null },
        form: 'general',
        service: null,
        client: null,
        severity: 'outage',
        answers: {},
        externalRef: null,
        channel: 'api',
        by: partnerActor,
      },
      {
        partner: { id: 'acme', name: 'Acme MSP', plan: 'default', createdAt: now },
        plan: defaultPlan,
        planCalendar: facts.calendar,
        now,
      },
    );
    this.state = { ticket: opened.ticket, escalation: null, pages: [] };
    this.commit(opened);
  }

  /** Commits; false when a page moved meanwhile, as the store's conditions would find. */
  commit(decision: Decided): boolean {
    if (decision.unchanged) return true;
    const { escalation } = this.state;
    const another = decision.escalation && escalation && decision.escalation.id !== escalation.id;
    const pages = another ? [] : [...this.state.pages];
    for (const change of decision.pages) {
      if ('add' in change) pages.push(change.add);
      else {
        const at = pages.findLastIndex((page) => page.id === change.change.id);
        const old = pages[at];
        if (
          old?.state !== change.from.state ||
          old.attempt !== change.from.attempt ||
          old.claim?.id !== change.from.claim?.id
        ) {
          return false;
        }
        pages[at] = change.change;
      }
    }
    for (const change of decision.timers) {
      const key = 'set' in change ? change.set : change.clear;
      if ('set' in change) this.timers.set(`${key.kind} ${key.subject}`, change.set);
      else this.timers.delete(`${key.kind} ${key.subject}`);
    }
    this.events.push(...decision.events.map((event) => ({ ...event, at: this.now })));
    this.state = {
      ticket: { ...decision.ticket, version: this.state.ticket.version + 1 },
      escalation: decision.escalation ?? this.state.escalation,
      pages,
    };
    if (decision.night) this.night += 1;
    return true;
  }

  do(decide: (state: Case) => Decision): Decision {
    const decision = decide(this.state);
    if (!decision.refused) this.commit(decision);
    return decision;
  }

  press(change: Partial<Press> = {}): Decision {
    return this.do((state) =>
      press(
        state,
        { ...press1, ...change },
        { roster: this.roster, nightCount: this.night, terms: this.terms, now: this.now },
      ),
    );
  }

  /** What the partner was promised. */
  get terms(): Terms {
    return { plan: defaultPlan, calendar: this.roster.calendar };
  }

  acknowledge(id: string): Decision {
    return this.take(bySms(id));
  }

  take(by: ByStaff): Decision {
    return this.do((state) => acknowledge(state, by, { roster: this.roster, now: this.now }));
  }

  /** Words of somebody of the staff, or of the partner. */
  comment(by: string, internal = false): Decision {
    const actor = by === 'acme' ? partnerActor : actorOf(bySms(by).person);
    return this.do((state) => comment(state, { body: 'On it.', internal, by: actor }, this.now, this.terms));
  }

  /** The partner says that nobody has called. */
  notContacted(): Decision {
    return this.do((state) => notContacted(state, partnerActor, { roster: this.roster, now: this.now }));
  }

  /** Sends every queued message, except to those whom `fails` names. */
  send(fails: (page: Page) => string | null = () => null): Page[] {
    const sent: Page[] = [];
    for (const page of this.state.pages.filter((each) => each.state === 'queued')) {
      const claim = claimPage(page, { now: this.now, claimId: `claim-${page.id}` });
      if (claim.kind === 'skip') continue;
      this.replace(claim.page);
      const failure = fails(page);
      if (failure) this.fail(page.id, failure);
      else {
        const done = pageSent(claim.page, { now: this.now, messageId: `sns-${page.id}` });
        this.replace(done.page);
        for (const timer of done.timers)
          if ('clear' in timer) this.timers.delete(`${timer.clear.kind} ${timer.clear.subject}`);
        sent.push(done.page);
      }
    }
    return sent;
  }

  replace(page: Page): void {
    this.state = {
      ...this.state,
      pages: this.state.pages.map((each) => (each.id === page.id ? page : each)),
    };
  }

  fail(pageId: string, failure: string): Decision {
    return this.do((state) => pageFailed(state, { pageId, failure, roster: this.roster, now: this.now }));
  }

  /** Fires one timer as the timer function would: an old generation does nothing. */
  fire(timer: Timer): void {
    const row = this.timers.get(`${timer.kind} ${timer.subject}`);
    if (row?.generation !== timer.generation) return;
    const due = { id: timer.subject, roster: this.roster, now: this.now };
    const decision = this.do((state) => {
      switch (timer.kind) {
        case 'level':
          return levelDue(state, due);
        case 'promise':
          return promiseDue(state, due);
        case 'desk':
          return deskDue(state, due);
        case 'contact':
          return contactDue(state, due);
        case 'shift':
          return shiftDue(state, due);
        case 'tell':
          return tellDue(state, due);
        case 'send_by':
          return sendByDue(state, { ...due, pageId: timer.subject });
        default:
          return slaDue(state, due);
      }
    });
    const left = this.timers.get(`${timer.kind} ${timer.subject}`);
    if (!decision.refused && left?.generation === timer.generation)
      this.timers.delete(`${timer.kind} ${timer.subject}`);
  }

  /** Moves the clock, firing each timer at its own instant; messages are sent as they come unless `silent`. */
  moveTo(until: Instant, send: () => void = () => this.send()): void {
    for (;;) {
      send();
      let next: Timer | undefined;
      for (const timer of this.timers.values()) if (!next || timer.dueAt < next.dueAt) next = timer;
      if (!next || next.dueAt > until) break;
      if (next.dueAt > this.now) this.now = next.dueAt;
      this.fire(next);
    }
    this.now = until;
  }

  after(minutes: number, send?: () => void): void {
    this.moveTo(addSeconds(this.now, minutes * 60), send);
  }

  /** `dana@22:10` for each page that was made (not notices), in order, in New York's time. */
  paged(): string[] {
    return this.state.pages
      .filter((page) => page.notice === null)
      .map(
        (page) =>
          `${page.to.id}@${minutesSince(this.state.escalation?.startedAt ?? this.now, page.queuedAt)}`,
      );
  }

  notices(kind: Page['notice']): string[] {
    return this.state.pages.filter((page) => page.notice === kind).map((page) => page.to.id);
  }

  types(): string[] {
    return this.events.map((event) => event.type);
  }

  nightRunning(): Instant | null {
    return nightOf(this.roster, this.now);
  }
}

export function minutesSince(start: Instant, at: Instant): number {
  return (Date.parse(at) - Date.parse(start)) / 60_000;
}
