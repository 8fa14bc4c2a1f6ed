import { cursorsFor } from '../../shared/store/cursor.ts';

/**
 * A page of a list that was read whole, in the order of its ids: it is short as a rule. `of`: what the list is of,
 * to which its cursors are bound. @throws BadCursor
 */
export function paged<T>(
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
  const data = rest.slice(0, limit);
  const last = data.at(-1);
  return { data, nextCursor: last !== undefined && rest.length > limit ? cursors.encode(idOf(last)) : null };
}

export const byId = ({ id }: { id: string }): string => id;
