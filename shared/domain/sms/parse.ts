import { parseTicketNumber } from '../ticket/number.ts';

export type Verb = 'take' | 'resolve' | 'pass' | 'note';

/** What an engineer's SMS asks for. `code` or `number` name the escalation; neither: the only open one. */
export type Reply =
  | { kind: 'command'; verb: Verb; code: number | null; number: string | null; words: string }
  | { kind: 'list' }
  | { kind: 'take_all' }
  /** STOP, HELP and kin: the carrier answers them, we never do. */
  | { kind: 'carrier' }
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
 * `c`/`done` resolve; `p`/`pass` pass on; `1n some words` is a note; `all` takes all; `?` lists.
 */
export function parseReply(text: string): Reply {
  const plain = text.replace(/\s+/g, ' ').replace(outerQuotes, '');
  const bare = plain.replace(/[.!]+$/, '').toLowerCase();
  if (carrierWords.has(bare)) return { kind: 'carrier' };
  if (/^\?+$/.test(bare)) return { kind: 'list' };
  if (bare === 'all' || bare === 'a all' || bare === 'ack all') return { kind: 'take_all' };
  const match = /^(\d{1,2})?\s?(ack|a|done|c|pass|p|note|n)(?![a-z])[\s:,-]*(.*)$/is.exec(plain);
  const verb = verbs[match?.[2]?.toLowerCase() ?? ''];
  if (!match || !verb) return { kind: 'unknown' };
  const named = target(match[3] ?? '');
  const code = match[1] ? Number(match[1]) : named.code;
  const words = match[1] ? (match[3] ?? '') : named.rest;
  if (verb === 'note') {
    return words.trim()
      ? { kind: 'command', verb, code, number: named.number, words: words.trim() }
      : { kind: 'unknown' };
  }
  if (words.replace(/[.!]+$/, '') !== '') return { kind: 'unknown' };
  return { kind: 'command', verb, code, number: named.number, words: '' };
}

function target(rest: string): { code: number | null; number: string | null; rest: string } {
  const code = /^(\d{1,2})\b\s*(.*)$/s.exec(rest);
  if (code) return { code: Number(code[1]), number: null, rest: code[2] ?? '' };
  const number = /^(nd[\s-]*[0-9a-z]{4}[\s-]*[0-9a-z]{4})\b\s*(.*)$/is.exec(rest);
  const parsed = number?.[1] ? parseTicketNumber(number[1]) : null;
  if (parsed?.ok) return { code: null, number: parsed.number, rest: number?.[2] ?? '' };
  return { code: null, number: null, rest };
}
