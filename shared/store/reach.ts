import { staffChanged } from '../domain/audit.ts';
import { learned } from '../domain/reach/reach.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { Audited } from './audited.ts';
import { absent, absentOrEquals, equals } from './conditions.ts';
import { deskRows } from './directory/desk.ts';
import { readStaff, staffPieces } from './directory/people.ts';
import * as keys from './keys.ts';
import { pagePiece } from './page-piece.ts';
import { type OnBadRow, parseIfAny, parseRow, parseRows } from './parse.ts';
import { expiresIn } from './rows.ts';
import { reachSchema, verificationSchema } from './schemas/reach.ts';
import { revisionSchema } from './schemas/small.ts';
import type { Table } from './table.ts';
import type { Reaches } from './types/reach.ts';
import { untilNoConflict } from './until-no-conflict.ts';
import type { Piece } from './write.ts';

/** One that has lapsed is kept, so that who answers late is told. */
const lapsedDays = 7;

export function reachStore(
  table: Table,
  random: Random,
  clock: Clock,
  audited: Audited,
  onBadRow: OnBadRow,
): Reaches {
  return {
    all: async () => parseRows(reachSchema(), await deskRows(table, 'REACH'), onBadRow),

    of: async (phone) => parseIfAny(reachSchema(), await table.get(keys.reachKey(phone))),

    async learn(phone, fact, at) {
      await untilNoConflict(random, async () => {
        const piece = await reachPiece(phone, fact, at);
        if (piece) await table.transact([piece]);
      });
    },

    verification: async (phone) =>
      parseIfAny(verificationSchema(), await table.get(keys.verificationKey(phone))),

    async ask(verification, page, before) {
      const { phone, until } = verification;
      const put = { ...expiresIn(lapsedDays, until), ...verification, ...keys.verificationKey(phone) };
      const condition = before === null ? absent('new') : equals('until', ['until'], before.until);
      await table.transact([{ what: 'verification', put, if: [condition] }, pagePiece(page, null)]);
    },

    verify: ({ staff, phone }, at) =>
      untilNoConflict(random, async () => {
        const person = await readStaff(table, staff);
        if (person?.staff.phone !== phone) return false;
        const reach = await reachPiece(phone, { kind: 'verified' }, at);
        const verified = { ...person.staff, phoneVerifiedAt: at };
        const by = { kind: 'staff', id: staff, name: verified.name } as const;
        const pieces: Piece[] = [
          ...staffPieces(person, verified),
          { what: 'verification', delete: keys.verificationKey(phone) },
          ...(reach ? [reach] : []),
        ];
        await audited(pieces, staffChanged(person.staff, verified, by), { key: null });
        return true;
      }),
  };

  /** What the fact changes, on the revision that was read; null when it is no news. */
  async function reachPiece(...[phone, fact, at]: Parameters<Reaches['learn']>): Promise<Piece | null> {
    const key = keys.reachKey(phone);
    const row = await table.get(key);
    const known = parseIfAny(reachSchema(), row);
    const next = learned(phone, known, fact, { at, now: clock.now() });
    if (next === null || next === known) return null;
    const revision = row ? parseRow(revisionSchema(), row).revision : 0;
    return {
      what: 'reach',
      put: { ...next, ...key, revision: revision + 1 },
      if: [row ? absentOrEquals('revision', 'revision', revision) : absent('new')],
    };
  }
}
