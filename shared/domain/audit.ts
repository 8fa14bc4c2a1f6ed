import type { ConfigurationKind } from '../contract/words.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ApiKey, Partner, Staff } from './directory.ts';
import type { Actor, NewEvent } from './event.ts';
import type { WebhookEndpoint } from './webhook/webhook.ts';

/**
 * What the desk's own log keeps of a change of the directory: what it was, who did it and which fields changed.
 * For staff alone; no secret, no hash, no phone number and no address is in it.
 */

/** Who changes something, and with which API key (the first of its chain of rotations). */
export interface Audit {
  by: Actor;
  key: string | null;
}

/** null: nothing has changed. */
export function partnerChanged(before: Partner | null, after: Partner, by: Actor): NewEvent | null {
  const { id, name, plan } = after;
  return event('partner', before, after, by, { partner: { id, name, plan } });
}

/** null: nothing has changed. */
export function staffChanged(before: Staff | null, after: Staff, by: Actor): NewEvent | null {
  const { id, name, role, suspended } = after;
  return event('staff', before, after, by, { staff: { id, name, role, suspended } });
}

/** null: nothing has changed. */
export function configurationChanged(
  { kind, id }: { kind: ConfigurationKind; id: string },
  before: object | null,
  after: object,
  by: Actor,
): NewEvent | null {
  const changed = changedFields(before, after);
  if (before !== null && changed.length === 0) return null;
  const data = { configuration: { kind, id, created: before === null }, changed };
  return { type: 'configuration.updated', actor: by, internal: true, data };
}

export function keyCreated(key: ApiKey, by: Actor): NewEvent {
  return { type: 'api_key.created', actor: by, internal: true, data: { apiKey: shown(key) } };
}

/** `old` as it has become: it works until it expires. */
export function keyRotated(old: ApiKey, successor: ApiKey, by: Actor): NewEvent {
  const replaces = { id: old.id, worksUntil: old.expiresAt };
  return {
    type: 'api_key.rotated',
    actor: by,
    internal: true,
    data: { apiKey: shown(successor), replaces },
  };
}

export function keyRevoked(key: ApiKey, by: Actor): NewEvent {
  return { type: 'api_key.revoked', actor: by, internal: true, data: { apiKey: shown(key) } };
}

/** null: nothing has changed. Of the address the host alone: there are addresses that are secrets. */
export function webhookChanged(
  before: WebhookEndpoint | null,
  after: WebhookEndpoint | null,
  by: Actor,
): NewEvent | null {
  const endpoint = after ?? before;
  if (!endpoint) return null;
  const { id, partner, url, status } = endpoint;
  const changed = before && after ? changedFields(settingsOf(before), settingsOf(after)) : [];
  if (before && after && changed.length === 0) return null;
  const type = !before ? 'webhook.created' : after ? 'webhook.updated' : 'webhook.deleted';
  const webhook = { id, partner, host: new URL(url).host, status };
  return { type, actor: by, internal: true, data: { webhook, changed } };
}

function settingsOf({ url, eventTypes, description, payload, ignoredKey, secret, status }: WebhookEndpoint) {
  return { url, eventTypes, description, payload, ignoreOwn: ignoredKey !== null, secret, status };
}

function shown({ id, name, partner, staff, scopes, expiresAt }: ApiKey) {
  return { id, name, partner, staff, scopes, expiresAt };
}

function event(
  subject: 'partner' | 'staff',
  before: object | null,
  after: object,
  by: Actor,
  data: Record<string, unknown>,
): NewEvent | null {
  const changed = changedFields(before, after);
  if (before !== null && changed.length === 0) return null;
  const type = before === null ? (`${subject}.created` as const) : (`${subject}.updated` as const);
  return { type, actor: by, internal: true, data: { ...data, changed } };
}

/** The names of the fields in which the two differ; none of what is new. */
function changedFields(before: object | null, after: object): string[] {
  if (before === null) return [];
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((field) => canonicalJson(was.get(field) ?? null) !== canonicalJson(is.get(field) ?? null))
    .sort();
}
