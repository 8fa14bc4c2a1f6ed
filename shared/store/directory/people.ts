import type { Staff } from '../../domain/directory.ts';
import { absent, absentOrEquals, equals } from '../conditions.ts';
import * as keys from '../keys.ts';
import { type OnBadRow, parseIfAny, parseRows } from '../parse.ts';
import { staffSchema } from '../schemas/directory.ts';
import { phoneStaffSchema } from '../schemas/small.ts';
import type { Directory } from '../store.ts';
import type { Table } from '../table.ts';
import type { Piece } from '../write.ts';
import { deskRows } from './desk.ts';

type People = Pick<Directory, 'staffMember' | 'staff' | 'putStaff' | 'staffByPhone'>;

/** Staff, each with a pointer from the phone that leads an SMS to its sender. Never cached. */
export function people(table: Table, onBadRow: OnBadRow): People {
  const staffMember = async (id: string): Promise<Staff | null> =>
    parseIfAny(staffSchema(), await table.get(keys.deskKey('STAFF', id)));

  return {
    staffMember,
    staff: async () => parseRows(staffSchema(), await deskRows(table, 'STAFF'), onBadRow),

    async putStaff(staff, { create } = { create: false }) {
      await table.transact(staffPieces(create ? null : await staffMember(staff.id), staff));
    },

    async staffByPhone(phone) {
      const pointer = parseIfAny(phoneStaffSchema(), await table.get(keys.phoneStaffKey(phone)));
      const staff = pointer && (await staffMember(pointer.staff));
      return staff?.phone === phone ? staff : null;
    },
  };
}

/** Somebody new, or changed from `before`, with the pointers from the phones in step. */
export function staffPieces(before: Staff | null, staff: Staff): Piece[] {
  const pieces: Piece[] = [
    {
      what: 'staff',
      put: { ...staff, ...keys.deskKey('STAFF', staff.id) },
      if: [before === null ? absent('new') : equals('phone', ['phone'], before.phone)],
    },
  ];
  if (before && before.phone !== null && before.phone !== staff.phone)
    pieces.push({ what: 'phone', delete: keys.phoneStaffKey(before.phone) });
  if (staff.phone !== null)
    pieces.push({
      what: 'phone',
      put: { ...keys.phoneStaffKey(staff.phone), staff: staff.id },
      if: [absentOrEquals('free', 'staff', staff.id)],
    });
  return pieces;
}
