/**
 * A table as CSV (RFC 4180): CRLF ends each line, what holds a comma, a quote or a line break is quoted.
 * Text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection).
 */
export function csv(table: readonly (readonly (string | number | null)[])[]): string {
  return table.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
