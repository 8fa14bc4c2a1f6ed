import { nothingToDo } from '../../shared/domain/decision.ts';
import type { Roster } from '../../shared/domain/directory.ts';
import type { Escalation } from '../../shared/domain/escalation/escalation.ts';
import { informTicket } from '../../shared/domain/incident/tickets.ts';
import { follow } from '../../shared/domain/outage/follow.ts';
import { leadOf } from '../../shared/domain/outage/lead.ts';
import { type News, newsOf } from '../../shared/domain/outage/news.ts';
import { type Group, isLeading, keysOf, ledBy, type Member } from '../../shared/domain/outage/outage.ts';
import { isOverForAll } from '../../shared/domain/outage/step.ts';
import { wordElsewhere } from '../../shared/domain/outage/word.ts';
import { type CommandOptions, commandCase } from '../../shared/effects/command-case.ts';
import { type FollowMessage, followMessage, type InformMessage } from '../../shared/effects/messages.ts';
import type { FollowerQueue } from '../../shared/effects/queues.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { log } from '../../shared/runtime/logging.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Store } from '../../shared/store/store.ts';
import { wholeCase } from '../../shared/store/whole-case.ts';

export interface FollowDependencies {
  store: Store;
  followers: FollowerQueue;
  clock: Clock;
  random: Random;
}

/**
 * What happens to the lead of an outage happens to all that follow it. An event of an escalation that leads
 * is turned into one message a follower; each of these is a command on the follower's own case, which reads
 * the lead as it is then. So order does not matter, and what comes twice changes nothing. A lead that is gone
 * is replaced first: by the oldest follower that is still active. In the same way what happens to an incident is
 * brought to its tickets.
 */
export function makeHandler({ store, followers, clock, random }: FollowDependencies) {
  return queueFunction(
    followMessage,
    async (message, _record, once) => {
      if (message.kind === 'follow') await step(message, once, false);
      else if (message.kind === 'inform') await inform(message, once);
      else await bring(newsOf(message.event), once);
    },
    (): Once => {
      let read: Promise<Roster | null> | null = null;
      const roster = () => {
        read ??= store.directory.roster();
        return read;
      };
      return { roster, outages: store.outages.remembering() };
    },
  );

  async function bring(news: News | null, once: Once): Promise<void> {
    if (news?.to === 'followers') return spread(news, once);
    if (news?.to === 'lead') return word(news, once);
    if (news?.to === 'tickets') return spreadIncident(news);
  }

  async function spread({ address, escalation }: To<'followers'>, once: Once): Promise<void> {
    const state = await store.cases.escalation(address, escalation);
    if (!state) return;
    for (const key of keysOf(state.escalation)) await spreadTo(key, state.escalation, once);
  }

  async function spreadTo(key: string, lead: Escalation, once: Once): Promise<void> {
    const group = await store.outages.group(key);
    const outage = group && ledBy(lead, group);
    if (!outage) return;
    if (!isLeading(lead) && !isOverForAll(lead)) await replace(group, outage, once);
    let told = 0;
    for await (const members of store.outages.members(outage)) {
      await followers.send(
        members.map(({ partner, ticket, escalation }) => ({ kind: 'follow', partner, ticket, escalation })),
      );
      told += members.length;
    }
    const { ticket, partner, state } = lead;
    log.info('Followers are told of their lead.', { ticket, partner, state, followers: told });
  }

  async function replace(group: Group, outage: string, once: Once): Promise<void> {
    for await (const members of store.outages.members(outage)) {
      for (const member of members) {
        if (await step(member, { roster: once.roster }, true)) return;
        const now = await store.outages.group(group.key);
        if (now?.lead?.escalation !== group.lead?.escalation) return;
      }
    }
  }

  /** True when this one leads now. */
  async function step(
    member: Member | FollowMessage,
    once: Partial<Once>,
    mayLead: boolean,
  ): Promise<boolean> {
    const { partner, ticket, escalation } = member;
    const outcome = await commandCase(
      { store, clock, random },
      { partner, number: ticket },
      ({ state, roster }, now) =>
        follow(state, { id: escalation, roster, now }, mayLead) ?? nothingToDo(state),
      once,
    );
    if (outcome.refused) throw new Error(`A follower refused: ${outcome.detail}`);
    return outcome.decided.events.some(({ type }) => type === 'escalation.promoted');
  }

  /** News of an incident, from the desk's own log: one message for each of its tickets. */
  async function spreadIncident({ incident }: To<'tickets'>): Promise<void> {
    let told = 0;
    for await (const tickets of store.incidents.tickets(incident)) {
      await followers.send(tickets.map((address) => ({ kind: 'inform', ...address, incident })));
      told += tickets.length;
    }
    log.info('The tickets of an incident are told of it.', { incident, tickets: told });
  }

  async function inform({ partner, ticket, incident: number }: InformMessage, once: Once): Promise<void> {
    const incident = await store.incidents.read(number);
    if (!incident) return;
    await commandCase(
      { store, clock, random },
      { partner, number: ticket },
      ({ state }, now) => informTicket(state, incident, now),
      once,
    );
  }

  /** The holder wrote on the ticket of a follower: the lead hears it. */
  async function word({ address, by, saidAt }: To<'lead'>, once: Once): Promise<void> {
    const own = await wholeCase(store, address);
    const lead = own?.escalation && leadOf(own, own.escalation.id);
    if (!lead) return;
    await commandCase(
      { store, clock, random },
      lead,
      ({ state }, now) =>
        state.escalation?.id === lead.escalation
          ? wordElsewhere(state, by, { saidAt, now })
          : nothingToDo(state),
      once,
    );
  }
}

/** Who can be paged, and who leads whom: read once a batch, for all of its messages are of one moment. */
type Once = Required<Pick<CommandOptions, 'roster' | 'outages'>>;

type To<K extends News['to']> = Extract<News, { to: K }>;
