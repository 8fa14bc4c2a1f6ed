import * as z from 'zod';
import { lazy } from '../../shared/contract/lazy.ts';
import type { Staff } from '../../shared/domain/directory.ts';
import { isPageable } from '../../shared/domain/escalation/whom.ts';
import { countError, goodCommand, type ShownNow } from '../../shared/domain/phone/phone.ts';
import { hasLapsed, type Verification, verifies } from '../../shared/domain/reach/verification.ts';
import { type Choice, choose, targetOf } from '../../shared/domain/sms/choose.ts';
import { parseReply, type Reply } from '../../shared/domain/sms/parse.ts';
import { decideReply, looseAnswer } from '../../shared/domain/sms/reply.ts';
import { thanked } from '../../shared/domain/sms/thanks.ts';
import { earlier, type Instant, instantOf } from '../../shared/domain/time.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { log } from '../../shared/runtime/logging.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import type { Outcome } from '../../shared/store/decide-and-commit.ts';
import type { Store } from '../../shared/store/store.ts';
import type { Inbound } from '../../shared/store/types/phones.ts';
import { untilNoConflict } from '../../shared/store/until-no-conflict.ts';
import { withLeads } from './leads.ts';

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

/** One `all` may mean hundreds. */
const actsAtOnce = 8;

interface Message {
  id: string;
  phone: string;
  staff: Staff;
  reply: Reply;
}

/**
 * What somebody answered by SMS is done, and answered, in one transaction for each escalation that it means.
 * An unknown number, and that of somebody who is suspended, gets silence. A message that comes twice is taken once: what it means is noted before it
 * is done, and its answers have ids made of its own.
 */
export function makeHandler({ store, clock, random }: SmsInboundDependencies) {
  return queueFunction(twoWayMessage, (received, { attributes }) =>
    untilNoConflict(random, () => handle(received, instantOf(Number(attributes.SentTimestamp)))),
  );

  async function handle(received: z.infer<ReturnType<typeof twoWayMessage>>, sentAt: Instant): Promise<void> {
    const id = received.inboundMessageId;
    const before = await store.phones.inbound(id);
    if (before?.done) return;
    const phone = received.originationNumber;
    const staff = (await store.directory.staffByPhone(phone)) ?? undefined;
    if (!isPageable(staff)) log.info('An SMS from an unknown number was left unanswered.', { inbound: id });
    else {
      const message = { id, phone, staff, reply: parseReply(received.messageBody) };
      await take(message, before, sentAt);
    }
    await store.phones.noteInbound(id, { means: [], say: null, error: false, done: true }, clock.now());
  }

  async function take(message: Message, before: Inbound | null, sentAt: Instant): Promise<void> {
    const { id, phone, staff, reply } = message;
    const all = await withLeads(store, await store.phones.shown(phone), clock.now());
    const [pending, reach] =
      reply.kind === 'carrier'
        ? [null, null]
        : await Promise.all([store.reach.verification(phone), store.reach.of(phone)]);
    const proof = pending && verifies(pending, { staff, sentAt, now: clock.now() }) ? pending : null;
    const lapsed = hasLapsed(pending, { staff, all, now: clock.now() });
    const asked = { verification: proof !== null, drill: (reach?.drill ?? null) !== null, lapsed };
    const choice = thanked(choose(reply, all, sentAt, staff.id), asked);
    const noted = before ?? (await store.phones.noteInbound(id, meaning(choice), clock.now()));
    await obey(message, noted, all);
    if (reply.kind !== 'carrier') await proven(message, proof, sentAt);
  }

  async function obey(message: Message, noted: Inbound, all: readonly ShownNow[]): Promise<void> {
    if (noted.say !== null) return say(message, noted.say, noted.error);
    const meant = all.filter(({ escalation }) => noted.means.includes(escalation));
    for (let done = 0; done < meant.length; done += actsAtOnce) {
      const some = meant.slice(done, done + actsAtOnce);
      const acted = await Promise.allSettled(some.map((shown) => act(message, shown, all)));
      const failed = acted.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
    }
  }

  /** Whatever its holder writes proves a phone; after a verification it is the proof that was asked for. */
  async function proven(
    { phone, staff }: Message,
    proof: Verification | null,
    sentAt: Instant,
  ): Promise<void> {
    const now = clock.now();
    if (proof === null) return store.reach.learn(phone, { kind: 'answered' }, earlier(sentAt, now));
    const done = await store.reach.verify(proof, now);
    log.info(done ? 'A phone was verified.' : 'A verified phone was given up meanwhile.', {
      staff: staff.id,
    });
  }

  /** Does to one escalation what the reply asks, and answers it in the same transaction. */
  async function act(
    { id, phone, staff, reply }: Message,
    shown: ShownNow,
    all: readonly ShownNow[],
  ): Promise<void> {
    const { address, ...meant } = targetOf(shown, reply, { all, who: staff.id });
    const noMoreErrors = !countError((await store.phones.read(phone)).phone).answer;
    let isError: boolean | null = null;
    const outcome = await commandCase({ store, clock, random }, address, ({ state, roster }, now) => {
      const facts = { staff, phone, messageId: id, noMoreErrors, roster, now };
      const replied = decideReply(state, { reply, ...meant, ...facts });
      isError = replied.isError;
      return replied;
    });
    tell(staff, reply, shown, outcome);
    if (isError !== null) await count(phone, isError);
  }

  /** An answer about no one ticket. That it is there already says that this message was answered before. */
  async function say({ id, phone, staff, reply }: Message, text: string, isError: boolean): Promise<void> {
    const now = clock.now();
    const { phone: before } = await store.phones.read(phone);
    const counted = isError ? countError(before) : { answer: true, phone: goodCommand(before) };
    if (!counted.answer) {
      log.info('A reply by SMS made no sense once too often, and is not answered.', { staff: staff.id });
      return;
    }
    const page = looseAnswer({ id: `ans_${id}`, phone, staff, text, now });
    const change = { phone, before, after: counted.phone, shown: null };
    try {
      await store.pages.commit({ page, from: null, timers: [], phone: change }, now);
      log.info('A reply by SMS was answered.', { staff: staff.id, reply: reply.kind });
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      // Either it was answered before, or the phone moved: then the message comes again.
      if (!(await store.pages.read(null, page.id))) throw error;
    }
  }

  /** One more error that was answered, or none any more. */
  function count(phone: string, isError: boolean): Promise<void> {
    return untilNoConflict(random, async () => {
      const { phone: before } = await store.phones.read(phone);
      const after = isError ? countError(before).phone : goodCommand(before);
      if (after !== before) await store.phones.put({ phone, before, after, shown: null }, clock.now());
    });
  }

  function tell(staff: Staff, reply: Reply, shown: ShownNow, outcome: Outcome): void {
    log.info('A reply by SMS was taken.', {
      ticket: shown.ticket,
      partner: shown.partner,
      staff: staff.id,
      reply: reply.kind === 'command' ? reply.verb : reply.kind,
      events: outcome.refused ? [] : outcome.decided.events.map((event) => event.type),
    });
  }
}

function meaning(choice: Choice): Inbound {
  const means = choice.kind === 'these' ? choice.shown.map(({ escalation }) => escalation) : [];
  const said = choice.kind === 'say' ? choice : null;
  return { means, say: said?.text ?? null, error: said?.error ?? false, done: false };
}
