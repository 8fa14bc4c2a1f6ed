import type { Calendar } from '../../domain/calendar/types.ts';
import type { Provider } from '../../domain/directory.ts';
import type { Clock } from '../../runtime/clock.ts';
import { Cache } from '../cache.ts';
import type { Item } from '../item.ts';
import * as keys from '../keys.ts';
import { type OnBadRow, parseIfAny, parseRows } from '../parse.ts';
import { calendarSchema, scheduleSchema } from '../schemas/calendar.ts';
import { policySchema, providerSchema, staffSchema } from '../schemas/directory.ts';
import type { Table } from '../table.ts';
import type { Directory } from '../types/directory.ts';

type DeskDirectory = Pick<
  Directory,
  | 'roster'
  | 'provider'
  | 'putProvider'
  | 'calendar'
  | 'calendars'
  | 'putCalendar'
  | 'policy'
  | 'policies'
  | 'putPolicy'
>;

/** The desk's own partition: everything that a decision about whom to page needs, in one query. */
export function deskDirectory(table: Table, clock: Clock, onBadRow: OnBadRow): DeskDirectory {
  const providers = new Cache<Provider>(clock);
  const calendars = new Cache<Calendar & { id: string }>(clock);

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

    provider: (read) =>
      providers.get('', async () => parseIfAny(providerSchema(), await table.get(keys.providerKey)), read),
    async putProvider(provider) {
      await table.put({ ...provider, ...keys.providerKey });
      providers.forget('');
    },

    calendar: (id, read) =>
      calendars.get(
        id,
        async () => parseIfAny(calendarSchema(), await table.get(keys.deskKey('CALENDAR', id))),
        read,
      ),
    calendars: async () => parseRows(calendarSchema(), await deskRows(table, 'CALENDAR'), onBadRow),
    async putCalendar(id, calendar) {
      await table.put({ ...calendar, id, ...keys.deskKey('CALENDAR', id) });
      calendars.forget(id);
    },

    policy: async (id) => parseIfAny(policySchema(), await table.get(keys.deskKey('POLICY', id))),
    policies: async () => parseRows(policySchema(), await deskRows(table, 'POLICY'), onBadRow),
    putPolicy: (policy) => table.put({ ...policy, ...keys.deskKey('POLICY', policy.id) }),
  };
}

/** All of one kind, by id. */
export function deskRows(table: Table, kind: keys.DeskKind): Promise<Item[]> {
  const { pk, sk } = keys.deskKey(kind, '');
  return table.all({ from: 'table', pk, range: { between: [sk, `${sk}~`] } });
}
