import type { NewEvent } from '../domain/event.ts';
import type { Instant } from '../domain/time.ts';
import type { Random } from '../runtime/random.ts';
import { chain, genesis } from './chain.ts';
import { absent, equals } from './conditions.ts';
import { idempotencyPiece } from './idempotency.ts';
import { incidentPiece } from './incidents.ts';
import * as keys from './keys.ts';
import { Months } from './months.ts';
import { pagePiece } from './page-piece.ts';
import { type OnBadRow, parseIfAny, parseRows } from './parse.ts';
import { eventRow, timerPieces } from './rows.ts';
import { eventSchema } from './schemas/event.ts';
import { logHeadSchema } from './schemas/small.ts';
import type { Table } from './table.ts';
import type { DeskHead, DeskLog } from './types/log.ts';
import type { Piece } from './write.ts';

/** What happened to the desk itself, in a chain of its own. */
export function deskLog(table: Table, random: Random, onBadRow: OnBadRow): DeskLog {
  const months = new Months(table);
  return {
    head: () => headOf(table),

    async commit(before, { pages = [], timers = [], incident, record, ...news }, at) {
      if (news.events.length > 0) await months.note(at);
      const pieces = logPieces(before, news, at, random);
      const about = incident ? [incidentPiece(incident.after, incident.before)] : [];
      const recorded = record ? [idempotencyPiece(record, at)] : [];
      await table.transact([
        ...pieces,
        ...about,
        ...pages.map((page) => pagePiece(page, null)),
        ...timerPieces(timers),
        ...recorded,
      ]);
    },

    async events(after, limit) {
      const range = { between: [keys.logKey(after + 1).sk, keys.sortKeys.chainEnd] } as const;
      const { pk } = keys.logHeadKey;
      for await (const rows of table.pages({ from: 'table', pk, range, limit }))
        return parseRows(eventSchema(), rows, onBadRow);
      return [];
    },
  };
}

export async function headOf(table: Table): Promise<DeskHead> {
  const head = parseIfAny(logHeadSchema(), await table.get(keys.logHeadKey));
  return head ?? { seq: 0, head: genesis, checked: null, openUntil: null, version: 0 };
}

type Kept = Pick<DeskHead, 'checked' | 'openUntil'>;

/** Events in the log's chain after what was read as its end. */
export function logPieces(
  before: DeskHead,
  { events, key, ...kept }: { events: readonly NewEvent[]; key?: string | null } & Partial<Kept>,
  at: Instant,
  random: Random,
): Piece[] {
  const chained = chain(events, { number: null, partner: null }, before, at, random);
  return [
    {
      what: 'log',
      put: { ...before, ...kept, ...chained.head, version: before.version + 1, ...keys.logHeadKey },
      if: [before.version === 0 ? absent('new') : equals('version', ['version'], before.version)],
    },
    ...chained.events.map((event) => ({
      what: 'log event',
      put: eventRow({ ...event, ...(key && { key }) }),
      if: [absent('new')],
    })),
  ];
}
