import * as operations from '../../../shared/contract/operations/integration.ts';
import type { ApiKey } from '../../../shared/domain/directory.ts';
import { makeApiKey } from '../../../shared/runtime/api-key.ts';
import { empty, json } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import { openRoute, type Route, route } from '../call.ts';
import { known, there } from '../lookups.ts';

export const integration: Route[] = [
  route(operations.createApiKey, async ({ body, desk: { store, random }, now }) => {
    if (body.expiresAt !== null && body.expiresAt <= now) {
      throw invalid([{ field: 'expiresAt', message: 'must be in the future' }]);
    }
    if (body.partner)
      known(await store.directory.partner(body.partner, { fresh: true }), 'partner', body.partner);
    if (body.staff) known(await store.directory.staffMember(body.staff), 'staff', body.staff);
    const { key, record } = makeApiKey(random, { ...body, createdAt: now });
    return async () => {
      await store.keys.put(record);
      return json(201, { ...presentKey(record), key }, { location: `/v1/api-keys/${record.id}` });
    };
  }),

  route(operations.listApiKeys, async ({ query, desk: { store } }) => {
    const found = await store.keys.list(query);
    return json(200, { ...found, data: found.data.map(presentKey) });
  }),

  route(operations.revokeApiKey, async ({ params, desk: { store }, now }) => {
    there(await store.keys.revoke(params.id, now), 'API key');
    return empty(204);
  }),

  openRoute(operations.getOpenApi, async () => {
    const { openApiDocument } = await import('../openapi.ts');
    return { status: 200, body: openApiDocument, headers: { 'content-type': 'application/json' } };
  }),
];

function presentKey({ id, partner, staff, scopes, createdAt, expiresAt, revokedAt }: ApiKey) {
  return { id, partner, staff, scopes, createdAt, expiresAt, revokedAt };
}
