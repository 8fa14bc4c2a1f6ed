import { sha256 } from '../runtime/random.ts';

/** The cursor is not one of ours, or belongs to another list, another filter or another partner. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';

  constructor() {
    super('This cursor does not belong to this list');
  }
}

/**
 * A place in a list: the sort key of the last row that was looked at, and a hash of what the list is of
 * (name, partner, filter). Never a partition: that comes from the caller's own rights each time, so a
 * cursor, even a forged one, only ever chooses a place in a list that the caller may read.
 */
export interface Cursors {
  encode(position: string): string;
  /** null without a cursor: the list's beginning. @throws BadCursor */
  decode(cursor: string | undefined): string | null;
}

/** `binding`: everything but cursor and limit that decides which rows the list has. */
export function cursorsFor(...binding: readonly (string | null | undefined)[]): Cursors {
  const bound = sha256(JSON.stringify(binding.map((part) => part ?? null))).slice(0, 16);
  return {
    encode: (position) => Buffer.from(`${bound}${position}`).toString('base64url'),
    decode(cursor) {
      if (cursor === undefined) return null;
      const text = Buffer.from(cursor, 'base64url').toString();
      const position = text.slice(bound.length);
      if (!text.startsWith(bound) || position === '' || position.length > 200) throw new BadCursor();
      return position;
    },
  };
}
