import type { Case } from '../../domain/decision.ts';
import type { Escalation, Page } from '../../domain/escalation/escalation.ts';
import * as keys from '../keys.ts';
import { parseIfAny, parseRow } from '../parse.ts';
import { escalationSchema, pageSchema } from '../schemas/escalation.ts';
import { nightSchema, pointerSchema } from '../schemas/small.ts';
import { ticketSchema } from '../schemas/ticket.ts';
import type { Table } from '../table.ts';
import type { Cases, TicketAddress } from '../types/cases.ts';

/** Enough for a ticket with one long night in one request; older escalations are cut off by it. */
const rowsARequest = 200;

export function caseReads(
  table: Table,
): Pick<Cases, 'find' | 'ticket' | 'read' | 'escalation' | 'nightCount'> {
  return {
    find: async (number) => parseIfAny(pointerSchema(), await table.get(keys.numberKey(number))),
    ticket: async (address) => parseIfAny(ticketSchema(), await table.get(keys.ticketKey(address))),
    read: (address) => readCase(table, address),

    async escalation(address, id) {
      const ordinal = keys.ordinalIn(address.number, id);
      if (ordinal === null) return null;
      const { pk, sk } = keys.escalationKey(address, ordinal);
      const [header, ...pages] = await table.all({ from: 'table', pk, range: { between: [sk, `${sk}#~`] } });
      if (header === undefined || header.sk !== sk) return null;
      return {
        escalation: parseRow(escalationSchema(), header),
        pages: pages.map((row) => parseRow(pageSchema(), row)),
      };
    },

    nightCount: async (partner, night) =>
      parseIfAny(nightSchema(), await table.get(keys.nightKey(partner, night)))?.count ?? 0,
  };
}

/**
 * Backwards from the ticket: its row, the pages of the latest escalation, that escalation, and stop. The rows
 * of one request may be from before and after a transaction; a commit on them then fails on the version.
 */
async function readCase(table: Table, address: TicketAddress): Promise<Case | null> {
  let ticket: Case['ticket'] | null = null;
  let escalation: Escalation | null = null;
  const pages: Page[] = [];
  const requests = table.pages({
    from: 'table',
    pk: keys.ticketPk(address),
    range: { between: [keys.sortKeys.firstEscalation, keys.sortKeys.ticket] },
    descending: true,
    limit: rowsARequest,
  });
  reading: for await (const rows of requests) {
    for (const row of rows) {
      if (row.sk === keys.sortKeys.ticket) ticket = parseRow(ticketSchema(), row);
      else if (keys.isPageSk(String(row.sk))) pages.push(parseRow(pageSchema(), row));
      else {
        escalation = parseRow(escalationSchema(), row);
        break reading;
      }
    }
  }
  return ticket && { ticket, escalation, pages: pages.reverse() };
}
