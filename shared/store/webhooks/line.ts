import { addSeconds, type Instant } from '../../domain/time.ts';
import type { TimerChange, TimerKey } from '../../domain/timer.ts';
import type { WebhookDelivery } from '../../domain/webhook/webhook.ts';
import type { Random } from '../../runtime/random.ts';
import { absent, equals } from '../conditions.ts';
import { Conflict } from '../conflict.ts';
import * as keys from '../keys.ts';
import { parseIfAny, parseRow } from '../parse.ts';
import { outbox, placeRow, timerPieces } from '../rows.ts';
import { lineRunSchema, placeSchema } from '../schemas/webhook.ts';
import type { Table } from '../table.ts';
import { untilNoConflict } from '../until-no-conflict.ts';
import type { Piece } from '../write.ts';
import type { LineRun, Lines } from './types.ts';

type Line = Pick<LineRun, 'endpoint' | 'partner'>;

/** Longer than a turn may last. */
const turnSeconds = 45;
/** After that a turn whose message was lost begins again. */
const guardSeconds = 120;

/**
 * The line of an endpoint: what may not be attempted at once, because the endpoint is slow or has enough in
 * flight. One run at a time works it off, a turn a message, so nobody in it waits by asking.
 *
 * A wake-up cannot be lost: who joins writes its place first and then looks for a run; who ends a run deletes
 * it first and then looks for places. Its guard, a timer, outlives it, for whoever dies between the two; and it
 * begins a run again whose message got lost.
 */
export function lineStore(table: Table, random: Random): Lines {
  const read = async (endpoint: string): Promise<LineRun | null> =>
    parseIfAny(lineRunSchema(), await table.get(keys.lineRunKey(endpoint)));
  const begin = ({ endpoint, partner }: Line, at: Instant): Promise<void> => {
    const turn = Date.parse(at);
    const run = { endpoint, partner, turn, by: null, takenUntil: null, hanging: false };
    return oneOfMany(() => table.transact(turnPieces(run, [absent('new')], at)));
  };
  const first = async (endpoint: string, count: number) => {
    const { pk, sk } = keys.lineKey(endpoint, '');
    const range = { between: [sk, `${sk}~`] } as const;
    for await (const rows of table.pages({ from: 'table', pk, range, limit: count }))
      return rows.map((row) => parseRow(placeSchema(), row));
    return [];
  };

  /** Whoever comes second finds it done; whoever comes at the same time looks again. */
  const oneOfMany = (write: () => Promise<void>): Promise<void> =>
    untilNoConflict(random, async () => {
      try {
        await write();
      } catch (error) {
        const done = error instanceof Conflict && error.failed.some((name) => !name.endsWith('.busy'));
        if (!done) throw error;
      }
    });
  const workOff = async (deliveries: readonly WebhookDelivery[], at: Instant): Promise<void> => {
    if (deliveries.length === 0) return;
    const lines = new Map<unknown, Line>(deliveries.map((delivery) => [delivery.endpoint, delivery]));
    const runs = await table.batchGet([...lines.keys()].map((endpoint) => keys.lineRunKey(String(endpoint))));
    for (const { endpoint } of runs) lines.delete(endpoint);
    await Promise.all([...lines.values()].map((line) => begin(line, at)));
  };

  const nobodyIn = async (endpoint: string) => (await first(endpoint, 1)).length === 0;

  return {
    async joinLine(deliveries, at) {
      await Promise.all(deliveries.map((delivery) => table.put(placeRow(delivery))));
      await workOff(deliveries, at);
    },

    workOff,

    async claimRun(endpoint, turn, by, at) {
      const run = await read(endpoint);
      if (run?.turn !== turn) return null;
      if (run.takenUntil !== null && run.takenUntil > at) return 'taken';
      const claimed: LineRun = { ...run, by, takenUntil: addSeconds(at, turnSeconds) };
      const conditions = [equals('turn', ['turn'], turn), equals('by', ['by'], run.by)];
      const put = { ...claimed, ...keys.lineRunKey(endpoint) };
      return (await table.writeOne({ what: 'run', put, if: conditions })) ? claimed : 'taken';
    },

    firstInLine: first,

    async leaveLine(endpoint, place) {
      await table.writeOne({ what: 'place', delete: keys.lineKey(endpoint, place) });
    },

    async endRun(run, at) {
      const mine = [equals('turn', ['turn'], run.turn), equals('by', ['by'], run.by)];
      const next = { ...run, turn: run.turn + 1, by: null, takenUntil: null };
      if (!(await nobodyIn(run.endpoint))) return oneOfMany(() => table.transact(turnPieces(next, mine, at)));
      await table.writeOne({ what: 'run', delete: keys.lineRunKey(run.endpoint), if: mine });
      if (!(await nobodyIn(run.endpoint))) await begin(run, at);
    },

    async runAgain(of, turn, at): Promise<TimerChange[]> {
      const run = await read(of.endpoint);
      if (run === null && !(await nobodyIn(of.endpoint))) {
        await begin(of, at);
        return [{ clear: guardOf(of) }];
      }
      if (run?.turn !== turn) return [];
      const next = { ...run, turn: turn + 1, by: null, takenUntil: null };
      await oneOfMany(() => table.transact(turnPieces(next, [equals('turn', ['turn'], turn)], at)));
      return [{ clear: guardOf(run) }];
    },
  };
}

/** A turn, as work for the outbox, with the timer that guards it. */
function turnPieces(run: LineRun, conditions: NonNullable<Piece['if']>, at: Instant): Piece[] {
  const guard = { ...guardOf(run), dueAt: addSeconds(at, guardSeconds), generation: run.turn };
  const put = { ...run, ...keys.lineRunKey(run.endpoint), ...outbox('line') };
  return [{ what: 'run', put, if: conditions }, ...timerPieces([{ set: guard }])];
}

function guardOf({ endpoint, partner }: Line): TimerKey {
  return { home: { endpoint, partner }, subject: endpoint, kind: 'line' };
}
