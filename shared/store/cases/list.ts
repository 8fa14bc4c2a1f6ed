import type { Ticket } from '../../domain/ticket/ticket.ts';
import { type Instant, later } from '../../domain/time.ts';
import { BadCursor, type Cursors, cursorsFor } from '../cursor.ts';
import type { Item } from '../item.ts';
import * as keys from '../keys.ts';
import type { Months } from '../months.ts';
import { type OnBadRow, parseListed, parseRows } from '../parse.ts';
import { fitting } from '../room.ts';
import { escalationSchema } from '../schemas/escalation.ts';
import { eventSchema } from '../schemas/event.ts';
import { pointerSchema } from '../schemas/small.ts';
import { ticketSchema } from '../schemas/ticket.ts';
import type { Table } from '../table.ts';
import type { Cases, TicketFilter } from '../types/cases.ts';
import type { Listing } from '../types/listing.ts';
import { walk } from '../walk.ts';

export function caseLists(
  table: Table,
  months: Months,
  onBadRow: OnBadRow,
): Pick<Cases, 'events' | 'list' | 'escalations' | 'started'> {
  return { events, list, escalations, started };

  async function events(
    ...[address, { limit, cursor, reader }]: Parameters<Cases['events']>
  ): ReturnType<Cases['events']> {
    const pk = keys.ticketPk(address);
    const cursors = cursorsFor('events', pk, reader);
    const after = cursors.decode(cursor) ?? '0';
    if (!/^\d{1,8}$/.test(after)) throw new BadCursor();
    const range = { between: [keys.sortKeys.chain(Number(after) + 1), keys.sortKeys.chainEnd] } as const;
    const rows: Item[] = [];
    for await (const page of table.pages({ from: 'table', pk, range, limit: limit + 1 })) {
      rows.push(...page);
      if (fitting(rows, limit).length < rows.length) break;
    }
    const shown = fitting(rows, limit);
    const next = rows.length > shown.length ? String(shown.at(-1)?.seq) : null;
    return listing(parseRows(eventSchema(), shown, onBadRow), next, cursors);
  }

  /** Through the foreign id when one is asked for; else the partner's list, or the desk's month by month. */
  async function list(filter: TicketFilter): Promise<Listing<Ticket>> {
    const { partner, status, severity, service, externalRef, q, cursor, limit } = filter;
    const cursors = cursorsFor('tickets', partner, status, severity, service, externalRef, q);
    const after = cursors.decode(cursor);
    const from = partner === null ? 'desk' : 'lists';
    if (externalRef !== undefined) {
      const read = (row: Item) => parseListed(pointerSchema(), row, onBadRow);
      const partitions = [
        partner === null ? keys.desk.reference(externalRef) : keys.lists.reference(partner, externalRef),
      ];
      const { data, next } = await walk(table, { from, partitions, after, limit, read, narrowed: false });
      const rows = await table.batchGet(data.map(keys.ticketKey));
      const tickets = parseRows(ticketSchema(), rows, onBadRow);
      const shown = fitting(tickets, limit);
      const last = shown.length < tickets.length ? shown.at(-1) : undefined;
      const place = last ? keys.inLists('', last.createdAt, last.number).listSk : next;
      return listing(shown.filter(matching(filter)), place, cursors);
    }
    const matches = matching(filter);
    const { data, next } = await walk(table, {
      from,
      partitions:
        partner === null
          ? (await months.downFrom(after)).map(keys.desk.tickets)
          : [keys.lists.tickets(partner)],
      after,
      limit,
      read(row) {
        const ticket = parseListed(ticketSchema(), row, onBadRow);
        return ticket && matches(ticket) ? ticket : null;
      },
      narrowed: [status, severity, service, q].some((word) => word !== undefined),
    });
    return listing(data, next, cursors);
  }

  async function escalations(
    ...[{ state, cursor, limit }]: Parameters<Cases['escalations']>
  ): ReturnType<Cases['escalations']> {
    const cursors = cursorsFor('escalations', state);
    const after = cursors.decode(cursor);
    const { data, next } = await walk(table, {
      from: 'desk',
      partitions: (await months.downFrom(after)).map(keys.desk.escalations),
      after,
      limit,
      read(row) {
        const escalation = parseListed(escalationSchema(), row, onBadRow);
        return state === undefined || escalation?.state === state ? escalation : null;
      },
      narrowed: state !== undefined,
    });
    return listing(data, next, cursors);
  }

  async function started(
    ...[{ partner, from, to, limit, cursor }]: Parameters<Cases['started']>
  ): ReturnType<Cases['started']> {
    const cursors = cursorsFor('started', partner, from, to);
    const after = cursors.decode(cursor);
    const index = partner === null ? 'desk' : 'lists';
    const partitions =
      partner === null ? monthsOf(from, to).map(keys.desk.escalations) : [keys.lists.escalations(partner)];
    // `~` is behind every id, so what was seen is left out; a row at `to` itself sorts behind `to`.
    const start = after === null ? from : later(from, `${after}~`);
    const rows: Item[] = [];
    for (const pk of partitions) {
      if (start > to || rows.length > limit) break;
      const range = { between: [start, to] } as const;
      for await (const page of table.pages({ from: index, pk, range, limit: limit + 1 - rows.length })) {
        rows.push(...page);
        if (rows.length > limit) break;
      }
    }
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const place = String(index === 'desk' ? last?.deskSk : last?.listSk);
    return listing(
      parseRows(escalationSchema(), shown, onBadRow),
      rows.length > limit ? place : null,
      cursors,
    );
  }
}

/** Each month that the time from `from` to `to` touches, oldest first. */
function monthsOf(from: Instant, to: Instant): string[] {
  const months: string[] = [];
  let [year = 0, month = 1] = keys.monthOf(from).split('-').map(Number);
  for (let name = keys.monthOf(from); name <= keys.monthOf(to); ) {
    months.push(name);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
    name = `${year}-${String(month).padStart(2, '0')}`;
  }
  return months;
}

function listing<T>(data: T[], next: string | null, cursors: Cursors): Listing<T> {
  return { data, nextCursor: next === null ? null : cursors.encode(next) };
}

/** Whether a ticket is one that the filter asks for. Its severity is the agreed one, if any. */
function matching({ status, severity, service, q }: TicketFilter): (ticket: Ticket) => boolean {
  const words = q?.toLowerCase().split(/\s+/) ?? [];
  return (ticket) => {
    const text = `${ticket.number}\n${ticket.subject}\n${ticket.description}`.toLowerCase();
    return (
      (status === undefined || ticket.status === status) &&
      (severity === undefined || (ticket.severity.agreed ?? ticket.severity.requested) === severity) &&
      (service === undefined || ticket.service === service) &&
      words.every((word) => text.includes(word))
    );
  };
}
