/**
 * A vCard 3.0 (RFC 2426), which every phone takes. `UID` makes a second import replace the first.
 * `number` is E.164.
 */
export function pagerCard({ provider, number }: { provider: string | null; number: string }): string {
  const organisation = provider === null ? null : text(provider);
  const name = organisation === null ? 'Nightdesk' : `Nightdesk (${organisation})`;
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    'PRODID:-//Nightdesk//Pager//EN',
    `UID:nightdesk-pager-${number.replace('+', '')}`,
    `N:${name};;;;`,
    `FN:${name}`,
    ...(organisation === null ? [] : [`ORG:${organisation}`]),
    `TEL;TYPE=CELL:${number}`,
    'NOTE:Emergencies are paged from this number. Let it through do-not-disturb.',
    'END:VCARD',
    '',
  ];
  return lines.map(folded).join('\r\n');
}

/** Escaped as RFC 2426 has it (section 5); control characters and halves of characters do not belong in a name. */
function text(value: string): string {
  return value
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/[\\,;]/g, '\\$&');
}

const mostOctets = 75;

/** A long line goes on in the next, after a space; never within a character. RFC 2425, section 5.8.1. */
function folded(line: string): string {
  let octets = 0;
  let out = '';
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > mostOctets) {
      out += '\r\n ';
      octets = 1;
    }
    out += character;
    octets += size;
  }
  return out;
}
