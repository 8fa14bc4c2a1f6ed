import { type Case, type Decided, type Decision, decided, nothingToDo, refuse } from '../decision.ts';
import type { Roster, Staff } from '../directory.ts';
import { acknowledge, actorOf, type ByStaff, pass, resolveEscalation } from '../escalation/answer.ts';
import { type Callback, isOver, numberOf, type Page } from '../escalation/escalation.ts';
import { callText, noticeText } from '../escalation/text.ts';
import { notice } from '../notice.ts';
import { leadOf } from '../outage/lead.ts';
import { comment } from '../ticket/comment.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { Instant } from '../time.ts';
import { answerId } from './choose.ts';
import type { Reply, Verb } from './parse.ts';

export interface ReplyCommand {
  reply: Reply;
  /** What the reply is about, and its code on that phone; null when a bundle showed it. */
  held: { code: number | null; escalation: string };
  /** It acts for an escalation that this phone was paged for. */
  paged?: boolean;
  staff: Staff;
  phone: string;
  /** AWS's `inboundMessageId`: the same message twice is answered once. */
  messageId: string;
  /** This phone was answered so many errors that it gets no more of them (see countError). */
  noMoreErrors?: boolean;
  roster: Roster;
  now: Instant;
}

/** `isError`: it could not be done; null when the message was answered before. */
export type Replied = Decided & { isError: boolean | null };

/**
 * Does what a reply asks, and answers it in the same transaction. Never refused: what may not be done is
 * said in the answer, within the cap on errors.
 */
export function decideReply(state: Case, command: ReplyCommand): Replied {
  const { held, phone, staff, now } = command;
  const id = answerId(held.escalation, command.messageId);
  if (state.pages.some((page) => page.id === id)) return { ...nothingToDo(state), isError: null };
  const verb: Verb = command.reply.kind === 'command' ? command.reply.verb : 'take';
  const current = state.escalation?.id === held.escalation ? state.escalation : null;
  const decision = current ? act(verb, state, command) : refuse('not_active', 'that emergency is over.');
  if (decision.refused && command.noMoreErrors) return { ...nothingToDo(state), isError: true };
  const heir = current && isOver(current.state) ? leadOf(state, current.id) : null;
  const text =
    decision.refused || !current
      ? `${state.ticket.number}: ${decision.refused ? decision.detail : ''}${heir ? ` ${heir.number} goes on.` : ''}`
      : done(verb, decision.ticket, current.callback, command);
  const answered = withAnswer(state, decision, { id, phone, staff, now, text });
  return { ...answered, isError: decision.refused };
}

function act(verb: Verb, state: Case, { reply, staff, paged, roster, now }: ReplyCommand): Decision {
  const person = { id: staff.id, name: staff.name };
  const by: ByStaff = { person, role: staff.role, via: 'sms', paged: paged ?? false };
  switch (verb) {
    case 'take':
      return acknowledge(state, by, { roster, now });
    case 'pass':
      return pass(state, by, { roster, now });
    case 'resolve':
      return resolveEscalation(state, by, { roster, now });
    case 'note': {
      const body = reply.kind === 'command' ? reply.words : '';
      return comment(state, { body, internal: false, by: actorOf(by.person) }, now);
    }
  }
}

function done(verb: Verb, ticket: Ticket, callback: Callback, { held }: ReplyCommand): string {
  switch (verb) {
    case 'take':
      return callText(
        `${ticket.number} is yours. `,
        { partnerName: ticket.partnerName, callback: numberOf(callback) },
        `. Reply ${replyOf('p', held.code, ticket)} to pass, ${replyOf('c', held.code, ticket)} when done.`,
      );
    case 'pass':
      return `${ticket.number} passed on. The next level is being paged.`;
    case 'resolve':
      return `${ticket.number}: emergency resolved. The ticket stays with the desk.`;
    case 'note':
      return `Noted on ${ticket.number}.`;
  }
}

const replyOf = (verb: string, code: number | null, { number }: Ticket) =>
  code === null ? `${verb} ${number}` : `${code}${verb}`;

interface Answer {
  id: string;
  phone: string;
  staff: Staff;
  text: string;
  now: Instant;
}

/** An answer to a phone that belongs to no ticket: the list, a word not understood. */
export function looseAnswer({ id, phone, staff, text, now }: Answer): Page {
  const to = { id: staff.id, name: staff.name, phone };
  return notice({ id, kind: 'answer', to, text: noticeText(text), now });
}

function withAnswer(state: Case, decision: Decision, answer: Answer): Decided {
  const base: Decided = decision.refused ? decided(state, {}) : decision;
  const { partner, number } = state.ticket;
  const escalation = state.escalation?.id ?? '';
  const page = { ...looseAnswer(answer), home: { partner, ticket: number, escalation } };
  return { ...base, pages: [...base.pages, { add: page }], unchanged: false };
}
