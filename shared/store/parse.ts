import type { ZodType } from 'zod';
import { BadRow } from './bad-row.ts';
import type { Item } from './item.ts';

/** What is read is parsed; keys and index attributes fall away. @throws BadRow */
export function parseRow<T>(schema: ZodType<T>, row: Item): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new BadRow(
    row,
    parsed.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`),
  );
}

export const parseIfAny = <T>(schema: ZodType<T>, row: Item | null): T | null => row && parseRow(schema, row);

/** Told of each row that a list had to leave out. */
export type OnBadRow = (row: BadRow) => void;

/**
 * A row of a list. One that cannot be read must not hide the others at 3 a.m.: it is left out (null) and
 * reported. A read of one row, or of a whole case, throws instead.
 */
export function parseListed<T>(schema: ZodType<T>, row: Item, onBadRow: OnBadRow): T | null {
  try {
    return parseRow(schema, row);
  } catch (error) {
    if (!(error instanceof BadRow)) throw error;
    onBadRow(error);
    return null;
  }
}

export function parseRows<T>(schema: ZodType<T>, rows: readonly Item[], onBadRow: OnBadRow): T[] {
  return rows.map((row) => parseListed(schema, row, onBadRow)).filter((entity) => entity !== null);
}
