import type { Case, Decided, NightCount, PageChange } from '../../domain/decision.ts';
import type { Page } from '../../domain/escalation/escalation.ts';
import type { TicketEvent } from '../../domain/event.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { Instant } from '../../domain/time.ts';
import type { Random } from '../../runtime/random.ts';
import { chain, genesis } from '../chain.ts';
import { absent, absentOrBelow, equals } from '../conditions.ts';
import { idempotencyPiece } from '../idempotency.ts';
import * as keys from '../keys.ts';
import type { Months } from '../months.ts';
import { outagePieces } from '../outages.ts';
import { pagePiece } from '../page-piece.ts';
import { escalationRow, eventRow, expiresIn, numberRow, ticketRow, timerPieces } from '../rows.ts';
import type { Table } from '../table.ts';
import type { Cases, CommitExtras } from '../types/cases.ts';
import type { Piece } from '../write.ts';

/** Decision and state before it become one transaction; see `Cases.commit`. */
export function caseCommit(table: Table, months: Months, random: Random): Cases['commit'] {
  return async (before, what, at, extras = {}) => {
    const { committed, pieces } = transactionOf(before, what, at, extras, random);
    if (before === null) await months.note(committed.ticket.createdAt);
    if (what.escalation) await months.note(what.escalation.startedAt);
    if (what.events.length > 0) await months.note(at);
    if (pieces.length > 0) await table.transact(pieces);
    return committed;
  };
}

function transactionOf(
  before: Case | null,
  what: Decided,
  at: Instant,
  { idempotency, key }: CommitExtras,
  random: Random,
): { committed: Case; pieces: Piece[] } {
  const record = (committed: Case): Piece[] =>
    idempotency
      ? [idempotencyPiece({ ...idempotency, answer: idempotency.answer(committed, what) }, at)]
      : [];
  if (what.unchanged) {
    const committed = before ?? { ticket: what.ticket, escalation: null, pages: [] };
    return { committed, pieces: record(committed) };
  }

  const last = before ? before.ticket : { seq: 0, head: genesis };
  const { events, head } = chain(what.events, what.ticket, last, at, random);
  const ticket: Ticket = { ...what.ticket, ...head, version: (before?.ticket.version ?? 0) + 1 };
  const known = new Set(before?.pages.map((page) => page.id));
  const pages = what.pages.filter((change) => !('add' in change && known.has(change.add.id)));
  const committed: Case = {
    ticket,
    escalation: what.escalation ?? before?.escalation ?? null,
    pages: pagesAfter(before, what, pages),
    ...(before?.outage && { outage: before.outage }),
  };
  const pieces: Piece[] = [
    ...ticketPieces(before?.ticket ?? null, ticket, at),
    ...(what.escalation ? [{ what: 'escalation', put: escalationRow(what.escalation) }] : []),
    ...pages.map((change) =>
      'add' in change ? pagePiece(change.add, null) : pagePiece(change.change, change.from),
    ),
    ...events.map((event) => ({ what: 'event', put: eventRow(byKey(event, key)), if: [absent('new')] })),
    ...timerPieces(what.timers),
    ...outagePieces(what.outage, at),
    ...(what.night ? [nightPiece(what.night, at)] : []),
    ...record(committed),
  ];
  return { committed, pieces };
}

/** What the desk does of itself is nobody's echo. */
function byKey(event: TicketEvent, key: string | undefined): TicketEvent {
  return key === undefined || event.actor.kind === 'system' ? event : { ...event, key };
}

/** The ticket on its version; a new one with its number's pointer, which nobody may have yet. */
function ticketPieces(before: Ticket | null, ticket: Ticket, at: Instant): Piece[] {
  const put = ticketRow(ticket, at);
  const pointer = { what: 'number', put: numberRow(ticket) };
  if (before === null)
    return [
      { what: 'ticket', put, if: [absent('new')] },
      { ...pointer, if: [absent('unique')] },
    ];
  const lock: Piece = { what: 'ticket', put, if: [equals('version', ['version'], before.version)] };
  return before.externalRef?.id === ticket.externalRef?.id ? [lock] : [lock, pointer];
}

/** One more in the night, where there is still room if there is a cap: presses side by side need not wait for each other. */
function nightPiece({ partner, night, cap }: NightCount, at: Instant): Piece {
  return {
    what: 'night',
    key: keys.nightKey(partner, night),
    set: expiresIn(30, at),
    add: { count: 1 },
    if: cap === null ? [] : [absentOrBelow('cap', 'count', cap)],
  };
}

/** The pages of the escalation that the case has after the commit. */
function pagesAfter(before: Case | null, what: Decided, changes: readonly PageChange[]): Page[] {
  const id = (what.escalation ?? before?.escalation)?.id;
  const pages = new Map<string, Page>();
  for (const page of before?.pages ?? []) pages.set(page.id, page);
  for (const change of changes) {
    const page = 'add' in change ? change.add : change.change;
    pages.set(page.id, page);
  }
  return [...pages.values()].filter((page) => page.home?.escalation === id);
}
