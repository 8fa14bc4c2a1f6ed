import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Ticket } from '../../shared/domain/ticket/ticket.ts';
import { monthKey, monthOf } from '../../shared/store/keys.ts';
import { numberRow, ticketRow } from '../../shared/store/rows.ts';
import { aTicket } from './samples.ts';
import type { World } from './world.ts';

/** Fills the table with tickets as the store writes them, without their logs, and many at a time. */
export async function seed(w: World, count: number, each: (n: number) => Partial<Ticket> = () => ({})) {
  const months = new Set<string>();
  for (let made = 0; made < count; made += 120) {
    const tickets = Array.from({ length: Math.min(120, count - made) }, (_, n) => aTicket(each(made + n)));
    for (const { createdAt } of tickets) months.add(monthOf(createdAt));
    const rows = tickets.flatMap((ticket) => [ticketRow(ticket), numberRow(ticket)]);
    await Promise.all(Array.from({ length: 10 }, (_, part) => write(rows.slice(part * 24, part * 24 + 24))));
  }
  await write([...months].map((month) => ({ ...monthKey(month), month })));

  async function write(rows: object[]): Promise<void> {
    if (rows.length === 0) return;
    const puts = rows.map((Item) => ({ PutRequest: { Item: { ...Item } } }));
    await w.documents.send(new BatchWriteCommand({ RequestItems: { [w.table]: puts } }));
  }
}
