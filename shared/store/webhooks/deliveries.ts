import type { DeliveryChange } from '../../domain/webhook/delivery.ts';
import type { WebhookDelivery } from '../../domain/webhook/webhook.ts';
import type { Clock } from '../../runtime/clock.ts';
import { absent, equals } from '../conditions.ts';
import { Conflict } from '../conflict.ts';
import { cursorsFor } from '../cursor.ts';
import type { Item } from '../item.ts';
import * as keys from '../keys.ts';
import { type OnBadRow, parseListed, parseRow, parseRows } from '../parse.ts';
import { deliveryRow, placeRow, timerPieces } from '../rows.ts';
import { deliverySchema } from '../schemas/webhook.ts';
import type { Table } from '../table.ts';
import { walk } from '../walk.ts';
import type { Piece } from '../write.ts';
import type { Deliveries, Lines } from './types.ts';

export function deliveryStore(
  table: Table,
  lines: Pick<Lines, 'joinLine' | 'workOff'>,
  clock: Clock,
  onBadRow: OnBadRow,
): Deliveries {
  const isKept = (row: Item): boolean => String(row.until) > clock.now();
  const read = async (id: string): Promise<WebhookDelivery | null> => {
    const row = await table.get(keys.deliveryKey(id));
    return row && isKept(row) ? parseRow(deliverySchema(), row) : null;
  };
  const readAll = async (ids: readonly string[]): Promise<WebhookDelivery[]> => {
    const rows = await table.batchGet([...new Set(ids)].map(keys.deliveryKey));
    return parseRows(deliverySchema(), rows.filter(isKept), onBadRow);
  };
  const write = async (deliveries: readonly WebhookDelivery[]): Promise<readonly WebhookDelivery[]> =>
    ((await addAll(deliveries)) ?? (await addMissing(deliveries))).filter(standsInLine);
  return {
    async addDeliveries(deliveries, at) {
      await lines.workOff(await write(deliveries), at);
    },

    writeDeliveries: write,

    delivery: read,

    deliveriesBy: readAll,

    async commitDelivery({ delivery, timers }: DeliveryChange, at) {
      const changed = { ...delivery, version: delivery.version + 1 };
      const piece = {
        what: 'delivery',
        put: deliveryRow(changed),
        if: [equals('version', ['version'], delivery.version)],
      };
      if (timers.length > 0) await table.transact([piece, ...timerPieces(timers)]);
      else if (!(await table.writeOne(piece))) throw new Conflict(['delivery.version']);
      if (standsInLine(changed)) await lines.joinLine([changed], at);
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
  /** With their places in line, in one transaction; null when that is not to be: any was there, say. */
  async function addAll(deliveries: readonly WebhookDelivery[]): Promise<readonly WebhookDelivery[] | null> {
    const pieces = deliveries.flatMap((delivery): Piece[] => [
      newPiece(delivery),
      ...(standsInLine(delivery) ? [{ what: 'place', put: placeRow(delivery) }] : []),
    ]);
    // One write alone costs half as much.
    if (pieces.length === 1) return null;
    try {
      await table.transact(pieces);
      return deliveries;
    } catch (error) {
      if (error instanceof Conflict) return null;
      throw error;
    }
  }

  /** An event that comes again finds all of its deliveries, and asks no more. */
  async function addMissing(deliveries: readonly WebhookDelivery[]): Promise<WebhookDelivery[]> {
    const there = deliveries.length > 1 ? await readAll(deliveries.map(({ id }) => id)) : [];
    const known = new Set(there.map(({ id }) => id));
    await Promise.all(there.filter(standsInLine).map((delivery) => table.put(placeRow(delivery))));
    const missing = deliveries.filter(({ id }) => !known.has(id));
    return [...there, ...(await Promise.all(missing.map(addOne)))];
  }

  /** As it was written: when it was there, its own way counts, and whoever wrote it may not have come as far as the line. */
  async function addOne(delivery: WebhookDelivery): Promise<WebhookDelivery> {
    const isNew = await table.writeOne(newPiece(delivery));
    const written = isNew ? delivery : ((await read(delivery.id)) ?? delivery);
    if (standsInLine(written)) await table.put(placeRow(written));
    return written;
  }
}

const newPiece = (delivery: WebhookDelivery) => ({
  what: 'delivery',
  put: deliveryRow(delivery),
  if: [absent('new')],
});

const standsInLine = ({ status, way }: WebhookDelivery): boolean => status === 'queued' && way === 'line';
