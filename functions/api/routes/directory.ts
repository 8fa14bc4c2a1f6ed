import * as operations from '../../../shared/contract/operations/directory.ts';
import type { Partner, Plan } from '../../../shared/domain/directory.ts';
import { json, Refusal } from '../../../shared/runtime/http.ts';
import { type Route, route } from '../call.ts';
import { known, there, unlessTaken } from '../lookups.ts';
import { byId, paged } from '../paged.ts';
import { presentSetup } from '../present/setup.ts';

export const directory: Route[] = [
  route(operations.createPartner, async ({ body, desk: { store, random }, now }) => {
    known(await store.directory.plan(body.plan, { fresh: true }), 'plan', body.plan);
    const partner: Partner = { ...body, id: body.id ?? random.id('ptn'), createdAt: now };
    return () =>
      unlessTaken(
        () => idTaken(partner.id),
        async () => {
          await store.directory.putPartner(partner, { create: true });
          return json(201, partner, { location: `/v1/partners/${partner.id}` });
        },
      );
  }),

  route(operations.listPartners, async ({ query, desk: { store } }) =>
    json(200, await store.directory.partners(query)),
  ),

  route(operations.getPartner, async ({ params, desk: { store } }) =>
    json(200, there(await store.directory.partner(params.id, { fresh: true }), 'partner')),
  ),

  route(operations.updatePartner, async ({ params, body, desk: { store } }) => {
    const partner = there(await store.directory.partner(params.id, { fresh: true }), 'partner');
    if (body.plan !== undefined)
      known(await store.directory.plan(body.plan, { fresh: true }), 'plan', body.plan);
    const changed = { ...partner, ...body };
    await store.directory.putPartner(changed);
    return json(200, changed);
  }),

  route(operations.createPlan, async ({ body, desk: { store, random } }) => {
    known(await store.directory.calendar(body.calendar, { fresh: true }), 'calendar', body.calendar);
    const plan: Plan = { ...body, id: body.id ?? random.id('pln') };
    if (await store.directory.plan(plan.id, { fresh: true })) throw idTaken(plan.id);
    return async () => {
      await store.directory.putPlan(plan);
      return json(201, plan, { location: `/v1/plans/${plan.id}` });
    };
  }),

  route(operations.listPlans, async ({ query, desk: { store } }) =>
    json(200, paged(await store.directory.plans(), query, ['plans'], byId)),
  ),

  route(operations.getPlan, async ({ params, desk: { store } }) =>
    json(200, there(await store.directory.plan(params.id, { fresh: true }), 'plan')),
  ),

  route(operations.updatePlan, async ({ params, body, desk: { store } }) => {
    const plan = there(await store.directory.plan(params.id, { fresh: true }), 'plan');
    if (body.calendar !== undefined) {
      known(await store.directory.calendar(body.calendar, { fresh: true }), 'calendar', body.calendar);
    }
    const changed = { ...plan, ...body };
    await store.directory.putPlan(changed);
    return json(200, changed);
  }),

  route(operations.listServices, async ({ query, desk: { store } }) =>
    json(200, paged(await store.directory.services(), query, ['services'], byId)),
  ),

  route(operations.getService, async ({ params, desk: { store } }) =>
    json(200, there(await store.directory.service(params.id, { fresh: true }), 'service')),
  ),

  route(operations.putService, async ({ params, body, desk: { store } }) => {
    const service = { ...body, id: params.id };
    await store.directory.putService(service);
    return json(200, service);
  }),

  route(operations.getProvider, async ({ desk: { store } }) =>
    json(200, there(await store.directory.provider({ fresh: true }), 'provider')),
  ),

  route(operations.putProvider, async ({ body, desk: { store } }) => {
    const { directory } = store;
    known(await directory.calendar(body.calendar, { fresh: true }), 'calendar', body.calendar);
    known(await directory.policy(body.policy), 'policy', body.policy);
    await store.directory.putProvider(body);
    return json(200, body);
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
    return json(200, presentSetup({ ...parts, partners: partners.data, now }));
  }),
];

function idTaken(id: string): Refusal {
  return new Refusal('already_exists', `There is one with the id ${id} already.`, {
    errors: [{ field: 'id', message: 'is taken' }],
  });
}
