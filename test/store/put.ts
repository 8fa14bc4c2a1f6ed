import type { Directory, Entries, EntryKind } from '../../shared/store/types/directory.ts';

/** Writes an entry of the directory whatever was there, for tests that need one: nobody is told, as of a change with `audit`. */
export async function put<K extends Exclude<EntryKind, 'provider'>>(
  directory: Pick<Directory, 'change'>,
  kind: K,
  entry: Entries[K],
): Promise<void> {
  await directory.change(kind, entry.id, () => entry);
}

export async function putProvider(
  directory: Pick<Directory, 'change'>,
  provider: Entries['provider'],
): Promise<void> {
  await directory.change('provider', 'provider', () => provider);
}
