import { type Case, type Decided, type Decision, nothingToDo } from '../../../shared/domain/decision.ts';
import type { Roster } from '../../../shared/domain/directory.ts';
import type { Escalation } from '../../../shared/domain/escalation/escalation.ts';
import {
  acknowledge,
  actorOf,
  cancel,
  claimPage,
  contactDue,
  deskDue,
  groupAtPress,
  levelDue,
  nightOf,
  notContacted,
  type Press,
  pageFailed,
  pageSent,
  pass,
  press,
  promiseDue,
  resolveEscalation,
  sendByDue,
  tellDue,
} from '../../../shared/domain/escalation/index.ts';
import type { NewEvent } from '../../../shared/domain/event.ts';
import type { Incident } from '../../../shared/domain/incident/incident.ts';
import { linkTicket, unlinkTicket } from '../../../shared/domain/incident/tickets.ts';
import { follow, outageDue } from '../../../shared/domain/outage/follow.ts';
import { leadOf } from '../../../shared/domain/outage/lead.ts';
import {
  type Group,
  groupOf,
  incidentGroup,
  isLeading,
  keysOf,
  leadRefOf,
  ledBy,
  type Member,
  type OutageView,
} from '../../../shared/domain/outage/outage.ts';
import type { PressView } from '../../../shared/domain/outage/place.ts';
import { split } from '../../../shared/domain/outage/split.ts';
import { asShown, isOverForAll } from '../../../shared/domain/outage/step.ts';
import { wordElsewhere } from '../../../shared/domain/outage/word.ts';
import { changeTicket } from '../../../shared/domain/ticket/change.ts';
import { comment } from '../../../shared/domain/ticket/comment.ts';
import { slaDue } from '../../../shared/domain/ticket/due.ts';
import { ticketNumber } from '../../../shared/domain/ticket/number.ts';
import { openTicket } from '../../../shared/domain/ticket/open.ts';
import type { Ticket } from '../../../shared/domain/ticket/ticket.ts';
import { addSeconds, type Instant } from '../../../shared/domain/time.ts';
import type { Timer } from '../../../shared/domain/timer.ts';
import { defaultPlan } from '../defaults.ts';
import { bySms, press1, roster } from '../escalation/world.ts';

/**
 * Many partners with a ticket each, in memory, under the rules of the store and of the function that brings
 * followers in step. What that function has to do waits in `news` until `deliver`.
 */
export class Many {
  now: Instant;
  roster: Roster = roster();
  readonly cases: Case[] = [];
  readonly groups = new Map<string, Group>();
  readonly members = new Map<string, Map<string, Member>>();
  readonly timers = new Map<string, Timer>();
  readonly events: (NewEvent & { at: Instant; of: number })[] = [];
  /** Escalations whose events have not been brought to their followers yet. */
  news: string[] = [];
  nights = 0;
  /** To whom nothing arrives. */
  readonly failing = new Set<string>();
  /** Whether each escalation was held, as its partner saw it, when its promise fell due; null: it changed just then. */
  readonly heldWhenDue = new Map<string, boolean | null>();

  constructor(now: Instant) {
    this.now = now;
  }

  open(service: string | null = 'mail'): number {
    const n = this.cases.length;
    const id = `p${n}`;
    const opened = openTicket(
      {
        number: ticketNumber(Uint8Array.from([n % 32, n >> 5, 7, 7, 7, 7, 7])),
        subject: 'No mail arrives',
        description: 'Since nine.',
        requester: { name: 'Pat', email: 'pat@partner.example', phone: null, timezone: null },
        form: 'general',
        service,
        client: null,
        severity: 'outage',
        answers: {},
        externalRef: null,
        channel: 'api',
        by: { kind: 'partner', id, name: `Partner ${n}` },
      },
      {
        partner: { id, name: `Partner ${n}`, plan: 'default', createdAt: this.now },
        plan: defaultPlan,
        planCalendar: this.roster.calendar,
        now: this.now,
      },
    );
    this.cases.push({ ticket: opened.ticket, escalation: null, pages: [] });
    return n;
  }

