import type { Item } from '../item.ts';
import * as keys from '../keys.ts';
import { type OnBadRow, parseIfAny, parseRows } from '../parse.ts';
import { calendarSchema, scheduleSchema } from '../schemas/calendar.ts';
import { policySchema, providerSchema, staffSchema } from '../schemas/directory.ts';
import type { Table } from '../table.ts';
import type { Directory } from '../types/directory.ts';
import type { EntryStore } from './entries.ts';

type DeskDirectory = Pick<
  Directory,
  'roster' | 'provider' | 'calendar' | 'calendars' | 'policy' | 'policies'
>;

/** The desk's own partition: everything that a decision about whom to page needs, in one query. */
export function deskDirectory(table: Table, entries: EntryStore, onBadRow: OnBadRow): DeskDirectory {
  return {
    async roster() {
      const rows = await table.all({ from: 'table', pk: keys.deskPk });
      const of = (kind: keys.DeskKind) => rows.filter((row) => String(row.sk).startsWith(`${kind}#`));
      const one = ({ sk }: keys.Key): Item | null => rows.find((row) => row.sk === sk) ?? null;
      const provider = parseIfAny(providerSchema(), one(keys.providerKey));
      if (!provider) return null;
      const calendar = parseIfAny(calendarSchema(), one(keys.deskKey('CALENDAR', provider.calendar)));
      const policy = parseIfAny(policySchema(), one(keys.deskKey('POLICY', provider.policy)));
      if (!calendar || !policy) return null;
      return {
        provider,
        calendar,
        policy,
        schedules: parseRows(scheduleSchema(), of('SCHEDULE'), onBadRow),
        staff: parseRows(staffSchema(), of('STAFF'), onBadRow),
      };
    },

    provider: (read) => entries.read('provider', 'provider', read),

    calendar: (id, read) => entries.read('calendar', id, read),
    calendars: async () => parseRows(calendarSchema(), await deskRows(table, 'CALENDAR'), onBadRow),

    policy: (id) => entries.read('policy', id, { fresh: true }),
    policies: async () => parseRows(policySchema(), await deskRows(table, 'POLICY'), onBadRow),
  };
}

/** All of one kind, by id. */
export function deskRows(table: Table, kind: keys.DeskKind): Promise<Item[]> {
  const { pk, sk } = keys.deskKey(kind, '');
  return table.all({ from: 'table', pk, range: { between: [sk, `${sk}~`] } });
}
