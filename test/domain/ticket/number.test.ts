import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTicketNumbers, parseTicketNumber, ticketNumber } from '../../../shared/domain/ticket/number.ts';

const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const numbers = fc.uint8Array({ minLength: 7, maxLength: 7 }).map(ticketNumber);
const put = (number: string, place: number, symbol: string) =>
  `${number.slice(0, place)}${symbol}${number.slice(place + 1)}`;
/** Where the eight symbols stand in `ND-6PC7-PS91`. */
const PLACES = [3, 4, 5, 6, 8, 9, 10, 11];

describe('a new ticket number', () => {
  it('has seven random symbols and one that checks them', () => {
    expect(ticketNumber(new Uint8Array([6, 22, 12, 7, 22, 25, 9]))).toBe('ND-6PC7-PS91');
    expect(ticketNumber(new Uint8Array(7))).toBe('ND-0000-0000');
  });

  it('gives every symbol the same chance: each stands for eight bytes', () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte++) {
      const symbol = ticketNumber(new Uint8Array(7).fill(byte)).charAt(3);
      counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    }
    expect(new Set(counts.keys())).toEqual(new Set(SYMBOLS));
    expect(new Set(counts.values())).toEqual(new Set([8]));
  });

  it('needs seven random bytes', () => {
    expect(() => ticketNumber(new Uint8Array(6))).toThrow(RangeError);
  });

  it('reads back as itself', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        expect(parseTicketNumber(number)).toEqual({ ok: true, number });
      }),
    );
  });
});

describe('the check symbol', () => {
  it('shows every wrong symbol, in every place', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        for (const place of PLACES) {
          for (const symbol of SYMBOLS) {
            if (symbol === number[place]) continue;
            expect(parseTicketNumber(put(number, place, symbol))).toEqual({ ok: false, why: 'check_digit' });
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('shows every swap of two neighbours: all 32 × 31 pairs, in every place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 7, maxLength: 7 }), (random) => {
        for (let place = 0; place < 6; place++) {
          for (let a = 0; a < 32; a++) {
            for (let b = 0; b < a; b++) {
              const [one, other] = [Uint8Array.from(random), Uint8Array.from(random)];
              [one[place], one[place + 1], other[place], other[place + 1]] = [a, b, b, a];
              // The check symbols differ, so neither is valid with the other's.
              expect(ticketNumber(one).at(-1) === ticketNumber(other).at(-1)).toBe(false);
            }
          }
        }
      }),
      { numRuns: 3 },
    );
  });

  it('shows a swap of itself with its neighbour', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const [last, check] = [number.charAt(10), number.charAt(11)];
        fc.pre(last !== check);
        expect(parseTicketNumber(put(put(number, 10, check), 11, last)).ok).toBe(false);
      }),
    );
  });
});

describe('reading a number', () => {
  it.each([
    ['nd-6pc7-ps91', 'ND-6PC7-PS91'],
    ['ND6PC7PS91', 'ND-6PC7-PS91'],
    ['  nd 6pc7 ps91 ', 'ND-6PC7-PS91'],
    ['ND – 6PC7—PS91', 'ND-6PC7-PS91'],
    ['ND-6PC7-PS9l', 'ND-6PC7-PS91'],
    ['ND-6PC7-PS9I', 'ND-6PC7-PS91'],
    ['nd-oooo-oo0O', 'ND-0000-0000'],
  ])('%s', (text, number) => {
    expect(parseTicketNumber(text)).toEqual({ ok: true, number });
  });

  it.each([
    '',
    'ND',
    '6PC7-PS91',
    'ND-6PC7-PS9',
    'ND-6PC7-PS911',
    'ND-6PC7-PS9U',
    'AB-6PC7-PS91',
    'ND_6PC7_PS91',
  ])('%j has not the shape of one', (text) => {
    expect(parseTicketNumber(text)).toEqual({ ok: false, why: 'shape' });
  });

  it('says that a symbol is wrong', () => {
    expect(parseTicketNumber('ND-6PC7-PS92')).toEqual({ ok: false, why: 'check_digit' });
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const parsed = parseTicketNumber(text);
        if (parsed.ok) expect(parseTicketNumber(parsed.number)).toEqual(parsed);
        expect(findTicketNumbers(text)).toBeInstanceOf(Array);
      }),
    );
  });
});

describe('finding numbers in a text', () => {
  it.each([
    ['Re: [ND-6PC7-PS91] mail is late', ['ND-6PC7-PS91']],
    ['ack nd6pc7ps91.', ['ND-6PC7-PS91']],
    ['1n see nd 6pc7 ps91, thanks', ['ND-6PC7-PS91']],
    ['ND-6PC7-\n PS91 folded', ['ND-6PC7-PS91']],
    ['ND-0000-0000 and nd-6PC7-PS91 and ND-0000-0000', ['ND-0000-0000', 'ND-6PC7-PS91']],
    ['nd ND-6PC7-PS91', ['ND-6PC7-PS91']],
    ['support+nd-6pc7-ps91@desk.example', ['ND-6PC7-PS91']],
    ['ND-6PC7-PS92 is mistyped', []],
    ['SEND-6PC7-PS91, ND-6PC7-PS91A, AND 6PC7 PS91', []],
    ['', []],
  ])('%j', (text, found) => {
    expect(findTicketNumbers(text)).toEqual(found);
  });

  it('finds each number between any words', () => {
    fc.assert(
      fc.property(fc.uniqueArray(numbers, { maxLength: 4 }), (list) => {
        expect(findTicketNumbers(list.map((number) => `, see ${number} `).join(''))).toEqual(list);
      }),
    );
  });
});