  /** The case as a function reads it. */
  state(n: number): Case {
    const state = this.cases[n];
    if (!state) throw new Error(`no case ${n}`);
    const key = groupOf(state);
    const group = key === null ? undefined : this.groups.get(key);
    if (!group) return { ...state, outage: null };
    const leads = group.lead?.escalation === state.escalation?.id;
    const ref = leadRefOf(group, state.escalation?.outage ?? null);
    const view: OutageView = {
      group,
      lead: leads || !ref ? null : this.escalation(ref.escalation),
      followers: leads && group.id ? this.membersOf(group.id).length : null,
    };
    return { ...state, outage: view };
  }

  shown(n: number): Escalation {
    const shown = asShown(this.state(n), this.now);
    if (!shown) throw new Error(`case ${n} was not escalated`);
    return shown;
  }

  escalation(id: string): Escalation | null {
    return this.cases.map((each) => each.escalation).find((each) => each?.id === id) ?? null;
  }

  private whose(id: string): { ticket: Ticket; escalation: Escalation }[] {
    return this.cases.flatMap(({ ticket, escalation }) =>
      escalation?.id === id ? [{ ticket, escalation }] : [],
    );
  }

  membersOf(outage: string): Member[] {
    const members = [...(this.members.get(outage)?.values() ?? [])];
    return members.sort((a, b) => `${a.at}${a.escalation}`.localeCompare(`${b.at}${b.escalation}`));
  }

  do(n: number, decide: (state: Case) => Decision): Decision {
    const decision = decide(this.state(n));
    if (!decision.refused && !decision.unchanged) this.commit(n, decision);
    return decision;
  }

  /** Opens a ticket and presses Escalate on it. */
  escalate(change: Partial<Press> = {}, service: string | null = 'mail'): number {
    const n = this.open(service);
    this.press(n, change);
    return n;
  }

  press(n: number, change: Partial<Press> = {}): Decision {
    return this.do(n, this.pressing(change));
  }

  /** A press that has read what it falls into, and is committed when what this returns is called. */
  pressLater(n: number): () => void {
    const decision = this.pressing({})(this.state(n));
    return () => {
      if (!decision.refused) this.commit(n, decision);
    };
  }

  private pressing(change: Partial<Press>): (state: Case) => Decision {
    const command = { ...press1, ...change };
    return (state) => {
      const key = groupAtPress(state, command.reason);
      const outage = key === null ? null : this.atPress(key);
      const target = leadOf(state, state.escalation?.id ?? '');
      const lead = this.cases.find(({ escalation }) => escalation?.id === target?.escalation) ?? null;
      return press(state, command, { roster: this.roster, nightCount: 0, outage, lead, now: this.now });
    };
  }

  /** Staff link the ticket to an incident. */
  link(n: number, incident: Incident): Decision {
    const key = incidentGroup(incident.number);
    const by = actorOf(bySms('mo').person);
    return this.do(n, (state) =>
      linkTicket(state, incident, { roster: this.roster, view: this.atPress(key), by, now: this.now }),
    );
  }

  unlink(n: number, incident: Incident): Decision {
    const facts = { roster: this.roster, by: actorOf(bySms('mo').person), now: this.now };
    return this.do(n, (state) => unlinkTicket(state, incident, facts));
  }

  private atPress(key: string): PressView {
    const group = this.groups.get(key) ?? null;
    const recent = group && !group.lead ? group.recent : [];
    return {
      key,
      group,
      lead: group?.lead ? this.escalation(group.lead.escalation) : null,
      recent: recent.flatMap(({ escalation: id }) => this.whose(id)),
      newId: `out_${this.events.length}`,
    };
  }

  /** Staff put the ticket to another service. */
  move(n: number, service: string): Decision {
    const by = actorOf(bySms('mo').person);
    return this.do(n, (state) =>
      changeTicket(state, { service, by }, { roster: this.roster, now: this.now }),
    );
  }

  /** Its partner closes the ticket. */
  close(n: number): Decision {
    const change = { status: 'closed' as const, by: partnerOf(n) };
    return this.do(n, (state) => changeTicket(state, change, { roster: this.roster, now: this.now }));
  }

