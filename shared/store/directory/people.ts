import { staffChanged } from '../../domain/audit.ts';
import type { Staff } from '../../domain/directory.ts';
import type { Random } from '../../runtime/random.ts';
import type { Audited } from '../audited.ts';
import { absent, absentOrEquals, equals } from '../conditions.ts';
import { Conflict } from '../conflict.ts';
import * as keys from '../keys.ts';
import { type OnBadRow, parseIfAny, parseRow, parseRows } from '../parse.ts';
import { staffSchema } from '../schemas/directory.ts';
import { phoneStaffSchema, revisionSchema } from '../schemas/small.ts';
import type { Table } from '../table.ts';
import type { Directory } from '../types/directory.ts';
import type { Recorded } from '../types/idempotency.ts';
import { untilNoConflict } from '../until-no-conflict.ts';
import type { Piece } from '../write.ts';
import { deskRows } from './desk.ts';

type People = Pick<Directory, 'staffMember' | 'staff' | 'putStaff' | 'changeStaff' | 'staffByPhone'>;

/** Staff, each with a pointer from the phone that leads an SMS to its sender. Never cached. */
export function people(table: Table, random: Random, audited: Audited, onBadRow: OnBadRow): People {
  const staffMember = async (id: string): Promise<Staff | null> =>
    parseIfAny(staffSchema(), await table.get(keys.deskKey('STAFF', id)));

  const write = (
    before: StaffRow | null,
    after: Staff,
    audit: Recorded<Staff> | undefined,
  ): Promise<void> => {
    const event = audit ? staffChanged(before?.staff ?? null, after, audit.by) : null;
    return audited(staffPieces(before, after), event, audit, audit?.record?.(after));
  };

  const changeStaff: People['changeStaff'] = async (id, change, audit) => {
    const once = async () => {
      const before = await readStaff(table, id);
      if (before === null) return null;
      const after = change(before.staff);
      try {
        await write(before, after, audit);
        return after;
      } catch (error) {
        // No other try would find that phone free.
        if (error instanceof Conflict && isPhoneTaken(error)) return error;
        throw error;
      }
    };
    const changed = await untilNoConflict(random, once);
    if (changed instanceof Conflict) throw changed;
    return changed;
  };

  return {
    staffMember,
    changeStaff,
    staff: async () => parseRows(staffSchema(), await deskRows(table, 'STAFF'), onBadRow),

    async putStaff(staff, { create, audit } = { create: false }) {
      if (create || !(await changeStaff(staff.id, () => staff, audit))) await write(null, staff, audit);
    },

    async staffByPhone(phone) {
      const pointer = parseIfAny(phoneStaffSchema(), await table.get(keys.phoneStaffKey(phone)));
      const staff = pointer && (await staffMember(pointer.staff));
      return staff?.phone === phone ? staff : null;
    },
  };
}

/** Whether somebody else has the phone that was to be written. */
export const isPhoneTaken = ({ failed }: Conflict): boolean => failed.includes('phone.free');

/** Somebody as the row has them. */
export interface StaffRow {
  staff: Staff;
  revision: number;
}

export async function readStaff(table: Table, id: string): Promise<StaffRow | null> {
  const row = await table.get(keys.deskKey('STAFF', id));
  return row && { staff: parseRow(staffSchema(), row), ...parseRow(revisionSchema(), row) };
}

/** Somebody new, or changed from `before`, with the pointers from the phones in step. */
export function staffPieces(before: StaffRow | null, staff: Staff): Piece[] {
  const revision = (before?.revision ?? 0) + 1;
  const left = before?.staff.phone ?? null;
  const pieces: Piece[] = [
    {
      what: 'staff',
      put: { ...staff, ...keys.deskKey('STAFF', staff.id), revision },
      if: [before === null ? absent('new') : equals('revision', ['revision'], before.revision)],
    },
  ];
  if (left !== null && left !== staff.phone) pieces.push({ what: 'phone', delete: keys.phoneStaffKey(left) });
  if (staff.phone !== null)
    pieces.push({
      what: 'phone',
      put: { ...keys.phoneStaffKey(staff.phone), staff: staff.id },
      if: [absentOrEquals('free', 'staff', staff.id)],
    });
  return pieces;
}
