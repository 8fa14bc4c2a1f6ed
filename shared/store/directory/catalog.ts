import type { Partner, Plan, Service } from '../../domain/directory.ts';
import type { Clock } from '../../runtime/clock.ts';
import { Cache } from '../cache.ts';
import { absent } from '../conditions.ts';
import { cursorsFor } from '../cursor.ts';
import type { Item } from '../item.ts';
import * as keys from '../keys.ts';
import { type OnBadRow, parseIfAny, parseRows } from '../parse.ts';
import { partnerSchema, planSchema, serviceSchema } from '../schemas/directory.ts';
import type { Table } from '../table.ts';
import type { Directory } from '../types/directory.ts';

type Catalog = Pick<
  Directory,
  'partner' | 'putPartner' | 'partners' | 'plan' | 'plans' | 'putPlan' | 'service' | 'services' | 'putService'
>;

/** Partners, and what the provider offers them. */
export function catalog(table: Table, clock: Clock, onBadRow: OnBadRow): Catalog {
  const partners = new Cache<Partner>(clock);
  const plans = new Cache<Plan>(clock);
  const services = new Cache<Service>(clock);

  return {
    partner: (id, read) =>
      partners.get(id, async () => parseIfAny(partnerSchema(), await table.get(keys.partnerKey(id))), read),
    async putPartner(partner, { create } = { create: false }) {
      const put = { ...partner, ...keys.partnerKey(partner.id) };
      await table.transact([{ what: 'partner', put, if: create ? [absent('new')] : [] }]);
      partners.forget(partner.id);
    },
    async partners({ limit, cursor }) {
      const cursors = cursorsFor('partners');
      const after = cursors.decode(cursor);
      const rows: Item[] = [];
      const range = after === null ? {} : { range: { above: after } };
      for await (const page of table.pages({
        from: 'table',
        pk: keys.partnersPk,
        ...range,
        limit: limit + 1,
      })) {
        rows.push(...page);
        if (rows.length > limit) break;
      }
      const shown = rows.slice(0, limit);
      return {
        data: parseRows(partnerSchema(), shown, onBadRow),
        nextCursor: rows.length > limit ? cursors.encode(String(shown.at(-1)?.sk)) : null,
      };
    },

    plan: (id, read) =>
      plans.get(id, async () => parseIfAny(planSchema(), await table.get(keys.catalogKey('PLAN', id))), read),
    plans: async () => parseRows(planSchema(), await catalogRows('PLAN'), onBadRow),
    async putPlan(plan) {
      await table.put({ ...plan, ...keys.catalogKey('PLAN', plan.id) });
      plans.forget(plan.id);
    },

    service: (id, read) =>
      services.get(
        id,
        async () => parseIfAny(serviceSchema(), await table.get(keys.catalogKey('SERVICE', id))),
        read,
      ),
    services: async () => parseRows(serviceSchema(), await catalogRows('SERVICE'), onBadRow),
    async putService(service) {
      await table.put({ ...service, ...keys.catalogKey('SERVICE', service.id) });
      services.forget(service.id);
    },
  };

  function catalogRows(kind: keys.CatalogKind): Promise<Item[]> {
    const { pk, sk } = keys.catalogKey(kind, '');
    return table.all({ from: 'table', pk, range: { between: [sk, `${sk}~`] } });
  }
}
