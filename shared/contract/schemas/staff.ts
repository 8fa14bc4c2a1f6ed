import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { staffRoles } from '../words.ts';
import { email, instant, line, person, phoneAsWritten, someField, timezone } from './common.ts';

const fields = lazy(() => ({
  name: line(120),
  role: z.enum(staffRoles),
  phone: phoneAsWritten().nullable().meta({
    description: 'Must be dialable; without a country code it is read as one of the USA. null: never paged.',
  }),
  email: email(),
  timezone: timezone(),
}));

export const staffIn = lazy(() =>
  z
    .strictObject({
      ...fields(),
      phone: fields().phone.default(null),
      timezone: timezone().nullable().default(null).meta({ description: "The desk's when left out." }),
    })
    .meta({ id: 'StaffIn' }),
);

export const staffChange = lazy(() =>
  someField(
    z.strictObject({
      name: fields().name.exactOptional(),
      role: fields().role.exactOptional(),
      phone: fields().phone.exactOptional(),
      email: fields().email.exactOptional(),
      timezone: fields().timezone.exactOptional(),
      suspended: z
        .boolean()
        .exactOptional()
        .meta({ description: 'Suspended people are not paged, and their keys do not work.' }),
    }),
  ).meta({ id: 'StaffChange' }),
);

export const staffMember = lazy(() =>
  z
    .object({
      id: z.string(),
      name: z.string(),
      role: z.enum(staffRoles),
      phone: z.string().nullable(),
      phoneVerified: z.boolean(),
      phoneVerifiedAt: instant()
        .nullable()
        .meta({ description: 'When a reply from this phone proved it; a new phone begins at null.' }),
      contactMethods: z
        .array(
          z.object({
            method: z.enum(['sms']),
            address: z.string(),
            verifiedAt: instant().nullable(),
            problem: z
              .object({
                why: z.enum(['not_verified', 'opted_out', 'failing']),
                since: instant().nullable(),
                because: z.string().nullable(),
              })
              .nullable()
              .meta({ description: 'Why it cannot be relied on; null while it can.' }),
          }),
        )
        .meta({ description: 'In the order in which they are tried.' }),
      email: z.string(),
      timezone: z.string(),
      suspended: z.boolean(),
      createdAt: instant(),
    })
    .meta({ id: 'Staff' }),
);

export const verificationAsked = lazy(() =>
  z
    .object({
      staff: person(),
      phone: z.string(),
      sentAt: instant(),
      expiresAt: instant().meta({ description: 'A reply until then verifies the phone.' }),
    })
    .meta({ id: 'VerificationAsked' }),
);
