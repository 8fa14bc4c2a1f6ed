import type { Random } from '../runtime/random.ts';
import { chain, genesis } from './chain.ts';
import { absent, equals } from './conditions.ts';
import * as keys from './keys.ts';
import { Months } from './months.ts';
import { pagePiece } from './page-piece.ts';
import { type OnBadRow, parseIfAny, parseRows } from './parse.ts';
import { eventRow } from './rows.ts';
import { eventSchema } from './schemas/event.ts';
import { logHeadSchema } from './schemas/small.ts';
import type { Table } from './table.ts';
import type { DeskLog } from './types/log.ts';

/** What happened to the desk itself, in a chain of its own. */
export function deskLog(table: Table, random: Random, onBadRow: OnBadRow): DeskLog {
  const months = new Months(table);
  return {
    head: async () =>
      parseIfAny(logHeadSchema(), await table.get(keys.logHeadKey)) ?? {
        seq: 0,
        head: genesis,
        checked: null,
        version: 0,
      },

    async commit(before, { events, pages, checked }, at) {
      const chained = chain(events, { number: null, partner: null }, before, at, random);
      const version = before.version + 1;
      if (events.length > 0) await months.note(at);
      await table.transact([
        {
          what: 'log',
          put: { ...chained.head, checked, version, ...keys.logHeadKey },
          if: [before.version === 0 ? absent('new') : equals('version', ['version'], before.version)],
        },
        ...chained.events.map((event) => ({ what: 'event', put: eventRow(event), if: [absent('new')] })),
        ...pages.map((page) => pagePiece(page, null)),
      ]);
    },

    async events(after, limit) {
      const range = { between: [keys.logKey(after + 1).sk, keys.sortKeys.chainEnd] } as const;
      const { pk } = keys.logHeadKey;
      for await (const rows of table.pages({ from: 'table', pk, range, limit }))
        return parseRows(eventSchema(), rows, onBadRow);
      return [];
    },
  };
}