  /** What somebody does to this escalation, or to the one that acts for it. */
  private whole(n: number, decide: (state: Case, paged: boolean) => Decision): Decision {
    const own = this.state(n);
    const lead = leadOf(own, own.escalation?.id ?? '');
    const at = lead ? this.cases.findIndex((each) => each.escalation?.id === lead.escalation) : n;
    return this.do(at, (state) => decide(state, lead !== null));
  }

  take(n: number, who: string): Decision {
    const facts = { roster: this.roster, now: this.now };
    return this.whole(n, (state, paged) => acknowledge(state, { ...bySms(who), paged }, facts));
  }

  pass(n: number, who: string): Decision {
    const facts = { roster: this.roster, now: this.now };
    return this.whole(n, (state, paged) => pass(state, { ...bySms(who), paged }, facts));
  }

  resolve(n: number, who: string): Decision {
    const facts = { roster: this.roster, now: this.now };
    return this.whole(n, (state, paged) => resolveEscalation(state, { ...bySms(who), paged }, facts));
  }

  cancel(n: number): Decision {
    return this.do(n, (state) => cancel(state, partnerOf(n), { roster: this.roster, now: this.now }));
  }

  notContacted(n: number): Decision {
    return this.do(n, (state) => notContacted(state, partnerOf(n), { roster: this.roster, now: this.now }));
  }

  /** Somebody of the staff writes to the partner: on the ticket of one that follows, its lead hears of it too. */
  comment(n: number, who: string): void {
    const by = actorOf(bySms(who).person);
    this.do(n, (state) => comment(state, { body: 'On it.', internal: false, by }, this.now));
    const own = this.state(n);
    const lead = leadOf(own, own.escalation?.id ?? '');
    const at = lead ? this.cases.findIndex((each) => each.escalation?.id === lead.escalation) : -1;
    if (at >= 0) this.do(at, (state) => wordElsewhere(state, by, { saidAt: this.now, now: this.now }));
  }

  split(n: number): Decision {
    const by = partnerOf(n);
    return this.do(n, (state) => split(state, by, { roster: this.roster, nightCount: 0, now: this.now }));
  }

  /** What the function `follow` does with the events of leads. */
  deliver(): void {
    const news = this.news;
    this.news = [];
    for (const id of news) {
      const lead = this.escalation(id);
      for (const key of lead ? keysOf(lead) : []) if (lead) this.spread(key, lead);
    }
  }

  private spread(key: string, lead: Escalation): void {
    const group = this.groups.get(key);
    const outage = group && ledBy(lead, group);
    if (!outage) return;
    if (!isLeading(lead) && !isOverForAll(lead)) {
      for (const member of this.membersOf(outage)) {
        this.step(member, true);
        if (this.groups.get(key)?.lead?.escalation !== group.lead?.escalation) break;
      }
    }
    for (const member of this.membersOf(outage)) this.step(member, false);
  }

  private step(member: Member, mayLead: boolean): void {
    const n = this.cases.findIndex((each) => each.escalation?.id === member.escalation);
    const due = { id: member.escalation, roster: this.roster, now: this.now };
    if (n >= 0) this.do(n, (state) => follow(state, due, mayLead) ?? nothingToDo(state));
  }

  send(): void {
    this.cases.forEach((state, n) => {
      for (const page of state.pages.filter((each) => each.state === 'queued')) {
        const claim = claimPage(page, { now: this.now, claimId: 'c' });
        if (claim.kind === 'skip') continue;
        if (this.failing.has(page.to.id)) {
          const failed = { pageId: page.id, failure: 'bad number', roster: this.roster, now: this.now };
          this.do(n, (current) => pageFailed(current, failed));
          continue;
        }
        const { page: sent, timers } = pageSent(claim.page, { now: this.now, messageId: `m${page.id}` });
        const now = this.cases[n];
        if (!now) continue;
        this.cases[n] = { ...now, pages: now.pages.map((each) => (each.id === page.id ? sent : each)) };
        for (const timer of timers)
          if ('clear' in timer) this.timers.delete(`${timer.clear.kind} ${timer.clear.subject}`);
      }
    });
  }

