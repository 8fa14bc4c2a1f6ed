import { isRunning, isUntaken, type ShownNow, wasShown } from '../phone/phone.ts';
import type { Instant } from '../time.ts';
import type { Reply } from './parse.ts';

/** What a reply is about. An `error` is answered only so often (see countError). */
export type Choice =
  | { kind: 'these'; shown: ShownNow[] }
  | { kind: 'say'; text: string; error: boolean }
  | { kind: 'silence' };

/** The answer to a message about an escalation: the same for the same message. */
export const answerId = (escalation: string, messageId: string) => `${escalation}_ans_${messageId}`;

/**
 * Which escalation a reply means: the one it names; without a name the only open one, or, with several, the
 * list. For a take, open means not yet taken, and with nothing of that, held by `who` answers; for the others, paging
 * or held. A reply means nothing that the phone was shown only after it was sent. `all`, newest first, is what
 * the phone was shown.
 */
export function choose(reply: Reply, all: readonly ShownNow[], sentAt: Instant, who: string): Choice {
  const shown = all.filter((each) => wasShown(each, sentAt));
  switch (reply.kind) {
    case 'carrier':
      return { kind: 'silence' };
    case 'list':
      return { kind: 'say', text: list(distinct(shown.filter(isRunning))), error: false };
    case 'unknown':
      return no('Not understood. Reply a to take, p to pass, c when done, 1n words to note, ? to list.');
    case 'mistyped':
      return no('That ticket number is mistyped: its check symbol does not fit. Reply ? to list.');
    case 'take_all': {
      const open = distinct(shown.filter(isUntaken));
      return open.length > 0 ? { kind: 'these', shown: open } : no(nothing);
    }
    case 'command':
      return chooseOne(reply, shown, who);
  }
}

function chooseOne(reply: Extract<Reply, { kind: 'command' }>, shown: ShownNow[], who: string): Choice {
  const name = reply.code ?? reply.number;
  if (name !== null) {
    // The latest that has this code: an older one was given back when its time was over.
    const one =
      shown.find(({ code, ticket }) => (reply.code === null ? ticket : code) === name) ??
      shown.find((each) => numberOf(each) === name);
    return one ? { kind: 'these', shown: [one] } : no(`${name} is not known on this phone. Reply ? to list.`);
  }
  const open = distinct(reply.verb === 'take' ? toTake(shown, who) : shown.filter(isRunning));
  if (open.length === 1) return { kind: 'these', shown: open };
  return open.length === 0 ? no(nothing) : { kind: 'say', text: list(open), error: false };
}

function toTake(shown: ShownNow[], who: string): ShownNow[] {
  const untaken = shown.filter(isUntaken);
  return untaken.length > 0
    ? untaken
    : shown.filter((each) => each.state === 'acknowledged' && each.holder?.id === who);
}

/** The number of what goes on: what is over itself, and stands for its outage still, goes by that of its lead. */
const numberOf = ({ ticket, isOver, lead }: ShownNow) => (isOver && lead ? lead.number : ticket);

/** Of several that one lead acts for, the lead itself if it was shown, else the latest: they are one emergency. */
function distinct(shown: ShownNow[]): ShownNow[] {
  const seen = new Set(shown.filter((each) => !each.lead).map(({ escalation }) => escalation));
  return shown.filter(({ lead }) => {
    if (!lead) return true;
    if (seen.has(lead.escalation)) return false;
    seen.add(lead.escalation);
    return true;
  });
}

/**
 * The case that a reply changes. Taking and passing act on the lead of an outage. A note is the partner's whose
 * escalation it names, for partners never see each other; and what is called done is that one too, but by who holds
 * the outage and was shown nothing else of it: their code stands for all of it. Who names the lead means the lead.
 * `all` is what the phone was shown, `who` answers.
 */
export function targetOf(
  { partner, ticket, escalation, code, lead, holder }: ShownNow,
  reply: Reply,
  { all, who }: { all: readonly ShownNow[]; who: string },
): {
  address: { partner: string; number: string };
  held: { code: number | null; escalation: string };
  paged: boolean;
} {
  const verb = reply.kind === 'command' ? reply.verb : 'take';
  const standsForAll =
    holder?.id === who && !all.some((each) => !each.waits && each.escalation === lead?.escalation);
  const named = reply.kind === 'command' && reply.number !== null && reply.number === lead?.number;
  if (!lead || (!named && (verb === 'note' || (verb === 'resolve' && !standsForAll))))
    return { address: { partner, number: ticket }, held: { code, escalation }, paged: false };
  const { partner: of, number, escalation: id } = lead;
  return { address: { partner: of, number }, held: { code, escalation: id }, paged: true };
}

const nothing = 'Nothing is open on this phone.';
const no = (text: string): Choice => ({ kind: 'say', text, error: true });

function list(open: ShownNow[]): string {
  const [first] = open;
  if (!first) return nothing;
  const lines = open.map((each) => {
    const name = each.code === null ? numberOf(each) : `${each.code}: ${numberOf(each)}`;
    return each.holder ? `${name} (${each.holder.name})` : name;
  });
  const how = `Reply e.g. ${first.code === null ? `a ${numberOf(first)}` : `${first.code}a`}`;
  return fitting(lines, (some, more) => `Open: ${[...some, ...more].join(', ')}. ${how}.`);
}

/** As many lines as one SMS holds; how many more there are is said. */
function fitting(lines: string[], text: (some: string[], more: string[]) => string): string {
  for (let count = lines.length; count > 1; count--) {
    const said = text(lines.slice(0, count), count < lines.length ? [`${lines.length - count} more`] : []);
    if (said.length <= 160) return said;
  }
  return text(lines.slice(0, 1), lines.length > 1 ? [`${lines.length - 1} more`] : []);
}
