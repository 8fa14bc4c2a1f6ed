import type { Instant } from '../domain/time.ts';
import type { Clock } from '../runtime/clock.ts';
import { absentOrAtMost } from './conditions.ts';
import { IdempotencyTaken } from './conflict.ts';
import * as keys from './keys.ts';
import { parseIfAny, parseRow } from './parse.ts';
import { expires } from './rows.ts';
import { idempotencySchema } from './schemas/small.ts';
import type { Table } from './table.ts';
import type { Idempotency, IdempotencyRecord } from './types/idempotency.ts';
import type { Piece } from './write.ts';

export function idempotencyStore(table: Table, clock: Clock): Idempotency {
  return {
    async read(owner, key) {
      const row = await table.get(keys.idempotencyKey(owner, key));
      const record = parseIfAny(idempotencySchema(), row);
      return record && record.expiresAt > clock.now() ? record : null;
    },
    put: (record) => table.transact([idempotencyPiece(record, clock.now())]),
    drop: ({ owner, key }) =>
      table.transact([{ what: 'idempotency', delete: keys.idempotencyKey(owner, key) }]),
  };
}

/** The record, unless the key has one that has not expired by `at`. */
export function idempotencyPiece(record: IdempotencyRecord, at: Instant): Piece {
  const { owner, key, fingerprint, answer, expiresAt } = record;
  return {
    what: 'idempotency',
    put: { ...keys.idempotencyKey(owner, key), owner, key, fingerprint, answer, ...expires(expiresAt) },
    if: [absentOrAtMost('free', 'until', at)],
    taken: (old) => new IdempotencyTaken(parseRow(idempotencySchema(), old)),
  };
}
