import type { DeliveryChange } from '../../domain/webhook/delivery.ts';
import type { WebhookDelivery } from '../../domain/webhook/webhook.ts';
import type { Clock } from '../../runtime/clock.ts';
import { absent, equals } from '../conditions.ts';
import { Conflict } from '../conflict.ts';
import { cursorsFor } from '../cursor.ts';
import type { Item } from '../item.ts';
import * as keys from '../keys.ts';
import { type OnBadRow, parseListed, parseRow, parseRows } from '../parse.ts';
import { deliveryRow, timerPieces } from '../rows.ts';
import { deliverySchema } from '../schemas/webhook.ts';
import type { Table } from '../table.ts';
import { walk } from '../walk.ts';
import type { Deliveries, Lines } from './types.ts';

export function deliveryStore(
  table: Table,
  lines: Pick<Lines, 'joinLine'>,
  clock: Clock,
  onBadRow: OnBadRow,
): Deliveries {
  const isKept = (row: Item): boolean => String(row.until) > clock.now();
  const read = async (id: string): Promise<WebhookDelivery | null> => {
    const row = await table.get(keys.deliveryKey(id));
    return row && isKept(row) ? parseRow(deliverySchema(), row) : null;
  };
  return {
    async addDeliveries(deliveries, at) {
      await Promise.all(
        deliveries.map(async (delivery) => {
          const piece = { what: 'delivery', put: deliveryRow(delivery), if: [absent('new')] };
          const isNew = await table.writeOne(piece);
          // When it was there, its own way counts: whoever wrote it may not have come as far as the line.
          const written = isNew ? delivery : await read(delivery.id);
          if (written?.status === 'queued' && written.way === 'line') await lines.joinLine(written, at);
        }),
      );
    },

    delivery: read,

    async commitDelivery({ delivery, timers }: DeliveryChange, at) {
      const changed = { ...delivery, version: delivery.version + 1 };
      const piece = {
        what: 'delivery',
        put: deliveryRow(changed),
        if: [equals('version', ['version'], delivery.version)],
      };
      if (timers.length > 0) await table.transact([piece, ...timerPieces(timers)]);
      else if (!(await table.writeOne(piece))) throw new Conflict(['delivery.version']);
      if (changed.status === 'queued' && changed.way === 'line') await lines.joinLine(changed, at);
      return changed;
    },

    async deliveries({ endpoint, status, limit, cursor }) {
      const cursors = cursorsFor('deliveries', endpoint, status);
      const { data, next } = await walk<WebhookDelivery>(table, {
        from: 'lists',
        partitions: [keys.lists.deliveries(endpoint)],
        after: cursors.decode(cursor),
        limit,
        read(row) {
          const delivery = isKept(row) ? parseListed(deliverySchema(), row, onBadRow) : null;
          return delivery && (status === undefined || delivery.status === status) ? delivery : null;
        },
        narrowed: status !== undefined,
      });
      return { data, nextCursor: next === null ? null : cursors.encode(next) };
    },

    async *deliveriesBetween({ endpoint, since, until, after }, limit) {
      const range = { between: [after === null ? since : `${after}!`, `${until}#~`] } as const;
      const pk = keys.lists.deliveries(endpoint);
      for await (const rows of table.pages({ from: 'lists', pk, range, limit }))
        yield parseRows(deliverySchema(), rows.filter(isKept), onBadRow);
    },
  };
}
