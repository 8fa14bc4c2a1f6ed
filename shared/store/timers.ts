import { addSeconds, type Instant } from '../domain/time.ts';
import type { Timer } from '../domain/timer.ts';
import type { BadRow } from './bad-row.ts';
import { absentOrAtMost, equals } from './conditions.ts';
import * as keys from './keys.ts';
import { type OnBadRow, parseIfAny, parseRows } from './parse.ts';
import { highWaterSchema } from './schemas/small.ts';
import { timerSchema } from './schemas/timer.ts';
import type { Table } from './table.ts';
import type { Timers } from './types/timers.ts';

const beginning: Instant = '0000-01-01T00:00:00.000Z';

export function timerStore(table: Table, onBadRow: OnBadRow): Timers {
  return {
    shards: keys.shards,

    read: async (key) => parseIfAny(timerSchema(), await table.get(keys.timerKey(key))),

    async drop(timer) {
      const condition = equals('generation', ['generation'], timer.generation);
      await table.writeOne({ what: 'timer', delete: keys.timerKey(timer), if: [condition] });
    },

    async *due(shard, from, to): AsyncGenerator<Timer, void> {
      const first = from === null ? beginning : addSeconds(from, 0.001);
      if (first > to) return;
      const bad: BadRow[] = [];
      const range = { between: [first, to] } as const;
      for await (const rows of table.pages({ from: 'due', pk: keys.duePk(shard), range }))
        yield* parseRows(timerSchema(), rows, (row) => bad.push(row));
      bad.forEach(onBadRow);
    },

    async highWater() {
      return parseIfAny(highWaterSchema(), await table.get(keys.sweepKey))?.through ?? null;
    },

    async moveHighWater(to) {
      const put = { ...keys.sweepKey, through: to };
      const condition = absentOrAtMost('through', 'through', to);
      await table.writeOne({ what: 'mark', put, if: [condition] });
    },
  };
}
