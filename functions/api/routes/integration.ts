import * as operations from '../../../shared/contract/operations/integration.ts';
import { isActive, rotatedKey } from '../../../shared/domain/api-key.ts';
import type { ApiKey } from '../../../shared/domain/directory.ts';
import { makeApiKey, newSecret } from '../../../shared/runtime/api-key.ts';
import { empty, json, Refusal } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import { type Call, openRoute, type Route, route } from '../call.ts';
import { auditOf, known, recorded, there } from '../lookups.ts';

export const integration: Route[] = [
  route(operations.createApiKey, async (call) => {
    const { body, desk, now } = call;
    const { store, random } = desk;
    if (body.expiresAt !== null && body.expiresAt <= now) {
      throw invalid([{ field: 'expiresAt', message: 'must be in the future' }]);
    }
    if (body.partner)
      known(await store.directory.partner(body.partner, { fresh: true }), 'partner', body.partner);
    if (body.staff) known(await store.directory.staffMember(body.staff), 'staff', body.staff);
    const { key, record } = makeApiKey(random, { ...body, createdAt: now });
    const answer = json(201, { ...presentKey(record), key }, { location: `/v1/api-keys/${record.id}` });
    return async (keep) => {
      await store.keys.put(
        record,
        recorded(call, keep, () => answer),
      );
      return answer;
    };
  }),

  route(operations.listApiKeys, async ({ query, desk: { store } }) => {
    const found = await store.keys.list(query);
    return json(200, { ...found, data: found.data.map(presentKey) });
  }),

  route(operations.getApiKey, async (call) => json(200, presentKey(await keyOf(call)))),

  route(operations.rotateApiKey, async (call) => {
    const { body, desk, now } = call;
    const old = await keyOf(call);
    if (!isActive(old, now) || old.rotatedTo !== null) throw ended(old);
    if (body.expiresAt !== undefined && !isAdmin(call.caller)) {
      throw invalid([{ field: 'expiresAt', message: 'is for admins: a key gives itself no longer life' }]);
    }
    if (body.expiresAt && body.expiresAt <= now) {
      throw invalid([{ field: 'expiresAt', message: 'must be in the future' }]);
    }
    const { key, ...made } = newSecret(desk.random);
    const { overlapHours, ...life } = body;
    const rotated = rotatedKey(old, made, { now, overlapSeconds: overlapHours * 3_600, ...life });
    const { successor } = rotated;
    const answer = json(201, { ...presentKey(successor), key }, { location: `/v1/api-keys/${successor.id}` });
    return async (keep) => {
      await desk.store.keys.rotate(
        rotated,
        recorded(call, keep, () => answer),
      );
      return answer;
    };
  }),

  route(operations.revokeApiKey, async (call) => {
    const { params, desk, now } = call;
    const revoked = there(await desk.store.keys.revoke(params.id, now, auditOf(call)), 'API key');
    const successors = await successorsOf(call, revoked);
    if (successors.length === 0) return empty(204);
    return json(200, { revoked: presentKey(revoked), successors: successors.map(presentKey) });
  }),

  openRoute(operations.getOpenApi, async () => {
    const { openApiDocument } = await import('../openapi.ts');
    return { status: 200, body: openApiDocument, headers: { 'content-type': 'application/json' } };
  }),
];

/** The keys that took the place of one, and of each other, as far as they still work. */
async function successorsOf({ desk, now }: Pick<Call, 'desk' | 'now'>, key: ApiKey): Promise<ApiKey[]> {
  const working: ApiKey[] = [];
  for (let last: ApiKey | null = key; last?.rotatedTo; ) {
    last = await desk.store.keys.read(last.rotatedTo);
    if (last && isActive(last, now)) working.push(last);
  }
  return working;
}

function presentKey(key: ApiKey) {
  const { id, partner, staff, name, scopes, createdAt, expiresAt, revokedAt, lastUsedAt, rotatedTo } = key;
  return { id, partner, staff, name, scopes, createdAt, expiresAt, revokedAt, lastUsedAt, rotatedTo };
}

/** The key itself, which may say `self`, or any for an admin; for everybody else there is no other. */
async function keyOf({ params, caller, desk }: Call<{ id: string }>): Promise<ApiKey> {
  const id = params.id === 'self' ? caller.key : params.id;
  const may = id === caller.key || isAdmin(caller);
  return there(may ? await desk.store.keys.read(id) : null, 'API key');
}

const isAdmin = ({ staff, scopes }: Call['caller']): boolean =>
  staff?.role === 'admin' && scopes.includes('admin');

function ended({ rotatedTo }: ApiKey): Refusal {
  const how =
    rotatedTo === null ? 'It is revoked or has expired' : `${rotatedTo} has taken its place already`;
  return new Refusal('key_ended', `${how}: make a new key.`);
}
