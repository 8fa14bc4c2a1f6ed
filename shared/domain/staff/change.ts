import type { StaffRole } from '../../contract/words.ts';
import { type Refused, refuse } from '../decision.ts';
import type { Staff } from '../directory.ts';

export type StaffChange = Partial<
  Pick<Staff, 'name' | 'role' | 'phone' | 'email' | 'timezone' | 'suspended'>
>;

/** Somebody with other words. A phone that changes has to prove itself anew. */
export function changedStaff(before: Staff, change: StaffChange): Staff {
  const after = { ...before, ...change };
  return after.phone === before.phone ? after : { ...after, phoneVerifiedAt: null };
}

/**
 * The staff keep their own list; but admins are made, changed and unmade by admins alone, and so is the
 * e-mail address of somebody else, for it signs its owner in. null: it may be done.
 * @param before null for somebody new
 */
export function staffRefusal(
  by: { id: string; role: StaffRole },
  before: Staff | null,
  after: Staff,
): Refused | null {
  if (by.role === 'admin') return null;
  if (before?.role === 'admin' || after.role === 'admin')
    return refuse('forbidden', 'Only admins make, change and unmake admins.');
  if (before && before.id !== by.id && before.email !== after.email)
    return refuse('forbidden', 'Only admins change the e-mail address of somebody else: it signs them in.');
  return null;
}
