import * as z from 'zod';
import { lazy } from '../../shared/contract/lazy.ts';
import type { Staff } from '../../shared/domain/directory.ts';
import { choose, type Held, names } from '../../shared/domain/sms/choose.ts';
import { parseReply, type Reply } from '../../shared/domain/sms/parse.ts';
import { decideReply, looseAnswer } from '../../shared/domain/sms/reply.ts';
import { type Instant, instantOf } from '../../shared/domain/time.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { log } from '../../shared/runtime/logging.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import type { Store } from '../../shared/store/store.ts';

export interface SmsInboundDependencies {
  store: Store;
  clock: Clock;
  random: Random;
}

/** https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html */
const twoWayMessage = lazy(() =>
  z.object({
    originationNumber: z.string().min(1),
    messageBody: z.string(),
    inboundMessageId: z.string().min(1),
  }),
);

interface Inbound {
  id: string;
  sentAt: Instant;
  phone: string;
  staff: Staff;
  reply: Reply;
}

/**
 * What somebody answered by SMS is done, and answered, in one transaction for each escalation that it means.
 * An unknown number gets silence. A message that comes twice is taken once: by its id here, and should this
 * function die between doing and noting that, by the answer's id in the decision.
 */
export function makeHandler({ store, clock, random }: SmsInboundDependencies) {
  return queueFunction(twoWayMessage, async (message, { attributes }) => {
    const id = message.inboundMessageId;
    if (await store.pages.inboundSeen(id)) return;
    const phone = message.originationNumber;
    const staff = await store.directory.staffByPhone(phone);
    const sentAt = instantOf(Number(attributes.SentTimestamp));
    if (staff) await take({ id, sentAt, phone, staff, reply: parseReply(message.messageBody) });
    else log.info('An SMS from an unknown number was left unanswered.', { inbound: id });
    await store.pages.markInbound(id, clock.now());
  });

  async function take(inbound: Inbound): Promise<void> {
    const choice = choose(inbound.reply, await shownTo(inbound), inbound);
    switch (choice.kind) {
      case 'silence':
        return;
      case 'say':
        return say(inbound, choice.text);
      case 'these':
        // One after the other: two of them may be of one ticket.
        for (const held of choice.held) await reply(inbound, held);
    }
  }

  /** The escalations that this phone was shown and the reply may mean, as they are now. */
  async function shownTo({ phone, reply }: Inbound): Promise<Held[]> {
    const codes = (await store.pages.codes(phone)).filter((given) => names(reply, given));
    const held = await Promise.all(
      codes.map(async ({ code, escalation, partner, ticket, givenAt }) => {
        const state = await store.cases.read({ partner, number: ticket });
        return state ? [{ code, escalation, givenAt, state }] : [];
      }),
    );
    return held.flat();
  }

  async function reply({ id, phone, staff, reply }: Inbound, held: Held): Promise<void> {
    const { partner, number } = held.state.ticket;
    const outcome = await commandCase(
      { store, clock, random },
      { partner, number },
      ({ state, roster }, now) =>
        decideReply(state, { reply, held, staff, phone, messageId: id, roster, now }),
    );
    log.info('A reply by SMS was taken.', {
      ticket: number,
      partner,
      staff: staff.id,
      reply: reply.kind === 'command' ? reply.verb : reply.kind,
      events: outcome.refused ? [] : outcome.decided.events.map((event) => event.type),
    });
  }

  /** An answer about no one ticket. That it is there already says that this message was answered before. */
  async function say({ id, phone, staff, reply }: Inbound, text: string): Promise<void> {
    const now = clock.now();
    const page = looseAnswer({ id: `ans_${id}`, phone, staff, text, now });
    try {
      await store.pages.commit({ page, from: null, timers: [] }, now);
      log.info('A reply by SMS was answered.', { staff: staff.id, reply: reply.kind });
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}
