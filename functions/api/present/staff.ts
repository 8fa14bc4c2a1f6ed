import type { Staff } from '../../../shared/domain/directory.ts';
import { contactMethods, type Reach } from '../../../shared/domain/reach/reach.ts';

export function presentStaff(member: Staff, reach: readonly Reach[]) {
  const phoneVerified = member.phoneVerifiedAt !== null;
  return { ...member, phoneVerified, contactMethods: contactMethods(member, reach) };
}
