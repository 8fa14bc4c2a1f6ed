import type { Instant } from '../domain/time.ts';
import { monthKey, monthOf } from './keys.ts';
import type { Table } from './table.ts';

/**
 * The months in which something was opened: one small row each, so that the desk's lists know their
 * partitions without guessing. A process writes a month's row once, before the first commit in it.
 */
export class Months {
  private readonly table: Table;
  private readonly noted = new Set<string>();

  constructor(table: Table) {
    this.table = table;
  }

  async note(at: Instant): Promise<void> {
    const month = monthOf(at);
    if (this.noted.has(month)) return;
    await this.table.put({ ...monthKey(month), month });
    this.noted.add(month);
  }

  /** Newest first, from the month of a list's position on. */
  async downFrom(position: string | null): Promise<string[]> {
    const rows = await this.table.all({ from: 'table', pk: monthKey('').pk, descending: true });
    const months = rows.map((row) => String(row.sk));
    return position === null ? months : months.filter((month) => month <= monthOf(position));
  }
}
