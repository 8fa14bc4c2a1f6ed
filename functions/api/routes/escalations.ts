import * as operations from '../../../shared/contract/operations/escalations.ts';
import type { EscalationReason } from '../../../shared/contract/words.ts';
import { type Case, type Decision, refuse } from '../../../shared/domain/decision.ts';
import type { Roster } from '../../../shared/domain/directory.ts';
import {
  acknowledge,
  type ByStaff,
  cancel,
  groupAtPress,
  nightOf,
  notContacted,
  pass,
  press,
  resolveEscalation,
} from '../../../shared/domain/escalation/index.ts';
import type { Actor } from '../../../shared/domain/event.ts';
import { leadOf, seenFrom, wasPaged } from '../../../shared/domain/outage/lead.ts';
import type { PressView } from '../../../shared/domain/outage/place.ts';
import { split } from '../../../shared/domain/outage/split.ts';
import { asShown } from '../../../shared/domain/outage/step.ts';
import { isStopped } from '../../../shared/domain/ticket/clock.ts';
import { parseTicketNumber } from '../../../shared/domain/ticket/number.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { json, Refusal } from '../../../shared/runtime/http.ts';
import type { Conflict } from '../../../shared/store/conflict.ts';
import { type Call, type Route, route } from '../call.ts';
import { byStaff } from '../caller.ts';
import { addressOf, caseAt, commit, rosterOf } from '../cases.ts';
import type { Desk } from '../desk.ts';
import { caseToPress, escalationsInStep } from '../in-step.ts';
import { termsFor } from '../lookups.ts';
import { dialable } from '../phones/dialable.ts';
import { mostPagesInList, presentEscalation } from '../present/escalation.ts';
import { ticketPath } from '../present/ticket.ts';

/** The commit itself keeps to the cap: the count is read only once that has said that the night is full. */
async function nightCountOf(
  { store, clock }: Desk,
  partner: string,
  roster: Roster,
  conflict: Conflict | null,
): Promise<number> {
  const night = conflict?.failed.includes('night.cap') ? nightOf(roster, clock.now()) : null;
  return night === null ? 0 : store.cases.nightCount(partner, night);
}

