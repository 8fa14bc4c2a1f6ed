import * as operations from '../../../shared/contract/operations/directory.ts';
import { type Answer, json, Refusal } from '../../../shared/runtime/http.ts';
import type { Entries } from '../../../shared/store/types/directory.ts';
import { type Call, type Keep, type Route, route } from '../call.ts';
import { changed, shown } from '../changed.ts';
import { tagOf } from '../etag.ts';
import { known, recorded, there } from '../lookups.ts';
import { byId, paged } from '../paged.ts';

export const directory: Route[] = [
  route(operations.createPartner, async (call) => {
    const { body, desk, now } = call;
    known(await desk.store.directory.plan(body.plan, { fresh: true }), 'plan', body.plan);
    const id = body.id ?? desk.random.id('ptn');
    const partner = { ...body, id, createdAt: now };
    return (keep) => created(call, keep, 'partner', `/v1/partners/${id}`, partner);
  }),

  route(operations.listPartners, async ({ query, desk: { store } }) =>
    json(200, await store.directory.partners(query)),
  ),

  route(operations.getPartner, async ({ params, desk: { store } }) =>
    shown(there(await store.directory.partner(params.id, { fresh: true }), 'partner')),
  ),

  route(operations.updatePartner, async (call) => {
    const { params, body, desk } = call;
    const { directory } = desk.store;
    if (body.plan !== undefined) known(await directory.plan(body.plan, { fresh: true }), 'plan', body.plan);
    return changed(call, 'partner', params.id, (before) => ({ ...there(before, 'partner'), ...body }));
  }),

  route(operations.createPlan, async (call) => {
    const { body, desk } = call;
    const { calendar } = body;
    known(await desk.store.directory.calendar(calendar, { fresh: true }), 'calendar', calendar);
    const id = body.id ?? desk.random.id('pln');
    return (keep) => created(call, keep, 'plan', `/v1/plans/${id}`, { ...body, id });
  }),

  route(operations.listPlans, async ({ query, desk: { store } }) =>
    json(200, paged(await store.directory.plans(), query, ['plans'], byId)),
  ),

  route(operations.getPlan, async ({ params, desk: { store } }) =>
    shown(there(await store.directory.plan(params.id, { fresh: true }), 'plan')),
  ),

  route(operations.updatePlan, async (call) => {
    const { params, body, desk } = call;
    if (body.calendar !== undefined) {
      known(await desk.store.directory.calendar(body.calendar, { fresh: true }), 'calendar', body.calendar);
    }
    return changed(call, 'plan', params.id, (before) => ({ ...there(before, 'plan'), ...body }));
  }),

  route(operations.listServices, async ({ query, desk: { store } }) =>
    json(200, paged(await store.directory.services(), query, ['services'], byId)),
  ),

  route(operations.getService, async ({ params, desk: { store } }) =>
    shown(there(await store.directory.service(params.id, { fresh: true }), 'service')),
  ),

  route(operations.putService, (call) =>
    changed(call, 'service', call.params.id, () => ({ ...call.body, id: call.params.id })),
  ),

  route(operations.getProvider, async ({ desk: { store } }) =>
    shown(there(await store.directory.provider({ fresh: true }), 'provider')),
  ),

  route(operations.putProvider, async (call) => {
    const { body, desk } = call;
    const { directory } = desk.store;
    known(await directory.calendar(body.calendar, { fresh: true }), 'calendar', body.calendar);
    known(await directory.policy(body.policy), 'policy', body.policy);
    return changed(call, 'provider', 'provider', () => body);
  }),

  route(operations.getSetup, async ({ desk: { store }, now }) => {
    const { directory } = store;
    const [provider, roster, schedules, staff, plans, partners, services] = await Promise.all([
      directory.provider({ fresh: true }),
      directory.roster(),
      directory.schedules(),
      directory.staff(),
      directory.plans(),
      directory.partners({ limit: 1 }),
      directory.services(),
    ]);
    const [calendar, policy] = await Promise.all([
      directory.calendar(provider?.calendar ?? 'default', { fresh: true }),
      directory.policy(provider?.policy ?? 'default'),
    ]);
    const parts = { provider, calendar, policy, roster, schedules, staff, plans, services };
    const { presentSetup } = await import('../present/setup.ts');
    return json(200, presentSetup({ ...parts, partners: partners.data, now }));
  }),
];

/** Something new of the directory, which nobody may have made before. */
async function created<K extends 'partner' | 'plan'>(
  call: Pick<Call, 'desk' | 'caller'>,
  keep: Keep,
  kind: K,
  location: string,
  entry: Entries[K],
): Promise<Answer> {
  const refuse = (before: Entries[K] | null): Entries[K] => {
    if (before !== null) throw idTaken(entry.id);
    return entry;
  };
  const answer = (after: Entries[K]) => json(201, after, { location, etag: tagOf(after) });
  return answer(await call.desk.store.directory.change(kind, entry.id, refuse, recorded(call, keep, answer)));
}

function idTaken(id: string): Refusal {
  return new Refusal('already_exists', `There is one with the id ${id} already.`, {
    errors: [{ field: 'id', message: 'is taken' }],
  });
}
