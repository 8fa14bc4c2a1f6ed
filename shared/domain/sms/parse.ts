import { parseTicketNumber } from '../ticket/number.ts';

export type Verb = 'take' | 'resolve' | 'pass' | 'note';

/** What an engineer's SMS asks for. `code` or `number` name the escalation; neither: the only open one. */
export type Reply =
  | { kind: 'command'; verb: Verb; code: number | null; number: string | null; words: string }
  | { kind: 'list' }
  | { kind: 'take_all' }
  /** STOP, HELP and kin: the carrier answers them, we never do. */
  | { kind: 'carrier' }
  /** It names a ticket with a wrong check symbol. */
  | { kind: 'mistyped' }
  | { kind: 'unknown' };

/** AWS's opt-out words, and the help words that carriers answer (AWS End User Messaging, two-way SMS keywords). */
const carrierWords = new Set([
  ...['arret', 'cancel', 'end', 'opt-out', 'optout', 'quit', 'remove', 'stop', 'td', 'unsubscribe'],
  ...['help', 'info', 'start', 'unstop', 'stopall'],
]);

const verbs: Record<string, Verb> = {
  a: 'take',
  ack: 'take',
  c: 'resolve',
  done: 'resolve',
  p: 'pass',
  pass: 'pass',
  n: 'note',
  note: 'note',
};

/** Quotes around a reply, as phones and people put them; those inside a note stay. */
const outerQuotes =
  /^[\s"'`\u2018\u2019\u201c\u201d\u00ab\u00bb]+|[\s"'`\u2018\u2019\u201c\u201d\u00ab\u00bb]+$/g;

/**
 * Reads a reply: any case, quotes and spaces tolerated. `a`, `ack`, `1a`, `ack 1`, `ack ND-6PC7-PS91` take;
 * `c`/`done` resolve; `p`/`pass` pass on; `1n some words` is a note; `all` takes all; `?` lists. Words of a note may begin
 * with a number of their own (`n 2 servers are back`): behind its verb a code stands without a space.
 */
export function parseReply(text: string): Reply {
  const plain = text.replace(/\s+/g, ' ').replace(outerQuotes, '');
  const bare = plain.replace(/[.!]+$/, '').toLowerCase();
  if (carrierWords.has(bare)) return { kind: 'carrier' };
  if (/^\?+$/.test(bare)) return { kind: 'list' };
  if (bare === 'all' || bare === 'a all' || bare === 'ack all') return { kind: 'take_all' };
  const match = /^(\d{1,2})?\s?(ack|a|done|c|pass|p|note|n)(?![a-z])([\s:,-]*)(.*)$/is.exec(plain);
  const verb = verbs[match?.[2]?.toLowerCase() ?? ''];
  if (!match || !verb) return { kind: 'unknown' };
  const [, first, , gap, rest = ''] = match;
  const mayBeCode = verb !== 'note' || gap === '' || /^\d+$/.test(rest);
  const named = first ? { code: Number(first), number: null, words: rest } : target(rest, mayBeCode);
  if (!named) return { kind: 'mistyped' };
  const { code, number } = named;
  const words = named.words.trim();
  if (verb === 'note') {
    return words ? { kind: 'command', verb, code, number, words } : { kind: 'unknown' };
  }
  if (words.replace(/[.!]+$/, '') !== '') return { kind: 'unknown' };
  return { kind: 'command', verb, code, number, words: '' };
}

/** What a reply names, and the words behind it; null when that is a mistyped number, so that they land on no other ticket. */
function target(
  rest: string,
  mayBeCode: boolean,
): { code: number | null; number: string | null; words: string } | null {
  const code = mayBeCode ? /^(\d{1,2})\b[\s:,-]*(.*)$/s.exec(rest) : null;
  if (code) return { code: Number(code[1]), number: null, words: code[2] ?? '' };
  const number = /^(nd[\s-]*[0-9a-z]{4}[\s-]*[0-9a-z]{4})\b\s*(.*)$/is.exec(rest);
  const parsed = number?.[1] ? parseTicketNumber(number[1]) : null;
  if (parsed?.ok) return { code: null, number: parsed.number, words: number?.[2] ?? '' };
  return parsed?.why === 'check_digit' ? null : { code: null, number: null, words: rest };
}
