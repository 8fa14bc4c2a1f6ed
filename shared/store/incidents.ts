import type { Incident } from '../domain/incident/incident.ts';
import { absent, equals } from './conditions.ts';
import { cursorsFor } from './cursor.ts';
import * as keys from './keys.ts';
import { type OnBadRow, parseIfAny, parseListed, parseRow, parseRows } from './parse.ts';
import { incidentRow } from './rows.ts';
import { incidentSchema, incidentTicketSchema } from './schemas/incident.ts';
import type { Table } from './table.ts';
import type { Incidents } from './types/incidents.ts';
import { walk } from './walk.ts';
import type { Piece } from './write.ts';

export function incidentStore(table: Table, onBadRow: OnBadRow): Incidents {
  return {
    read: async (number) => parseIfAny(incidentSchema(), await table.get(keys.incidentKey(number))),

    async list({ state, limit, cursor }) {
      const cursors = cursorsFor('incidents', state);
      const { data, next } = await walk(table, {
        from: 'desk',
        partitions: [keys.desk.incidents],
        after: cursors.decode(cursor),
        limit,
        read(row) {
          const incident = parseListed(incidentSchema(), row, onBadRow);
          return state === undefined || incident?.state === state ? incident : null;
        },
        narrowed: state !== undefined,
      });
      return { data, nextCursor: next === null ? null : cursors.encode(next) };
    },

    async open(limit) {
      const query = { from: 'lists', pk: keys.lists.openIncidents, descending: true, limit } as const;
      for await (const rows of table.pages(query)) return parseRows(incidentSchema(), rows, onBadRow);
      return [];
    },

    async *tickets(number) {
      const range = { above: keys.incidentKey(number).sk } as const;
      for await (const rows of table.pages({ from: 'table', pk: keys.incidentKey(number).pk, range }))
        yield rows.map((row) => parseRow(incidentTicketSchema(), row));
    },
  };
}

/** The incident on the version that was read; null when it is new. */
export function incidentPiece(after: Incident, before: Incident | null): Piece {
  return {
    what: 'incident',
    put: incidentRow(after),
    if: [before === null ? absent('new') : equals('version', ['version'], before.version)],
  };
}
