import { type Answer, json } from '../../shared/runtime/http.ts';
import type { Entries, EntryKind } from '../../shared/store/types/directory.ts';
import type { Call } from './call.ts';
import { mustMatch, tagOf } from './etag.ts';
import { auditOf } from './lookups.ts';

/** An entry of the directory as it is kept, with its tag. */
export const shown = (entry: object): Answer => json(200, entry, { etag: tagOf(entry) });

/** Changes an entry of the directory, if it still is what `If-Match` says, with its event in the desk's log. */
export async function changed<K extends EntryKind>(
  call: Pick<Call, 'desk' | 'caller' | 'ifMatch'>,
  kind: K,
  id: string,
  decide: (before: Entries[K] | null) => Entries[K],
  present: (after: Entries[K]) => unknown = (after) => after,
): Promise<Answer> {
  const after = await call.desk.store.directory.change(
    kind,
    id,
    (before) => {
      const to = decide(before);
      mustMatch(call, before && tagOf(before));
      return to;
    },
    auditOf(call),
  );
  return json(200, present(after), { etag: tagOf(after) });
}
