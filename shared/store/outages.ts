import type { Case } from '../domain/decision.ts';
import type { Escalation } from '../domain/escalation/escalation.ts';
import {
  type Group,
  groupOf,
  leadRefOf,
  type Member,
  type OutageChange,
  type OutageView,
} from '../domain/outage/outage.ts';
import type { PressView } from '../domain/outage/place.ts';
import { absent, equals } from './conditions.ts';
import * as keys from './keys.ts';
import { parseIfAny, parseRow } from './parse.ts';
import { expiresIn, keptDays } from './rows.ts';
import { escalationSchema } from './schemas/escalation.ts';
import { groupSchema, memberSchema } from './schemas/outage.ts';
import { ticketSchema } from './schemas/ticket.ts';
import type { Table } from './table.ts';
import type { Outages } from './types/outages.ts';
import type { Piece } from './write.ts';

/** Long after the last of an outage's escalations has ended its rows go by themselves. */
const memberDays = 30;

type Reads = Pick<Table, 'get' | 'batchGet' | 'pages' | 'countOf'>;
type Home = Omit<Member, 'at'>;

export function outageStore(table: Reads): Outages {
  return {
    group,
    of,
    about,
    aboutAll,
    atPress,
    lead,
    members,
    remembering: () => outageStore(remembered(table)),
  };

  async function group(key: string): Promise<Group | null> {
    return parseIfAny(groupSchema(), await table.get(keys.groupKey(key)));
  }

  async function of(state: Case) {
    return view(groupOf(state), state.escalation);
  }

  async function about(member: Parameters<Outages['about']>[0]) {
    const found = await escalation(member);
    if (!found?.outage || found.outage.leftAt) return null;
    return { escalation: found, outage: await view(found.outage.key, found) };
  }

  async function aboutAll(members: readonly Home[]): ReturnType<Outages['aboutAll']> {
    const own = await escalations(members);
    const keysOfGroups = own.flatMap(({ outage }) => (outage && !outage.leftAt ? [outage.key] : []));
    const rows = await table.batchGet(keysOfGroups.map(keys.groupKey));
    const groups = new Map(
      rows.map((row) => parseRow(groupSchema(), row)).map((found) => [found.key, found]),
    );
    const shared = own.flatMap((one) => {
      const found = one.outage && groups.get(one.outage.key);
      return found ? [{ escalation: one, group: found, ref: leadRefOf(found, one.outage) }] : [];
    });
    const leads = new Map(
      (await escalations(shared.flatMap(({ ref }) => ref ?? []))).map((one) => [one.id, one]),
    );
    return new Map(
      shared.map(({ escalation, group, ref }) => {
        const lead = (ref && leads.get(ref.escalation)) ?? null;
        return [escalation.id, { escalation, outage: { group, lead, followers: null } }];
      }),
    );
  }

  async function escalations(homes: readonly Home[]): Promise<Escalation[]> {
    const rows = await table.batchGet(homes.flatMap((home) => keyOf(home) ?? []));
    return rows.map((row) => parseRow(escalationSchema(), row));
  }

  async function view(key: string | null, own: Escalation | null): Promise<OutageView | null> {
    const found = key === null ? null : await group(key);
    if (!found) return null;
    const leads = found.lead?.escalation === own?.id;
    const held = leads && own?.state === 'acknowledged' && found.id !== null;
    const ref = leadRefOf(found, own?.outage ?? null);
    return {
      group: found,
      lead: leads || !ref ? null : await escalation(ref),
      followers: held && found.id ? await table.countOf(keys.memberPk(found.id)) : null,
    };
  }

  async function atPress(key: string) {
    const found = await group(key);
    return {
      group: found,
      lead: found && (await lead(found)),
      recent: found && !found.lead ? await withTickets(found.recent) : [],
    };
  }

  async function lead(found: Group): Promise<Escalation | null> {
    return found.lead && escalation(found.lead);
  }

  async function escalation(home: Home): Promise<Escalation | null> {
    const key = keyOf(home);
    return key && parseIfAny(escalationSchema(), await table.get(key));
  }

  async function withTickets(members: readonly Member[]): Promise<PressView['recent']> {
    const found = await Promise.all(
      members.map(async (member) => {
        const address = { partner: member.partner, number: member.ticket };
        const [own, row] = await Promise.all([escalation(member), table.get(keys.ticketKey(address))]);
        const ticket = parseIfAny(ticketSchema(), row);
        return own && ticket ? [{ ticket, escalation: own }] : [];
      }),
    );
    return found.flat();
  }

  async function* members(outage: string): AsyncGenerator<Member[], void> {
    for await (const rows of table.pages({ from: 'table', pk: keys.memberPk(outage) }))
      yield rows.map((row) => parseRow(memberSchema(), row));
  }
}

function keyOf({ partner, ticket, escalation }: Home): keys.Key | null {
  const ordinal = keys.ordinalIn(ticket, escalation);
  return ordinal === null ? null : keys.escalationKey({ partner, number: ticket }, ordinal);
}

function remembered(table: Reads): Reads {
  const rows = new Map<string, ReturnType<Reads['get']>>();
  return {
    get(key) {
      const name = `${key.pk} ${key.sk}`;
      const row = rows.get(name) ?? table.get(key);
      rows.set(name, row);
      return row;
    },
    batchGet: (keys) => table.batchGet(keys),
    pages: (query) => table.pages(query),
    countOf: (pk) => table.countOf(pk),
  };
}

/** The changes as pieces; of two changes of one row the later counts. */
export function outagePieces(changes: readonly OutageChange[], at: string): Piece[] {
  const last = new Map<string, Piece>();
  for (const change of changes) {
    if ('group' in change) {
      const { group, from } = change;
      const condition = from === null ? absent('new') : equals('version', ['version'], from);
      last.set(group.key, {
        what: 'outage',
        put: { ...keys.groupKey(group.key), ...group },
        if: [condition],
      });
      continue;
    }
    if ('incident' in change) {
      const of = 'link' in change ? change.link : change.unlink;
      const key = keys.incidentTicketKey(change.incident, of.ticket);
      last.set(`${key.pk} ${key.sk}`, {
        what: 'link',
        ...('link' in change ? { put: { ...key, ...of, ...expiresIn(keptDays, at) } } : { delete: key }),
      });
      continue;
    }
    const member = 'join' in change ? change.join : change.leave;
    const key = keys.memberKey(change.outage, member);
    last.set(`${key.pk} ${key.sk}`, {
      what: 'member',
      ...('join' in change ? { put: { ...key, ...member, ...expiresIn(memberDays, at) } } : { delete: key }),
    });
  }
  return [...last.values()];
}
