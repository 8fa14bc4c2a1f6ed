import type { Schedule } from '../../domain/schedule/types.ts';
import { absent, equals } from '../conditions.ts';
import { Conflict } from '../conflict.ts';
import * as keys from '../keys.ts';
import { type OnBadRow, parseIfAny, parseRow, parseRows } from '../parse.ts';
import { scheduleSchema } from '../schemas/calendar.ts';
import { revisionSchema } from '../schemas/small.ts';
import type { Directory } from '../store.ts';
import type { Table } from '../table.ts';
import { deskRows } from './desk.ts';

const tries = 5;

/** Schedules, never cached. A change is decided on the schedule as it is, and lands only on that revision of it. */
export function schedules(
  table: Table,
  onBadRow: OnBadRow,
): Pick<Directory, 'schedule' | 'schedules' | 'changeSchedule'> {
  return {
    schedule: async (id) => parseIfAny(scheduleSchema(), await table.get(keys.deskKey('SCHEDULE', id))),
    schedules: async () => parseRows(scheduleSchema(), await deskRows(table, 'SCHEDULE'), onBadRow),

    async changeSchedule(id, change) {
      const key = keys.deskKey('SCHEDULE', id);
      for (let tried = 1; ; tried++) {
        const row = await table.get(key);
        const revision = row ? parseRow(revisionSchema(), row).revision : 0;
        const next: Schedule = change(parseIfAny(scheduleSchema(), row));
        const put = { ...next, ...key, revision: revision + 1 };
        const condition = row ? equals('revision', ['revision'], revision) : absent('new');
        try {
          await table.transact([{ what: 'schedule', put, if: [condition] }]);
          return next;
        } catch (error) {
          if (!(error instanceof Conflict) || tried === tries) throw error;
        }
      }
    },
  };
}
