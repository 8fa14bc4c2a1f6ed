import type { ApiKey } from '../domain/directory.ts';
import type { Clock } from '../runtime/clock.ts';
import { Cache } from './cache.ts';
import { absent, present } from './conditions.ts';
import { Conflict } from './conflict.ts';
import { cursorsFor } from './cursor.ts';
import { staffPieces } from './directory/people.ts';
import * as keys from './keys.ts';
import { type OnBadRow, parseIfAny, parseListed } from './parse.ts';
import { apiKeySchema } from './schemas/directory.ts';
import type { Table } from './table.ts';
import type { ApiKeys } from './types/keys.ts';
import { walk } from './walk.ts';

export function apiKeyStore(table: Table, clock: Clock, onBadRow: OnBadRow): ApiKeys {
  const known = new Cache<ApiKey>(clock);
  const read = async (id: string): Promise<ApiKey | null> =>
    parseIfAny(apiKeySchema(), await table.get(keys.apiKeyKey(id)));

  return {
    byId: (id) => known.get(id, () => read(id)),

    async put(key) {
      await table.put(apiKeyRow(key));
      known.forget(key.id);
    },

    async setUp(admin, key) {
      try {
        await table.transact([
          { what: 'setup', put: { ...keys.setupKey, at: key.createdAt }, if: [absent('first')] },
          ...staffPieces(null, admin),
          { what: 'key', put: apiKeyRow(key), if: [absent('new')] },
        ]);
        return true;
      } catch (error) {
        if (error instanceof Conflict && error.failed.includes('setup.first')) return false;
        throw error;
      }
    },

    async revoke(id, at) {
      const key = await read(id);
      if (key === null || key.revokedAt !== null) return key;
      const set = { revokedAt: at };
      await table.transact([{ what: 'key', key: keys.apiKeyKey(id), set, if: [present('exists')] }]);
      known.forget(id);
      return { ...key, revokedAt: at };
    },

    async list({ partner, limit, cursor }) {
      const cursors = cursorsFor('keys', partner);
      const { data, next } = await walk(table, {
        ...(partner === undefined
          ? { from: 'desk', partitions: [keys.desk.keys] }
          : { from: 'lists', partitions: [keys.lists.keys(partner)] }),
        after: cursors.decode(cursor),
        limit,
        read: (row) => parseListed(apiKeySchema(), row, onBadRow),
        narrowed: false,
      });
      return { data, nextCursor: next === null ? null : cursors.encode(next) };
    },
  };
}

const apiKeyRow = (key: ApiKey) => ({
  ...key,
  ...keys.apiKeyKey(key.id),
  ...keys.inLists(keys.lists.keys(key.partner), key.createdAt, key.id),
  ...keys.inDesk(keys.desk.keys, key.createdAt, key.id),
});
