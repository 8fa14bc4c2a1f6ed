import type { Audit } from '../domain/audit.ts';
import type { NewEvent } from '../domain/event.ts';
import type { Random } from '../runtime/random.ts';
import { Conflict } from './conflict.ts';
import { headOf, logPieces } from './log.ts';
import { Months } from './months.ts';
import type { Table } from './table.ts';
import { untilNoConflict } from './until-no-conflict.ts';
import type { Piece } from './write.ts';

/**
 * One transaction: a change of the directory, and its event in the desk's log, if there is one; again while only the
 * log is in the way. @throws Conflict when what is to be changed moved meanwhile
 */
export type Audited = (
  pieces: readonly Piece[],
  event: NewEvent | null,
  audit?: Pick<Audit, 'at' | 'key'>,
) => Promise<void>;

export function auditedCommit(table: Table, random: Random): Audited {
  const months = new Months(table);
  return async (pieces, event, audit) => {
    if (event === null || audit === undefined) return table.transact(pieces);
    const { at, key } = audit;
    await months.note(at);
    const lost = await untilNoConflict(random, async () => {
      const before = await headOf(table);
      const news = { events: [event], checked: before.checked };
      try {
        await table.transact([...pieces, ...logPieces(before, news, at, random, key)]);
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
