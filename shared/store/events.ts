import type { TicketEvent } from '../domain/event.ts';
import { addSeconds } from '../domain/time.ts';
import type { Clock } from '../runtime/clock.ts';
import { BadCursor, cursorsFor } from './cursor.ts';
import type { Item } from './item.ts';
import * as keys from './keys.ts';
import { Months } from './months.ts';
import { type OnBadRow, parseListed } from './parse.ts';
import { Room } from './room.ts';
import { provider } from './rows.ts';
import { eventSchema } from './schemas/event.ts';
import type { Query, Table } from './table.ts';
import type { EventLog } from './types/events.ts';

/** Longer than a commit takes and than the index lags. */
const heldBackSeconds = 5;
/** Before all that ever happened. */
const beginning = '0000-01-01T';
const rowsARequest = 100;
const requestsAPage = 10;

export function eventLog(table: Table, clock: Clock, onBadRow: OnBadRow): EventLog {
  const months = new Months(table);
  return {
    async list({ of, since, type, internal, limit, cursor }) {
      const cursors = cursorsFor('event log', of ?? provider, type, String(internal));
      const after = cursors.decode(cursor);
      if (after !== null && !/^\d{4}-\d\d-\d\dT/.test(after)) throw new BadCursor();
      const from = after ?? since ?? beginning;
      const through = addSeconds(clock.now(), -heldBackSeconds);
      // A clock that was put back, or a time to come: there is nothing yet.
      if (from > through) return page([], from, false);
      const data: TicketEvent[] = [];
      const room = new Room();
      let seen: string = from;
      let requests = 0;
      const wanted = (row: Item): TicketEvent | null => {
        const event = parseListed(eventSchema(), row, onBadRow);
        if (!event || (type !== undefined && event.type !== type)) return null;
        const its = (event.partner ?? provider) === (of ?? provider);
        return !event.internal || (internal && its) ? event : null;
      };
      const rowsOf = async function* (query: Query): Rows {
        for await (const rows of table.pages(query)) {
          requests += Math.sign(rows.length);
          yield* rows;
        }
      };
      for (const month of (await months.downFrom(through)).reverse()) {
        if (month < keys.monthOf(from)) continue;
        // Above a time is `#` and more; `!` sorts before that, and is the first symbol behind a whole key.
        const range = { between: [`${from}!`, `${through}#~`] } as const;
        const lists = [...new Set([of ?? provider, provider])].map((owner) =>
          rowsOf({ from: 'lists', pk: keys.lists.events(owner, month), range, limit: rowsARequest }),
        );
        for await (const row of inOrder(lists)) {
          const event = wanted(row);
          if (event) {
            if (data.length === limit || room.isFull()) return page(data, seen, true);
            room.take(event);
            data.push(event);
          }
          seen = String(row.listSk);
          if (requests > requestsAPage) return page(data, seen, true);
        }
      }
      return page(data, seen, false);

      function page(found: TicketEvent[], end: string, more: boolean) {
        const at = cursors.encode(end);
        return { data: found, nextCursor: more ? at : null, resumeCursor: at };
      }
    },
  };
}

type Rows = AsyncGenerator<Item, void>;

/** The rows of several lists as one list. */
async function* inOrder(lists: readonly Rows[]): Rows {
  const ahead = await Promise.all(lists.map(async (list) => ({ list, row: await nextOf(list) })));
  const placeOf = ({ row }: (typeof ahead)[number]) => String(row?.listSk ?? '~');
  for (;;) {
    const [first] = ahead.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    if (!first?.row) return;
    yield first.row;
    first.row = await nextOf(first.list);
  }
}

const nextOf = async (list: Rows): Promise<Item | null> => (await list.next()).value ?? null;
