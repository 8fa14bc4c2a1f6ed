import type { Audit } from '../domain/audit.ts';
import type { NewEvent } from '../domain/event.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { Conflict } from './conflict.ts';
import { idempotencyPiece } from './idempotency.ts';
import { headOf, logPieces } from './log.ts';
import { Months } from './months.ts';
import type { Table } from './table.ts';
import type { IdempotencyRecord } from './types/idempotency.ts';
import { untilNoConflict } from './until-no-conflict.ts';
import type { Piece } from './write.ts';

/**
 * One transaction: a change of the directory, its event in the desk's log, if there is one, and the record of its
 * Idempotency-Key, if it came with one; again while only the log is in the way. Each try has the time that it is made at.
 * @throws IdempotencyTaken. @throws Conflict when what is to be changed moved meanwhile
 */
export type Audited = (
  pieces: readonly Piece[],
  event: NewEvent | null,
  audit?: Pick<Audit, 'key'>,
  record?: IdempotencyRecord,
) => Promise<void>;

export function auditedCommit(table: Table, random: Random, clock: Clock): Audited {
  const months = new Months(table);
  return async (change, event, audit, record) => {
    const pieces = [...change, ...(record ? [idempotencyPiece(record, clock.now())] : [])];
    if (event === null || audit === undefined) return table.transact(pieces);
    const lost = await untilNoConflict(random, async () => {
      const before = await headOf(table);
      const at = clock.now();
      await months.note(at);
      const news = { events: [event], key: audit.key };
      try {
        await table.transact([...pieces, ...logPieces(before, news, at, random)]);
        return null;
      } catch (error) {
        // What is to be changed has moved: no other try here would help.
        if (error instanceof Conflict && !error.failed.every(isOfLog)) return error;
        throw error;
      }
    });
    if (lost) throw lost;
  };
}

const isOfLog = (name: string): boolean => /^log( event)?\./.test(name);
