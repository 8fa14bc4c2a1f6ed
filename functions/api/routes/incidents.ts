import * as operations from '../../../shared/contract/operations/incidents.ts';
import {
  changeIncident,
  type Incident,
  type IncidentDecision,
  openIncident,
  viewOf,
} from '../../../shared/domain/incident/incident.ts';
import { incidentNumber, parseIncidentNumber } from '../../../shared/domain/incident/number.ts';
import { incidentGroup } from '../../../shared/domain/outage/outage.ts';
import { parseTicketNumber } from '../../../shared/domain/ticket/number.ts';
import { empty, json } from '../../../shared/runtime/http.ts';
import { decideAndCommit } from '../../../shared/store/decide-and-commit.ts';
import type { TicketAddress } from '../../../shared/store/types/cases.ts';
import type { IdempotencyRecord } from '../../../shared/store/types/idempotency.ts';
import { untilNoConflict } from '../../../shared/store/until-no-conflict.ts';
import { type Call, type Route, route } from '../call.ts';
import { caseAt, refusalFrom, rosterOf } from '../cases.ts';
import type { Desk } from '../desk.ts';
import { etagOf, mustMatch } from '../etag.ts';
import { known, there } from '../lookups.ts';

const mostTickets = 1_000;
/** Tickets linked side by side. */
const atOnce = 5;

export const incidents: Route[] = [
  route(operations.createIncident, async (call) => {
    const { body, caller, desk, now } = call;
    await knownService(desk, body.service);
    const number = incidentNumber(desk.random.bytes(7));
    const location = `/v1/incidents/${number}`;
    const answer = (incident: Incident) => json(201, present(incident), { location, etag: etagOf(incident) });
    return async (keep) => {
      const read = async () => ({
        before: null,
        decision: openIncident({ ...body, number, by: caller.actor }, now),
      });
      return answer(await committed(call, read, (incident) => keep(answer(incident))));
    };
  }),

  route(operations.listIncidents, async ({ query, desk }) => {
    const found = await desk.store.incidents.list(query);
    return json(200, { ...found, data: found.data.map(present) });
  }),

  route(operations.getIncident, async (call) => whole(call.desk, await incidentOf(call))),

  route(operations.updateIncident, async (call) => {
    const { body, caller, desk, now } = call;
    await knownService(desk, body.service ?? null);
    const incident = await committed(call, async () => {
      const before = await incidentOf(call);
      mustMatch(call, etagOf(before));
      return { before, decision: changeIncident(before, { ...body, by: caller.actor }, now) };
    });
    return json(200, present(incident), { etag: etagOf(incident) });
  }),

  route(operations.linkTickets, async (call) => {
    const { desk, body } = call;
    const incident = await incidentOf(call);
    const addresses = await Promise.all([...new Set(body.tickets)].map((text) => addressOf(desk, text)));
    return async () => {
      for (let from = 0; from < addresses.length; from += atOnce) {
        await Promise.all(
          addresses.slice(from, from + atOnce).map((address) => link(call, incident, address)),
        );
      }
      return whole(desk, incident);
    };
  }),

  route(operations.unlinkTicket, async ({ params, desk, caller }) => {
    const incident = await incidentOf({ params, desk });
    const ticket = parseTicketNumber(params.ticket);
    const address = there(ticket.ok ? await desk.store.cases.find(ticket.number) : null, 'ticket');
    const { unlinkTicket } = await import('../../../shared/domain/incident/tickets.ts');
    const outcome = await decideAndCommit(desk, {
      async read() {
        const [state, roster] = await Promise.all([caseAt(desk, address), rosterOf(desk)]);
        return { state, roster };
      },
      decide: ({ state, roster }, now) => unlinkTicket(state, incident, { roster, by: caller.actor, now }),
      key: caller.firstKey,
    });
    if (outcome.refused) throw refusalFrom(outcome);
    return empty(204);
  }),
];

/** Decides on what was read and writes it with its event in the desk's own log; again when either moved meanwhile. */
function committed(
  { desk: { store, random, clock }, caller: { firstKey: key } }: Pick<Call, 'desk' | 'caller'>,
  read: () => Promise<{ before: Incident | null; decision: IncidentDecision }>,
  recordOf?: (after: Incident) => IdempotencyRecord | undefined,
): Promise<Incident> {
  return untilNoConflict(random, async () => {
    const [head, { before, decision }] = await Promise.all([store.log.head(), read()]);
    const { incident: after, events } = decision;
    if (events.length === 0) return after;
    const record = recordOf?.(after);
    const what = { events, key, incident: { before, after } };
    await store.log.commit(head, { ...what, ...(record && { record }) }, clock.now());
    return after;
  });
}

/** Then the ticket is told what became of the incident meanwhile: whoever was told before did not know of it. */
async function link({ desk, caller }: Call, incident: Incident, address: TicketAddress): Promise<void> {
  const { store, random } = desk;
  const key = incidentGroup(incident.number);
  const { informTicket, linkTicket } = await import('../../../shared/domain/incident/tickets.ts');
  const outcome = await decideAndCommit(desk, {
    async read() {
      const [state, roster, group] = await Promise.all([
        caseAt(desk, address),
        rosterOf(desk),
        store.outages.atPress(key),
      ]);
      return { state, roster, view: { ...group, key, newId: random.id('out') } };
    },
    decide: ({ state, roster, view }, now) =>
      linkTicket(state, incident, { roster, view, by: caller.actor, now }),
    key: caller.firstKey,
  });
  if (outcome.refused) throw refusalFrom(outcome);
  const latest = await store.incidents.read(incident.number);
  if (!latest || latest.version === incident.version) return;
  await decideAndCommit(desk, {
    read: async () => ({ state: await caseAt(desk, address) }),
    decide: ({ state }, now) => informTicket(state, latest, now),
  });
}

async function addressOf({ store }: Desk, text: string): Promise<TicketAddress> {
  const parsed = parseTicketNumber(text);
  return known(parsed.ok ? await store.cases.find(parsed.number) : null, 'tickets', text);
}

async function incidentOf({ params, desk }: Pick<Call<{ number: string }>, 'params' | 'desk'>) {
  const number = parseIncidentNumber(params.number);
  return there(number === null ? null : await desk.store.incidents.read(number), 'incident');
}

async function knownService({ store }: Desk, service: string | null): Promise<void> {
  if (service !== null) known(await store.directory.service(service), 'service', service);
}

async function whole({ store }: Desk, incident: Incident) {
  const tickets: { number: string; partner: string }[] = [];
  for await (const some of store.incidents.tickets(incident.number)) {
    tickets.push(...some.map(({ partner, ticket: number }) => ({ number, partner })));
    if (tickets.length >= mostTickets) break;
  }
  const body = { ...present(incident), tickets: tickets.slice(0, mostTickets) };
  return json(200, body, { etag: etagOf(incident) });
}

function present(incident: Incident) {
  const { updates, resolvedAt, createdAt } = incident;
  return { ...viewOf(incident), updates, resolvedAt, createdAt };
}
