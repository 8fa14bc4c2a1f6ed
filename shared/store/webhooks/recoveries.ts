import { absent, equals } from '../conditions.ts';
import { Conflict } from '../conflict.ts';
import * as keys from '../keys.ts';
import { parseIfAny } from '../parse.ts';
import { outbox } from '../rows.ts';
import { recoverySchema } from '../schemas/webhook.ts';
import type { Table } from '../table.ts';
import type { Recoveries, Recovery } from './types.ts';

export function recoveryStore(table: Table): Recoveries {
  const rowOf = (recovery: Recovery) => ({
    ...recovery,
    ...keys.recoveryKey(recovery.id),
    ...outbox('recovery'),
  });
  return {
    createRecovery: async (recovery) =>
      void (await table.writeOne({ what: 'recovery', put: rowOf(recovery), if: [absent('new')] })),

    recovery: async (id) => parseIfAny(recoverySchema(), await table.get(keys.recoveryKey(id))),

    async moveRecovery(recovery, after) {
      const put = rowOf({ ...recovery, after, turn: recovery.turn + 1 });
      const condition = equals('turn', ['turn'], recovery.turn);
      if (!(await table.writeOne({ what: 'recovery', put, if: [condition] })))
        throw new Conflict(['recovery.turn']);
    },

    endRecovery: async ({ id }) => {
      await table.writeOne({ what: 'recovery', delete: keys.recoveryKey(id) });
    },
  };
}
