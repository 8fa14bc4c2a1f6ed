import type { Item } from './item.ts';
import { Room } from './room.ts';
import type { Table } from './table.ts';

/** Rows looked at in one request when some may be left out, and requests made for one page of a list. */
const rowsARequest = 200;
const requestsAPage = 5;

export interface Walk<T> {
  from: 'lists' | 'desk';
  /** The partitions that hold the list, newest first. */
  partitions: readonly string[];
  /** Start after this sort key, for the newest rows are first; null: at the beginning. */
  after: string | null;
  limit: number;
  /** The entity in a row; null for a row that the list leaves out. */
  read(row: Item): T | null;
  /** Whether most rows may be left out, so that many are asked for at once. */
  narrowed: boolean;
}

/**
 * One page of a list, newest first. It looks at a bounded number of rows and holds a bounded number of
 * bytes, so it may be short of `limit` and still have a `next`: the sort key to go on after; null at the end.
 */
export async function walk<T extends object>(
  table: Table,
  list: Walk<T>,
): Promise<{ data: T[]; next: string | null }> {
  const { from, after, limit } = list;
  const data: T[] = [];
  const room = new Room();
  let seen = after;
  let requests = 0;
  for (const pk of list.partitions) {
    const pages = table.pages({
      from,
      pk,
      ...(after !== null && { range: { below: after } }),
      descending: true,
      limit: list.narrowed ? rowsARequest : limit + 1,
    });
    for await (const page of pages) {
      for (const row of page) {
        const entity = list.read(row);
        if (entity !== null) {
          if (data.length === limit || room.isFull()) return { data, next: seen };
          room.take(entity);
          data.push(entity);
        }
        seen = String(from === 'lists' ? row.listSk : row.deskSk);
      }
      requests += Math.sign(page.length);
      if (requests === requestsAPage) return { data, next: seen };
    }
  }
  return { data, next: null };
}
