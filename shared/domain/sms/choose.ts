import type { Case } from '../decision.ts';
import type { Instant } from '../time.ts';
import type { Reply } from './parse.ts';

/** An escalation that this phone was given a code for, as it is now. */
export interface Held {
  code: number;
  escalation: string;
  /** When this phone was given the code. */
  givenAt: Instant;
  state: Case;
}

export type Choice = { kind: 'these'; held: Held[] } | { kind: 'say'; text: string } | { kind: 'silence' };

/** The answer to a message about an escalation: the same for the same message. */
export const answerId = (escalation: string, messageId: string) => `${escalation}_ans_${messageId}`;

/** Whether only the escalation that the reply names has to be read. */
export function names(reply: Reply, held: { code: number; ticket: string }): boolean {
  if (reply.kind !== 'command' || (reply.code === null && reply.number === null)) return true;
  return reply.code === null ? held.ticket === reply.number : held.code === reply.code;
}

/**
 * Which escalation a reply means: the one it names; without a name the only open one, or, with several, the
 * list. For a take, open means not yet taken; for the others, paging or held. A reply means nothing that the
 * phone was shown only after it was sent, and one that was answered before means nothing more.
 */
export function choose(reply: Reply, shown: Held[], message: { id: string; sentAt: Instant }): Choice {
  const held = shown.filter((each) => each.givenAt <= message.sentAt);
  if (reply.kind === 'carrier') return { kind: 'silence' };
  if (reply.kind !== 'take_all' && held.some((each) => answered(each, message.id)))
    return { kind: 'silence' };
  if (reply.kind === 'list') return { kind: 'say', text: list(held.filter(running)) };
  if (reply.kind === 'unknown') {
    return {
      kind: 'say',
      text: 'Not understood. Reply a to take, p to pass, c when done, 1n words to note, ? to list.',
    };
  }
  if (reply.kind === 'take_all') {
    const open = held.filter(untaken);
    return open.length > 0
      ? { kind: 'these', held: open }
      : { kind: 'say', text: 'Nothing is open on this phone.' };
  }
  if (reply.code !== null || reply.number !== null) {
    const one = held.find((each) => names(reply, { code: each.code, ticket: each.state.ticket.number }));
    const name = reply.code ?? reply.number;
    return one
      ? { kind: 'these', held: [one] }
      : { kind: 'say', text: `${name} is not known on this phone. Reply ? to list.` };
  }
  const open = held.filter(reply.verb === 'take' ? untaken : running);
  if (open.length === 1) return { kind: 'these', held: open };
  return { kind: 'say', text: open.length === 0 ? 'Nothing is open on this phone.' : list(open) };
}

const answered = (held: Held, messageId: string) =>
  held.state.pages.some((page) => page.id === answerId(held.escalation, messageId));
const current = (held: Held) => held.state.escalation?.id === held.escalation;
const untaken = (held: Held) =>
  current(held) &&
  (held.state.escalation?.state === 'paging' || held.state.escalation?.state === 'exhausted');
const running = (held: Held) =>
  untaken(held) || (current(held) && held.state.escalation?.state === 'acknowledged');

function list(open: Held[]): string {
  if (open.length === 0) return 'Nothing is open on this phone.';
  const lines = open.map(({ code, state }) => {
    const holder = state.escalation?.acknowledgedBy?.name;
    return `${code}: ${state.ticket.number}${holder ? ` (${holder})` : ''}`;
  });
  return `Open: ${lines.join(', ')}. Reply e.g. ${open[0]?.code}a.`;
}
