/** Crockford's base 32: no I, L, O or U. A symbol's place is its value. */
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_SYMBOLS = 7;

export type ParsedTicketNumber =
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly why: 'shape' | 'check_digit' };

/**
 * A ticket number, `ND-6PC7-PS91`: seven random symbols and a check symbol. Takes at least seven random
 * bytes, five bits of each; throws `RangeError` for fewer.
 */
export function ticketNumber(random: Uint8Array): string {
  if (random.length < RANDOM_SYMBOLS) throw new RangeError('a ticket number takes seven random bytes');
  const values = Array.from(random.subarray(0, RANDOM_SYMBOLS), (byte) => byte & 31);
  return spell([...values, damm(values)].map((value) => SYMBOLS.charAt(value)).join(''));
}

/**
 * The number that a person wrote, in its one spelling. Case, spaces and dashes do not matter, I and L read as
 * 1 and O as 0. `shape`: it does not look like a number; `check_digit`: it does, but a symbol is wrong.
 */
export function parseTicketNumber(text: string): ParsedTicketNumber {
  const plain = text.replace(/[\s\p{Pd}]/gu, '').toUpperCase();
  const symbols = plain.slice(2).replace(/[IL]/g, '1').replace(/O/g, '0');
  if (!plain.startsWith('ND') || !/^[0-9A-HJKMNP-TV-Z]{8}$/.test(symbols)) return { ok: false, why: 'shape' };
  const values = Array.from(symbols, (symbol) => SYMBOLS.indexOf(symbol));
  return damm(values) === 0 ? { ok: true, number: spell(symbols) } : { ok: false, why: 'check_digit' };
}

/** The valid ticket numbers in a subject or a text message, each once, in the order in which they appear. */
export function findTicketNumbers(text: string): string[] {
  // What follows ND is looked ahead at, so that a false start does not swallow the number after it.
  const candidates = text.matchAll(
    /(?<![a-z0-9])nd(?=[\s\p{Pd}]{0,3}([a-z0-9]{4})[\s\p{Pd}]{0,3}([a-z0-9]{4})(?![a-z0-9]))/giu,
  );
  const found = new Set<string>();
  for (const [, first, second] of candidates) {
    const parsed = parseTicketNumber(`ND${first}${second}`);
    if (parsed.ok) found.add(parsed.number);
  }
  return [...found];
}

function spell(symbols: string): string {
  return `ND-${symbols.slice(0, 4)}-${symbols.slice(4)}`;
}

/**
 * Damm's check over GF(32): `i = 2·(i ⊕ symbol)`. Over seven symbols it gives the check symbol, over a whole
 * number 0. Every wrong symbol and every swap of neighbours shows, since 2 and 2·2 ⊕ 2 have inverses.
 */
function damm(values: readonly number[]): number {
  return values.reduce((interim, value) => double(interim ^ value), 0);
}

/** Times 2 in GF(32), with the irreducible polynomial x⁵ + x² + 1. */
function double(value: number): number {
  return value < 16 ? value << 1 : (value << 1) ^ 0b100101;
}
