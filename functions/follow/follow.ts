import { nothingToDo } from '../../shared/domain/decision.ts';
import type { Escalation } from '../../shared/domain/escalation/escalation.ts';
import { follow } from '../../shared/domain/outage/follow.ts';
import { type Group, groupKey, isLeading, type Member } from '../../shared/domain/outage/outage.ts';
import { isOverForAll } from '../../shared/domain/outage/step.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import { type FollowMessage, followMessage, type PublishedEvent } from '../../shared/effects/messages.ts';
import type { FollowerQueue } from '../../shared/effects/queues.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { log } from '../../shared/runtime/logging.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Store } from '../../shared/store/store.ts';

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
 * is replaced first: by the oldest follower that is still active.
 */
export function makeHandler({ store, followers, clock, random }: FollowDependencies) {
  return queueFunction(followMessage, (message) =>
    message.kind === 'event' ? spread(message.event) : step(message, false).then(() => undefined),
  );

  async function spread({ partner, ticket, data }: PublishedEvent): Promise<void> {
    // An event of the desk itself has no ticket, and no escalation.
    const id = idIn(data);
    if (partner === null || ticket === null) return;
    const state = id === null ? null : await store.cases.escalation({ partner, number: ticket }, id);
    const led = state && (await outageLedBy(state.escalation));
    if (!led) return;
    const lead = state.escalation;
    if (!isLeading(lead) && !isOverForAll(lead)) await replace(led.group, led.outage);
    let told = 0;
    for await (const members of store.outages.members(led.outage)) {
      await followers.send(members);
      told += members.length;
    }
    log.info('Followers are told of their lead.', { ticket, partner, state: lead.state, followers: told });
  }

  /** The outage that this escalation leads, whether it knows already or not, or led until it was over. */
  async function outageLedBy(escalation: Escalation): Promise<{ group: Group; outage: string } | null> {
    const key = escalation.outage?.key ?? (await keyOf(escalation));
    const group = key === null ? null : await store.outages.group(key);
    const { id, lead, former } = group ?? { id: null, lead: null, former: null };
    if (group && id && lead?.escalation === escalation.id) return { group, outage: id };
    return group && former?.lead.escalation === escalation.id ? { group, outage: former.id } : null;
  }

  async function keyOf({ partner, ticket: number, reason }: Escalation): Promise<string | null> {
    const ticket = await store.cases.ticket({ partner, number });
    return ticket && groupKey(ticket, reason);
  }

  async function replace(group: Group, outage: string): Promise<void> {
    for await (const members of store.outages.members(outage)) {
      for (const member of members) {
        if (await step(member, true)) return;
        const now = await store.outages.group(group.key);
        if (now?.lead?.escalation !== group.lead?.escalation) return;
      }
    }
  }

  /** True when this one leads now. */
  async function step(member: Member | FollowMessage, mayLead: boolean): Promise<boolean> {
    const { partner, ticket, escalation } = member;
    const outcome = await commandCase(
      { store, clock, random },
      { partner, number: ticket },
      ({ state, roster }, now) =>
        follow(state, { id: escalation, roster, now }, mayLead) ?? nothingToDo(state),
    );
    if (outcome.refused) throw new Error(`A follower refused: ${outcome.detail}`);
    return outcome.decided.outage.some((change) => 'group' in change);
  }
}

function idIn(data: Record<string, unknown>): string | null {
  const { escalation } = data;
  const has = typeof escalation === 'object' && escalation !== null && 'id' in escalation;
  return has && typeof escalation.id === 'string' ? escalation.id : null;
}