export const escalations: Route[] = [
  route(operations.previewEscalation, async (call) => {
    const { caller, desk, now, query } = call;
    const [state, roster] = await Promise.all([caseAt(desk, await addressOf(call)), rosterOf(desk)]);
    const night = nightOf(roster, now);
    const [outage, nightCount] = await Promise.all([
      fallsInto(desk, state, query.reason),
      night === null ? 0 : desk.store.cases.nightCount(state.ticket.partner, night),
    ]);
    const { preview } = await import('../../../shared/domain/escalation/preview.ts');
    return json(
      200,
      preview(state, { reason: query.reason, by: caller.actor }, { roster, nightCount, outage, now }),
    );
  }),

  route(operations.escalate, async (call) => {
    const { body, caller, desk } = call;
    const address = await addressOf(call);
    const callback = { ...body.callback, dialable: await dialable(body.callback.phone) };
    return commit(
      call,
      {
        read: async (conflict) => {
          const [state, roster] = await Promise.all([caseToPress(desk, address), rosterOf(desk)]);
          const leads = state.escalation && leadOf(state, state.escalation.id);
          const [nightCount, outage, terms, lead] = await Promise.all([
            nightCountOf(desk, address.partner, roster, conflict),
            fallsInto(desk, state, body.reason),
            isStopped(state.ticket.status) ? termsFor(call, state.ticket) : null,
            leads && desk.store.cases.escalation(leads, leads.escalation),
          ]);
          return { state, roster, nightCount, outage, terms, lead };
        },
        decide: ({ state, ...facts }, now) =>
          press(state, { ...body, callback, by: caller.actor }, { ...facts, now }),
      },
      (committed, { events }) =>
        escalationAnswer(
          events.some(({ type }) => type === 'escalation.started') ? 202 : 200,
          committed,
          desk.clock.now(),
          {
            location: `${ticketPath(address.number)}/escalation`,
          },
        ),
    );
  }),

  route(operations.getEscalation, async (call) => {
    return escalationAnswer(200, await caseAt(call.desk, await addressOf(call)), call.now);
  }),

  route(operations.cancelEscalation, (call) => byAnybody(call, cancel)),

  route(operations.reportNotContacted, (call) => byAnybody(call, notContacted)),

  route(operations.splitEscalation, async (call) => {
    const { caller, desk } = call;
    const address = await addressOf(call);
    return commit(
      call,
      {
        read: async (conflict) => {
          const [state, roster] = await Promise.all([caseAt(desk, address), rosterOf(desk)]);
          const nightCount = await nightCountOf(desk, address.partner, roster, conflict);
          return { state, roster, nightCount };
        },
        decide: ({ state, ...facts }, now) => split(state, caller.actor, { ...facts, now }),
      },
      (committed) => escalationAnswer(200, committed, desk.clock.now()),
    );
  }),

  route(operations.listEscalations, async (call) => {
    const { cases } = call.desk.store;
    const found = await cases.escalations(call.query);
    const whole = await Promise.all(
      found.data.map(async (one) => {
        const read = await cases.escalation({ partner: one.partner, number: one.ticket }, one.id);
        return read ?? { escalation: one, pages: [] };
      }),
    );
    const pages = new Map(whole.map((one) => [one.escalation.id, one.pages]));
    const shown = await escalationsInStep(
      call,
      whole.map(({ escalation }) => escalation),
    );
    const { state } = call.query;
    const data = shown
      .filter((one) => state === undefined || one.state === state)
      .map((one) => presentEscalation(one, pages.get(one.id) ?? [], mostPagesInList));
    return json(200, { ...found, data });
  }),

  route(operations.acknowledgeEscalation, (call) => byHand(call, acknowledge, { withLead: true })),
  route(operations.passEscalation, (call) => byHand(call, pass, { withLead: true })),
  route(operations.resolveEscalation, (call) => byHand(call, resolveEscalation, { withLead: false })),
];

/** The group that a press would fall into. */
async function fallsInto(
  { store, random }: Desk,
  state: Case,
  reason: EscalationReason,
): Promise<PressView | null> {
  const key = groupAtPress(state, reason);
  return key === null ? null : { ...(await store.outages.atPress(key)), key, newId: random.id('out') };
}

function escalationAnswer(status: number, state: Case, now: Instant, headers: Record<string, string> = {}) {
  const escalation = asShown(state, now);
  if (!escalation) throw new Refusal('escalation_not_found', 'This ticket has not been escalated.');
  return json(status, presentEscalation(escalation, state.pages), headers);
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
    (committed) => escalationAnswer(200, committed, desk.clock.now()),
  );
}

/** Staff take, pass or end an emergency. A follower is taken and passed with its lead. */
async function byHand(
  call: Call<{ id: string }>,
  decide: (state: Case, by: ByStaff, facts: { roster: Roster; now: Instant }) => Decision,
  { withLead }: { withLead: boolean },
) {
  const { params, caller, desk } = call;
  const by = byStaff(caller);
  const address = await homeOf(call);
  let follower: Case | null = null;
  return commit(
    call,
    {
      read: async () => {
        const [own, roster] = await Promise.all([caseAt(desk, address), rosterOf(desk)]);
        const lead = withLead ? leadOf(own, params.id) : null;
        follower = lead && own;
        const state = lead ? await caseAt(desk, lead) : own;
        return {
          state,
          roster,
          id: lead?.escalation ?? params.id,
          paged: lead ? wasPaged(own, by.person) : false,
        };
      },
      decide: ({ state, roster, id, paged }, now) =>
        state.escalation?.id === id
          ? decide(state, { ...by, paged }, { roster, now })
          : refuse('not_active', 'This escalation is over; the ticket has a newer one.'),
    },
    (committed) =>
      escalationAnswer(200, follower ? seenFrom(follower, committed) : committed, desk.clock.now()),
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
