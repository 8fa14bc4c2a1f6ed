import type { Access, Who } from '../../shared/contract/operation.ts';
import type { Scope, StaffRole } from '../../shared/contract/words.ts';
import { firstKeyOf, isActive } from '../../shared/domain/api-key.ts';
import type { Partner, Staff } from '../../shared/domain/directory.ts';
import { actorOf, type ByStaff } from '../../shared/domain/escalation/index.ts';
import type { Actor } from '../../shared/domain/event.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { parseApiKey, secretMatches } from '../../shared/runtime/api-key.ts';
import { Refusal } from '../../shared/runtime/http.ts';
import type { Store } from '../../shared/store/store.ts';

/** Who calls: a partner's system, or somebody of the staff. */
export type Caller = {
  key: string;
  /** The first of the chain of rotations that the key is of: what events and endpoints with `ignoreOwn` keep of it. */
  firstKey: string;
  /** As presented: only to seal answers that hold a secret. Never logged, never stored. */
  secret: string;
  scopes: readonly Scope[];
  actor: Actor;
} & ({ partner: Partner; staff: null } | { partner: null; staff: Staff });

/** The owner of webhooks and idempotency keys: all keys of a partner share them. */
export function ownerOf({ actor }: Caller): string {
  return `${actor.kind}:${actor.id}`;
}

/**
 * The holder of the key in the Authorization header. Whatever is wrong with it gets the same answer, so that
 * nothing can be learned by trying.
 */
export async function authenticate(
  authorization: string | undefined,
  { store, now }: { store: Store; now: Instant },
): Promise<Caller> {
  const [, presented] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (!presented) {
    throw unauthenticated('Send an API key in the header Authorization: Bearer nd_…', '');
  }
  const parsed = parseApiKey(presented);
  const key = parsed && (await store.keys.byId(parsed.id));
  if (!parsed || !key || !secretMatches(key, parsed.secret) || !isActive(key, now)) throw refused();
  const common = { key: key.id, firstKey: firstKeyOf(key), secret: parsed.secret, scopes: key.scopes };
  if (key.partner !== null) {
    const partner = await store.directory.partner(key.partner);
    if (!partner) throw refused();
    const actor: Actor = { kind: 'partner', id: partner.id, name: partner.name };
    store.keys.used(key, now);
    return { ...common, actor, partner, staff: null };
  }
  const staff = key.staff === null ? null : await store.directory.staffMember(key.staff);
  if (!staff || staff.suspended) throw refused();
  store.keys.used(key, now);
  return { ...common, actor: actorOf(staff), partner: null, staff };
}

function refused(): Refusal {
  return unauthenticated(
    'This API key is not valid: unknown, expired or revoked.',
    ', error="invalid_token"',
  );
}

function unauthenticated(detail: string, error: string): Refusal {
  return new Refusal('unauthenticated', detail, {
    headers: { 'www-authenticate': `Bearer realm="nightdesk"${error}` },
  });
}

/** @throws Refusal `forbidden` */
export function authorize(caller: Caller, { who, scope }: Access): void {
  const is: Who = caller.staff ? caller.staff.role : 'partner';
  if (!who.includes(is)) throw new Refusal('forbidden', `This is for ${namesOf(who)}.`);
  if (scope !== null && !caller.scopes.includes(scope) && !caller.scopes.includes('admin')) {
    throw new Refusal('forbidden', `This key lacks the scope ${scope}.`);
  }
}

const names: Record<Who, string> = {
  partner: 'partners',
  engineer: 'engineers',
  agent: 'agents',
  manager: 'managers',
  admin: 'admins',
} satisfies Record<'partner' | StaffRole, string>;

function namesOf(who: readonly Who[]): string {
  return who.map((one) => names[one]).join(', ');
}

/** The caller as the escalation rules know staff. */
export function byStaff({ staff }: Caller): ByStaff {
  if (!staff) throw new Refusal('forbidden', 'This is for staff.');
  return { person: { id: staff.id, name: staff.name }, role: staff.role, via: 'api' };
}
