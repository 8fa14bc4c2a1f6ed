import type { Audit } from '../../shared/domain/audit.ts';
import { openState } from '../../shared/domain/calendar/state.ts';
import type { Partner } from '../../shared/domain/directory.ts';
import type { DeskNow } from '../../shared/domain/ticket/next-step.ts';
import type { Terms } from '../../shared/domain/ticket/sla.ts';
import type { Ticket } from '../../shared/domain/ticket/ticket.ts';
import { type Answer, Refusal } from '../../shared/runtime/http.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import type { Recorded } from '../../shared/store/types/idempotency.ts';
import type { Call, Keep } from './call.ts';
import { notSetUp } from './cases.ts';

/** The desk at the moment of the request (from the 60-s cache): what tickets show of it. */
export async function deskNow({ desk, now }: Pick<Call, 'desk' | 'now'>): Promise<DeskNow> {
  const provider = await desk.store.directory.provider();
  const calendar = provider && (await desk.store.directory.calendar(provider.calendar));
  if (!calendar) throw notSetUp();
  const { phone, timezone } = provider;
  return { hours: openState(calendar, now), phone, timezone, now };
}

/** What a partner was promised (from the 60-s cache). */
export async function termsOf({ desk }: Pick<Call, 'desk'>, partner: Partner): Promise<Terms> {
  const { directory } = desk.store;
  const plan = await directory.plan(partner.plan);
  const calendar = plan && (await directory.calendar(plan.calendar));
  if (!calendar) throw notSetUp();
  return { plan, calendar };
}

/** The same for a ticket whose clock may change; null for a partner that is not there any more. */
export async function termsFor(call: Pick<Call, 'desk'>, { partner }: Ticket): Promise<Terms | null> {
  const found = await call.desk.store.directory.partner(partner);
  return found && termsOf(call, found);
}

/** @throws Refusal `unknown_reference` when a field names something that is not there */
export function known<T>(found: T | null, field: string, id: string): T {
  if (found !== null) return found;
  throw new Refusal('unknown_reference', `${field}: there is no ${id}.`, {
    errors: [{ field, message: `there is no ${id}` }],
  });
}

export function there<T>(found: T | null, what: string): T {
  if (found !== null) return found;
  throw new Refusal('not_found', `There is no such ${what}.`);
}

/** What a write meets that came second; `is` tells which conflict means that. */
export async function unlessTaken(
  taken: () => Refusal,
  write: () => Promise<Answer>,
  is: (conflict: Conflict) => boolean = () => true,
): Promise<Answer> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Conflict && is(error)) throw taken();
    throw error;
  }
}

/** For the desk's own log: who changes the directory. */
export function auditOf({ caller }: Pick<Call, 'caller'>): Audit {
  return { by: caller.actor, key: caller.firstKey };
}

/** That, and the answer for the same Idempotency-Key again, made of what will be written. */
export function recorded<T>(
  call: Pick<Call, 'caller'>,
  keep: Keep,
  answer: (after: T) => Answer,
): Recorded<T> {
  return { ...auditOf(call), record: (after) => keep(answer(after)) };
}
