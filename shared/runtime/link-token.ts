import type { Random } from './random.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const length = 12;

/**
 * The secret of a link: 12 letters and digits, 71 random bits, none of which an SMS or a phone's link finder
 * cuts off or changes. Why not a signature: infra/decisions/0005-links-are-random.md.
 */
export function makeLinkToken(random: Random): string {
  // 128 bits onto 62^12 values: no value is likelier than another by more than 2^-56.
  let left = BigInt(`0x${Buffer.from(random.bytes(16)).toString('hex')}`);
  return Array.from({ length }, () => {
    const symbol = alphabet[Number(left % 62n)];
    left /= 62n;
    return symbol;
  }).join('');
}

export function isLinkToken(text: string): boolean {
  return text.length === length && /^[0-9A-Za-z]+$/.test(text);
}
