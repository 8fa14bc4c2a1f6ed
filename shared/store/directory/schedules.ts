import { configurationChanged } from '../../domain/audit.ts';
import { needsHistory, settle, withHistory } from '../../domain/schedule/history.ts';
import type { History } from '../../domain/schedule/types.ts';
import type { Instant } from '../../domain/time.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import type { Audited } from '../audited.ts';
import { absent, equals } from '../conditions.ts';
import * as keys from '../keys.ts';
import { type OnBadRow, parseIfAny, parseRow, parseRows } from '../parse.ts';
import { overrideSchema, pastRotationsSchema, scheduleSchema } from '../schemas/calendar.ts';
import { revisionSchema } from '../schemas/small.ts';
import type { Table } from '../table.ts';
import type { Directory } from '../types/directory.ts';
import { untilNoConflict } from '../until-no-conflict.ts';
import type { Piece } from '../write.ts';
import { deskRows } from './desk.ts';

/** Schedules, never cached. A change is decided on the schedule as it is, and lands only on that revision of it. */
export function schedules(
  table: Table,
  random: Random,
  clock: Clock,
  audited: Audited,
  onBadRow: OnBadRow,
): Pick<Directory, 'schedule' | 'schedules' | 'withHistory' | 'changeSchedule'> {
  return {
    schedule: async (id) => parseIfAny(scheduleSchema(), await table.get(keys.deskKey('SCHEDULE', id))),
    schedules: async () => parseRows(scheduleSchema(), await deskRows(table, 'SCHEDULE'), onBadRow),

    withHistory: (all, from) =>
      Promise.all(
        all.map(async (one) =>
          needsHistory(one, from) ? withHistory(one, await historyOf(one.id, from), from) : one,
        ),
      ),

    changeSchedule: (id, change, audit) =>
      untilNoConflict(random, async () => {
        const key = keys.deskKey('SCHEDULE', id);
        const row = await table.get(key);
        const revision = row ? parseRow(revisionSchema(), row).revision : 0;
        const before = parseIfAny(scheduleSchema(), row);
        const { schedule, history } = settle(change(before), clock.now());
        const put = { ...schedule, ...key, revision: revision + 1 };
        const condition = row ? equals('revision', ['revision'], revision) : absent('new');
        const pieces = [{ what: 'schedule', put, if: [condition] }, ...historyPieces(id, history)];
        const about = { kind: 'schedule', id } as const;
        const event = audit ? configurationChanged(about, before, schedule, audit.by) : null;
        await audited(pieces, event, audit, audit?.record?.(schedule));
        return schedule;
      }),
  };

  /** What ended after `from`. */
  async function historyOf(schedule: string, from: Instant): Promise<History> {
    const after = ({ pk, sk }: keys.Key, last: keys.Key) =>
      table.all({ from: 'table', pk, range: { between: [sk, last.sk] } });
    const [past, overrides] = await Promise.all([
      after(keys.pastRotationsKey(schedule, from), keys.pastRotationsKey(schedule, '~')),
      after(keys.endedOverrideKey(schedule, from, ''), keys.endedOverrideKey(schedule, '~', '')),
    ]);
    return {
      past: parseRows(pastRotationsSchema(), past, onBadRow),
      overrides: parseRows(overrideSchema(), overrides, onBadRow),
    };
  }
}

function historyPieces(schedule: string, { past, overrides }: History): Piece[] {
  return [
    ...past.map((one) => ({
      what: 'history',
      put: { ...one, ...keys.pastRotationsKey(schedule, one.until) },
    })),
    ...overrides.map((one) => ({
      what: 'history',
      put: { ...one, ...keys.endedOverrideKey(schedule, one.to, one.id ?? '') },
    })),
  ];
}
