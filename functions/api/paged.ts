import { cursorsFor } from '../../shared/store/cursor.ts';
import { fitting } from '../../shared/store/room.ts';

/**
 * A page of a list that was read whole, in the order of its ids: it is short as a rule, and else its pages are. `of`: what the list is of,
 * to which its cursors are bound. @throws BadCursor
 */
export function paged<T extends object>(
  all: readonly T[],
  { limit, cursor }: { limit: number; cursor?: string },
  of: readonly (string | null)[],
  idOf: (one: T) => string,
): { data: T[]; nextCursor: string | null } {
  const cursors = cursorsFor(...of);
  const after = cursors.decode(cursor);
  const rest = all
    .filter((one) => after === null || idOf(one) > after)
    .sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
  const data = fitting(rest, limit);
  const last = data.at(-1);
  return {
    data,
    nextCursor: last !== undefined && rest.length > data.length ? cursors.encode(idOf(last)) : null,
  };
}

export const byId = ({ id }: { id: string }): string => id;
