import { isUseNews } from '../domain/api-key.ts';
import { keyCreated, keyRevoked, keyRotated } from '../domain/audit.ts';
import type { ApiKey } from '../domain/directory.ts';
import { system } from '../domain/event.ts';
import type { Clock } from '../runtime/clock.ts';
import { described, log } from '../runtime/logging.ts';
import type { Audited } from './audited.ts';
import { Cache } from './cache.ts';
import { absent, equals, present } from './conditions.ts';
import { Conflict } from './conflict.ts';
import { cursorsFor } from './cursor.ts';
import { staffPieces } from './directory/people.ts';
import * as keys from './keys.ts';
import { type OnBadRow, parseIfAny, parseListed } from './parse.ts';
import { apiKeySchema } from './schemas/directory.ts';
import type { Table } from './table.ts';
import type { ApiKeys } from './types/keys.ts';
import { walk } from './walk.ts';
import type { Piece } from './write.ts';

export function apiKeyStore(table: Table, clock: Clock, audited: Audited, onBadRow: OnBadRow): ApiKeys {
  const known = new Cache<ApiKey>(clock);
  const read = async (id: string): Promise<ApiKey | null> =>
    parseIfAny(apiKeySchema(), await table.get(keys.apiKeyKey(id)));

  return {
    byId: (id) => known.get(id, () => read(id)),
    read,

    used(key, now) {
      if (!isUseNews(key, now)) return;
      const noted = equals('unnoted', ['lastUsedAt'], key.lastUsedAt);
      // What is in the cache is this very key: it is not noted again before the hour is over.
      key.lastUsedAt = now;
      table
        .update(keys.apiKeyKey(key.id), { set: [[['lastUsedAt'], now]] }, [noted])
        .catch((error) => log.warn('The use of a key was not noted.', { key: key.id, ...described(error) }));
    },

    async put(key, audit) {
      const piece = { what: 'key', put: apiKeyRow(key), if: audit ? [absent('new')] : [] };
      await audited([piece], audit ? keyCreated(key, audit.by) : null, audit, audit?.record?.(key));
      known.forget(key.id);
    },

    async rotate({ old, successor }, audit) {
      const { expiresAt, rotatedTo } = old;
      const isOpen = [equals('active', ['revokedAt'], null), equals('unrotated', ['rotatedTo'], null)];
      const pieces: Piece[] = [
        { what: 'key', key: keys.apiKeyKey(old.id), set: { expiresAt, rotatedTo }, if: isOpen },
        { what: 'successor', put: apiKeyRow(successor), if: [absent('new')] },
      ];
      await audited(pieces, keyRotated(old, successor, audit.by), audit, audit.record?.(successor));
      known.forget(old.id);
    },

    async setUp(admin, key) {
      const pieces: Piece[] = [
        { what: 'setup', put: { ...keys.setupKey, at: key.createdAt }, if: [absent('first')] },
        ...staffPieces(null, admin),
        { what: 'key', put: apiKeyRow(key), if: [absent('new')] },
      ];
      try {
        await audited(pieces, keyCreated(key, system), { key: null });
        return true;
      } catch (error) {
        if (error instanceof Conflict && error.failed.includes('setup.first')) return false;
        throw error;
      }
    },

    async revoke(id, at, audit) {
      const key = await read(id);
      if (key === null || key.revokedAt !== null) return key;
      const piece = { what: 'key', key: keys.apiKeyKey(id), set: { revokedAt: at }, if: [present('exists')] };
      const revoked = { ...key, revokedAt: at };
      await audited([piece], audit ? keyRevoked(revoked, audit.by) : null, audit);
      known.forget(id);
      return revoked;
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
