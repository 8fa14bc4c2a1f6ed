import * as operations from '../../../shared/contract/operations/staff.ts';
import type { Staff } from '../../../shared/domain/directory.ts';
import { askToVerify } from '../../../shared/domain/reach/verification.ts';
import { changedStaff, type StaffChange, staffRefusal } from '../../../shared/domain/staff/change.ts';
import { type Answer, json, Refusal } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import { isPhoneTaken } from '../../../shared/store/directory/people.ts';
import { type Call, type Route, route } from '../call.ts';
import { notSetUp, refusalFrom } from '../cases.ts';
import { mustMatch, tagOf } from '../etag.ts';
import { auditOf, recorded, there, unlessTaken } from '../lookups.ts';
import { byId, paged } from '../paged.ts';
import { dialable } from '../phones/dialable.ts';
import { presentStaff } from '../present/staff.ts';

export const staff: Route[] = [
  route(operations.createStaff, async (call) => {
    const { body, caller, desk, now } = call;
    const { store, random } = desk;
    const member: Staff = {
      ...body,
      id: random.id('stf'),
      phone: await phoneOf(body.phone),
      phoneVerifiedAt: null,
      timezone: body.timezone ?? (await store.directory.provider())?.timezone ?? 'America/New_York',
      suspended: false,
      createdAt: now,
    };
    allowed(caller, null, member);
    const shown = presentStaff(member, await store.reach.all());
    const answer = json(201, shown, { location: `/v1/staff/${member.id}`, etag: tagOf(member) });
    return (keep) =>
      unlessPhoneTaken(async () => {
        const audit = recorded(call, keep, () => answer);
        await store.directory.putStaff(member, { create: true, audit });
        return answer;
      });
  }),

  route(operations.listStaff, async ({ query, desk: { store } }) => {
    const [staff, reach] = await Promise.all([store.directory.staff(), store.reach.all()]);
    const found = paged(staff, query, ['staff'], byId);
    return json(200, { ...found, data: found.data.map((member) => presentStaff(member, reach)) });
  }),

  route(operations.getStaff, async ({ params, desk: { store } }) => {
    const member = there(await store.directory.staffMember(params.id), 'person');
    return json(200, presentStaff(member, await store.reach.all()), { etag: tagOf(member) });
  }),

  route(operations.updateStaff, async (call) => {
    const { params, body, caller, desk } = call;
    const { store } = desk;
    const { phone: written, ...rest } = body;
    const change: StaffChange = written === undefined ? rest : { ...rest, phone: await phoneOf(written) };
    return unlessPhoneTaken(async () => {
      const decide = (before: Staff): Staff => {
        const after = changedStaff(before, change);
        allowed(caller, before, after);
        mustMatch(call, tagOf(before));
        return after;
      };
      const after = there(await store.directory.changeStaff(params.id, decide, auditOf(call)), 'person');
      return json(200, presentStaff(after, await store.reach.all()), { etag: tagOf(after) });
    });
  }),

  route(operations.verifyStaff, async ({ params, desk: { store, random }, now }) => {
    const [member, provider] = await Promise.all([
      store.directory.staffMember(params.id),
      store.directory.provider(),
    ]);
    const { phone, ...person } = there(member, 'person');
    if (phone === null) throw new Refusal('no_phone', `${person.name} has no phone to verify.`);
    if (!provider) throw notSetUp();
    const pending = await store.reach.verification(phone);
    const about = { id: random.id('vfy'), provider: provider.name, now };
    const asking = askToVerify({ ...person, phone }, pending, about);
    if (!asking.asked) {
      throw new Refusal('throttled', asking.because, {
        headers: { 'retry-after': String(asking.retryAfter) },
      });
    }
    return async () => {
      await store.reach.ask(asking.verification, asking.page, pending);
      return json(202, {
        staff: { id: person.id, name: person.name },
        phone,
        sentAt: now,
        expiresAt: asking.verification.until,
      });
    };
  }),
];

/** Staff are paged on it, so it must be dialable; kept as E.164. */
async function phoneOf(written: string | null): Promise<string | null> {
  if (written === null) return null;
  const phone = await dialable(written);
  if (phone === null) {
    throw invalid([{ field: 'phone', message: 'cannot be dialled: write it like +1 202 555 0147' }]);
  }
  return phone;
}

/** @throws Refusal `forbidden` */
function allowed({ staff: by }: Call['caller'], before: Staff | null, after: Staff): void {
  const refusal = by && staffRefusal(by, before, after);
  if (refusal) throw refusalFrom(refusal);
}

/** A phone leads an SMS to one sender: two people cannot share it. */
const unlessPhoneTaken = (write: () => Promise<Answer>): Promise<Answer> =>
  unlessTaken(
    () =>
      new Refusal('already_exists', 'Somebody else of the staff has this phone number.', {
        errors: [
          { field: 'phone', message: 'belongs to somebody else: a reply by SMS must have one sender' },
        ],
      }),
    write,
    isPhoneTaken,
  );
