import type { WebhookEndpoint } from '../domain/webhook/webhook.ts';
import { absent, equals, present } from './conditions.ts';
import { Conflict } from './conflict.ts';
import * as keys from './keys.ts';
import { type OnBadRow, parseIfAny, parseRows } from './parse.ts';
import { deliveryRow, timerPieces } from './rows.ts';
import { deliverySchema, endpointSchema } from './schemas/webhook.ts';
import type { Webhooks } from './store.ts';
import type { Table } from './table.ts';

export function webhookStore(table: Table, onBadRow: OnBadRow): Webhooks {
  return {
    create: (endpoint) =>
      table.transact([
        {
          what: 'endpoint',
          put: { ...endpoint, ...keys.hookKey(endpoint.partner, endpoint.id) },
          if: [absent('new')],
        },
      ]),

    read: async (owner, id) => parseIfAny(endpointSchema(), await table.get(keys.hookKey(owner, id))),

    async list(owner): Promise<WebhookEndpoint[]> {
      const { pk, sk } = keys.hookKey(owner, '');
      const rows = await table.all({ from: 'table', pk, range: { between: [sk, `${sk}~`] } });
      return parseRows(endpointSchema(), rows, onBadRow);
    },

    remove: (owner, id) =>
      wasThere(() =>
        table.transact([{ what: 'endpoint', delete: keys.hookKey(owner, id), if: [present('exists')] }]),
      ),

    async disable(owner, id, because) {
      const set = { status: 'disabled', disabledBecause: because };
      const key = keys.hookKey(owner, id);
      await wasThere(() => table.transact([{ what: 'endpoint', key, set, if: [present('exists')] }]));
    },

    async addDeliveries(deliveries) {
      await Promise.all(
        deliveries.map((delivery) =>
          table.writeOne({ what: 'delivery', put: deliveryRow(delivery), if: [absent('new')] }),
        ),
      );
    },

    delivery: async (id) => parseIfAny(deliverySchema(), await table.get(keys.deliveryKey(id))),

    commitDelivery: (delivery, timers) =>
      table.transact([
        {
          what: 'delivery',
          put: deliveryRow({ ...delivery, version: delivery.version + 1 }),
          if: [equals('version', ['version'], delivery.version)],
        },
        ...timerPieces(timers),
      ]),
  };
}

/** false when the endpoint was not there, or not any more. */
async function wasThere(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof Conflict && error.failed.includes('endpoint.exists')) return false;
    throw error;
  }
}
