import type { ZodType } from 'zod';
import { configurationChanged, partnerChanged } from '../../domain/audit.ts';
import type { Actor, NewEvent } from '../../domain/event.ts';
import { afterChange } from '../../domain/opening.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import type { Audited } from '../audited.ts';
import { Cache } from '../cache.ts';
import { absent, equals } from '../conditions.ts';
import type { Item } from '../item.ts';
import * as keys from '../keys.ts';
import { parseIfAny, parseRow } from '../parse.ts';
import { timerPieces } from '../rows.ts';
import { calendarSchema } from '../schemas/calendar.ts';
import {
  partnerSchema,
  planSchema,
  policySchema,
  providerSchema,
  serviceSchema,
} from '../schemas/directory.ts';
import { revisionSchema } from '../schemas/small.ts';
import type { Table } from '../table.ts';
import type { Directory, Entries, EntryKind, ReadOptions } from '../types/directory.ts';
import type { Recorded } from '../types/idempotency.ts';
import { untilNoConflict } from '../until-no-conflict.ts';

interface EntryOf<T> {
  key(id: string): keys.Key;
  schema(): ZodType<T>;
}

const kinds: { readonly [K in EntryKind]: EntryOf<Entries[K]> } = {
  provider: { key: () => keys.providerKey, schema: providerSchema },
  partner: { key: keys.partnerKey, schema: partnerSchema },
  plan: { key: (id) => keys.catalogKey('PLAN', id), schema: planSchema },
  service: { key: (id) => keys.catalogKey('SERVICE', id), schema: serviceSchema },
  calendar: { key: (id) => keys.deskKey('CALENDAR', id), schema: calendarSchema },
  policy: { key: (id) => keys.deskKey('POLICY', id), schema: policySchema },
};

/** Entries of the directory that are one row each: read through a cache of 60 s, changed on their revision. */
export interface EntryStore extends Pick<Directory, 'change'> {
  read<K extends EntryKind>(kind: K, id: string, options?: ReadOptions): Promise<Entries[K] | null>;
}

export function entryStore(table: Table, random: Random, clock: Clock, audited: Audited): EntryStore {
  const caches = new Map<EntryKind, Cache<unknown>>();
  const cacheOf = <K extends EntryKind>(kind: K): Cache<Entries[K]> => {
    const cache = caches.get(kind) ?? new Cache(clock);
    caches.set(kind, cache);
    return cache as Cache<Entries[K]>;
  };

  return {
    read(kind, id, options) {
      const { key, schema } = kinds[kind];
      return cacheOf(kind).get(id, async () => parseIfAny(schema(), await table.get(key(id))), options);
    },

    async change<K extends EntryKind>(
      kind: K,
      id: string,
      decide: (before: Entries[K] | null) => Entries[K],
      audit?: Recorded<Entries[K]>,
    ): Promise<Entries[K]> {
      const { key, schema } = kinds[kind];
      return untilNoConflict(random, async () => {
        const row = await table.get(key(id));
        const before = parseIfAny(schema(), row);
        const after = decide(before);
        const revision = row ? parseRow(revisionSchema(), row).revision : 0;
        const put: Item & keys.Key = { ...(after as object), ...key(id), revision: revision + 1 };
        const held = row ? equals('revision', ['revision'], revision) : absent('new');
        const event = audit ? eventOf(kind, id, before, after, audit.by) : null;
        const pieces = [{ what: kind, put, if: [held] }, ...timerPieces(afterChange(kind, clock.now()))];
        await audited(pieces, event, audit, audit?.record?.(after));
        cacheOf(kind).forget(id);
        return after;
      });
    },
  };
}

function eventOf<K extends EntryKind>(
  kind: K,
  id: string,
  before: Entries[K] | null,
  after: Entries[K],
  by: Actor,
): NewEvent | null {
  return kind === 'partner'
    ? partnerChanged(before as Entries['partner'] | null, after as Entries['partner'], by)
    : configurationChanged({ kind, id }, before, after, by);
}
