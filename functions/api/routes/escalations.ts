import * as operations from '../../../shared/contract/operations/escalations.ts';
import { type Case, type Decision, refuse } from '../../../shared/domain/decision.ts';
import type { Roster } from '../../../shared/domain/directory.ts';
import {
  acknowledge,
  type ByStaff,
  cancel,
  nightOf,
  notContacted,
  pass,
  press,
  preview,
  resolveEscalation,
} from '../../../shared/domain/escalation/index.ts';
import type { Actor } from '../../../shared/domain/event.ts';
import { parseTicketNumber } from '../../../shared/domain/ticket/number.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { json, Refusal } from '../../../shared/runtime/http.ts';
import { type Call, type Route, route } from '../call.ts';
import { byStaff } from '../caller.ts';
import { addressOf, caseAt, commit, rosterOf } from '../cases.ts';
import { dialable } from '../phones/dialable.ts';
import { presentEscalation } from '../present/escalation.ts';
import { ticketPath } from '../present/ticket.ts';

export const escalations: Route[] = [
  route(operations.previewEscalation, async (call) => {
    const { desk, now } = call;
    const state = await caseAt(desk, await addressOf(call));
    return json(200, preview(state, await rosterOf(desk), now));
  }),

  route(operations.escalate, async (call) => {
    const { body, caller, desk } = call;
    const address = await addressOf(call);
    const callback = { ...body.callback, dialable: await dialable(body.callback.phone) };
    return commit(
      call,
      {
        read: async () => {
          const [state, roster] = await Promise.all([caseAt(desk, address), rosterOf(desk)]);
          const night = nightOf(roster, desk.clock.now());
          const nightCount = night === null ? 0 : await desk.store.cases.nightCount(address.partner, night);
          return { state, roster, nightCount };
        },
        decide: ({ state, roster, nightCount }, now) =>
          press(state, { ...body, callback, by: caller.actor }, { roster, nightCount, now }),
      },
      (committed, { events }) =>
        escalationAnswer(events.some(({ type }) => type === 'escalation.started') ? 202 : 200, committed, {
          location: `${ticketPath(address.number)}/escalation`,
        }),
    );
  }),

  route(operations.getEscalation, async (call) => {
    return escalationAnswer(200, await caseAt(call.desk, await addressOf(call)));
  }),

  route(operations.cancelEscalation, (call) => byAnybody(call, cancel)),

  route(operations.reportNotContacted, (call) => byAnybody(call, notContacted)),

  route(operations.listEscalations, async ({ query, desk }) => {
    const { cases } = desk.store;
    const found = await cases.escalations(query);
    const withPages = await Promise.all(
      found.data.map(async ({ partner, ticket, id, ...rest }) => {
        const whole = await cases.escalation({ partner, number: ticket }, id);
        return presentEscalation({ ...rest, partner, ticket, id, ...whole?.escalation }, whole?.pages ?? []);
      }),
    );
    return json(200, { ...found, data: withPages });
  }),

  route(operations.acknowledgeEscalation, (call) => byHand(call, acknowledge)),
  route(operations.passEscalation, (call) => byHand(call, pass)),
  route(operations.resolveEscalation, (call) => byHand(call, resolveEscalation)),
];

function escalationAnswer(status: number, { escalation, pages }: Case, headers: Record<string, string> = {}) {
  if (!escalation) throw new Refusal('escalation_not_found', 'This ticket has not been escalated.');
  return json(status, presentEscalation(escalation, pages), headers);
}

/** Whoever may write to the ticket acts on its latest escalation. */
async function byAnybody(
  call: Call<{ number: string }>,
  decide: (state: Case, by: Actor, facts: { roster: Roster; now: Instant }) => Decision,
) {
  const { caller, desk } = call;
  const address = await addressOf(call);
  return commit(
    call,
    {
      read: async () => ({ state: await caseAt(desk, address), roster: await rosterOf(desk) }),
      decide: ({ state, roster }, now) => decide(state, caller.actor, { roster, now }),
    },
    (committed) => escalationAnswer(200, committed),
  );
}

/** Staff take, pass or end an emergency. */
async function byHand(
  call: Call<{ id: string }>,
  decide: (state: Case, by: ByStaff, facts: { roster: Roster; now: Instant }) => Decision,
) {
  const { params, caller, desk } = call;
  const by = byStaff(caller);
  const address = await homeOf(call);
  return commit(
    call,
    {
      read: async () => ({ state: await caseAt(desk, address), roster: await rosterOf(desk) }),
      decide: ({ state, roster }, now) =>
        state.escalation?.id === params.id
          ? decide(state, by, { roster, now })
          : refuse('not_active', 'This escalation is over; the ticket has a newer one.'),
    },
    (committed) => escalationAnswer(200, committed),
  );
}

/** The id says where it lives: `esc_<ticket symbols>_<ordinal>`. */
async function homeOf({ params: { id }, desk }: Pick<Call<{ id: string }>, 'params' | 'desk'>) {
  const [, symbols] = /^esc_([0-9A-Z]{8})_[1-9][0-9]{0,5}$/.exec(id) ?? [];
  const parsed = parseTicketNumber(`ND${symbols ?? ''}`);
  const address = parsed.ok ? await desk.store.cases.find(parsed.number) : null;
  const found = address && (await desk.store.cases.escalation(address, id));
  if (!found) throw new Refusal('escalation_not_found', `There is no such escalation.`);
  return address;
}
