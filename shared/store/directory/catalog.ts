import { cursorsFor } from '../cursor.ts';
import type { Item } from '../item.ts';
import * as keys from '../keys.ts';
import { type OnBadRow, parseRows } from '../parse.ts';
import { partnerSchema, planSchema, serviceSchema } from '../schemas/directory.ts';
import type { Table } from '../table.ts';
import type { Directory } from '../types/directory.ts';
import type { EntryStore } from './entries.ts';

type Catalog = Pick<Directory, 'partner' | 'partners' | 'plan' | 'plans' | 'service' | 'services'>;

/** Partners, and what the provider offers them. */
export function catalog(table: Table, entries: EntryStore, onBadRow: OnBadRow): Catalog {
  return {
    partner: (id, read) => entries.read('partner', id, read),
    async partners({ limit, cursor }) {
      const cursors = cursorsFor('partners');
      const after = cursors.decode(cursor);
      const rows: Item[] = [];
      const range = after === null ? {} : { range: { above: after } };
      for await (const page of table.pages({
        from: 'table',
        pk: keys.partnersPk,
        ...range,
        limit: limit + 1,
      })) {
        rows.push(...page);
        if (rows.length > limit) break;
      }
      const shown = rows.slice(0, limit);
      return {
        data: parseRows(partnerSchema(), shown, onBadRow),
        nextCursor: rows.length > limit ? cursors.encode(String(shown.at(-1)?.sk)) : null,
      };
    },

    plan: (id, read) => entries.read('plan', id, read),
    plans: async () => parseRows(planSchema(), await catalogRows('PLAN'), onBadRow),

    service: (id, read) => entries.read('service', id, read),
    services: async () => parseRows(serviceSchema(), await catalogRows('SERVICE'), onBadRow),
  };

  function catalogRows(kind: keys.CatalogKind): Promise<Item[]> {
    const { pk, sk } = keys.catalogKey(kind, '');
    return table.all({ from: 'table', pk, range: { between: [sk, `${sk}~`] } });
  }
}