  after(seconds: number): void {
    const until = addSeconds(this.now, seconds);
    for (;;) {
      this.send();
      const next = [...this.timers.values()].sort((a, b) => a.dueAt.localeCompare(b.dueAt))[0];
      if (!next || next.dueAt > until) break;
      if (next.dueAt > this.now) this.moved(next.dueAt);
      this.fire(next);
    }
    this.moved(until);
  }

  /** Pages made so far, to whom, by case. */
  paged(n: number): string[] {
    return (this.cases[n]?.pages ?? []).filter((page) => page.notice === null).map((page) => page.to.id);
  }

  types(n: number): string[] {
    return this.events.filter((event) => event.of === n).map((event) => event.type);
  }

  get night(): Instant | null {
    return nightOf(this.roster, this.now);
  }

  private moved(to: Instant): void {
    this.cases.forEach(({ escalation }, n) => {
      if (!escalation || escalation.promise.dueAt > to) return;
      const { id, promise } = escalation;
      const held = !['paging', 'exhausted'].includes(this.shown(n).state);
      if (!this.heldWhenDue.has(id)) this.heldWhenDue.set(id, held);
      else if (promise.dueAt === this.now && this.heldWhenDue.get(id) !== held)
        this.heldWhenDue.set(id, null);
    });
    this.now = to;
  }

  private fire(timer: Timer): void {
    const name = `${timer.kind} ${timer.subject}`;
    const n = this.cases.findIndex(
      ({ ticket }) => 'ticket' in timer.home && ticket.number === timer.home.ticket,
    );
    const due = { id: timer.subject, roster: this.roster, now: this.now };
    const decide: Partial<Record<Timer['kind'], (state: Case) => Decision>> = {
      level: (state) => levelDue(state, due),
      promise: (state) => promiseDue(state, due),
      desk: (state) => deskDue(state, due),
      tell: (state) => tellDue(state, due),
      outage: (state) => outageDue(state, due),
      send_by: (state) => sendByDue(state, { ...due, pageId: timer.subject }),
      contact: (state) => contactDue(state, due),
      sla: (state) => slaDue(state, due),
    };
    const decided = decide[timer.kind];
    if (decided) this.do(n, decided);
    const left = this.timers.get(name);
    if (left?.generation === timer.generation && left.dueAt === timer.dueAt) this.timers.delete(name);
  }

  private commit(n: number, decision: Decided): void {
    const before = this.cases[n];
    if (!before) return;
    const fresh = decision.escalation && decision.escalation.id !== before.escalation?.id;
    const pages = new Map(fresh ? [] : before.pages.map((page) => [page.id, page]));
    for (const change of decision.pages) {
      const page = 'add' in change ? change.add : change.change;
      pages.set(page.id, page);
    }
    for (const change of decision.timers) {
      const key = 'set' in change ? change.set : change.clear;
      if ('set' in change) this.timers.set(`${key.kind} ${key.subject}`, change.set);
      else this.timers.delete(`${key.kind} ${key.subject}`);
    }
    for (const change of decision.outage) {
      if ('group' in change) {
        const { group, from } = change;
        if ((this.groups.get(group.key)?.version ?? null) !== from) throw new Error('the group moved');
        this.groups.set(group.key, group);
        continue;
      }
      if ('incident' in change) continue;
      const rows = this.members.get(change.outage) ?? new Map<string, Member>();
      this.members.set(change.outage, rows);
      if ('join' in change) rows.set(change.join.escalation, change.join);
      else rows.delete(change.leave.escalation);
    }
    this.events.push(...decision.events.map((event) => ({ ...event, at: this.now, of: n })));
    const escalation = decision.escalation ?? before.escalation;
    const tells =
      /acknowledged|passed|not_contacted|contact_lost|promoted|split|exhausted|resolved|cancelled/;
    const isTold = ({ type, data }: NewEvent) =>
      tells.test(type) || (type === 'escalation.page_failed' && data.page === null);
    if (escalation && decision.events.some(isTold)) this.news.push(escalation.id);
    this.cases[n] = {
      ticket: { ...decision.ticket, version: before.ticket.version + 1 },
      escalation,
      pages: [...pages.values()],
    };
    if (decision.night) this.nights += 1;
  }
}

const partnerOf = (n: number) => ({ kind: 'partner' as const, id: `p${n}`, name: `Partner ${n}` });
