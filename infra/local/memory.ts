import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What the local cloud itself remembers: SQLite in DATA_DIR, or nothing but RAM without one. */
export interface Memory {
  get(key: string): string | undefined;
  put(key: string, value: string): void;
  /** Adds to a list; a list keeps the order of arrival. */
  append(list: string, item: object): void;
  list<T>(list: string): T[];
  clear(list: string): void;
  close(): void;
}

/** DATA_DIR belongs to a local cloud that is still running. */
export class DataDirInUse extends Error {
  override name = 'DataDirInUse';
}

/** Opens the memory and holds it alone: a second local cloud on the same directory would spoil both. */
export function openMemory(dataDir: string | null): Memory {
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(dataDir ? join(dataDir, 'local.db') : ':memory:');
  try {
    // WAL without fsync: safe against kill -9 of the process, which is what is promised here.
    db.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = OFF;
      CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS item (n INTEGER PRIMARY KEY, list TEXT NOT NULL, value TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS item_of_list ON item (list, n);
    `);
  } catch (error) {
    db.close();
    if (/locked|busy/i.test(String(error))) throw new DataDirInUse(dataDir ?? ':memory:');
    throw error;
  }
  const read = db.prepare('SELECT value FROM entry WHERE key = ?');
  const write = db.prepare('INSERT OR REPLACE INTO entry (key, value) VALUES (?, ?)');
  const add = db.prepare('INSERT INTO item (list, value) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM item WHERE list = ?');
  const all = db.prepare('SELECT value FROM item WHERE list = ? ORDER BY n');
  return {
    get: (key) => read.get(key)?.value as string | undefined,
    put: (key, value) => void write.run(key, value),
    append: (list, item) => void add.run(list, JSON.stringify(item)),
    list: <T>(list: string) => all.all(list).map(({ value }) => JSON.parse(String(value)) as T),
    clear: (list) => void remove.run(list),
    close: () => db.close(),
  };
}
