import { isOver } from '../domain/escalation/escalation.ts';
import {
  hasGivenBack,
  inOrder,
  mayHaveCodes,
  newPhone,
  type Phone,
  type Shown,
  type ShownNow,
} from '../domain/phone/phone.ts';
import type { Ticket } from '../domain/ticket/ticket.ts';
import type { Instant } from '../domain/time.ts';
import type { Clock } from '../runtime/clock.ts';
import { absent, absentOrAtMost, equals } from './conditions.ts';
import type { Item } from './item.ts';
import * as keys from './keys.ts';
import { type OnBadRow, parseIfAny, parseRows } from './parse.ts';
import { expiresIn } from './rows.ts';
import { pageSchema } from './schemas/escalation.ts';
import { bundleSchema, inboundSchema, phoneSchema, shownSchema } from './schemas/small.ts';
import { ticketSchema } from './schemas/ticket.ts';
import type { Table } from './table.ts';
import type { Inbound, PhoneChange, Phones } from './types/phones.ts';
import type { Piece } from './write.ts';

/** How long a phone may answer for what it was shown, and a carrier may bring a message again. */
const shownDays = 30;
const inboundDays = 7;

export function phoneStore(table: Table, clock: Clock, onBadRow: OnBadRow): Phones {
  return {
    read: async (phone, escalation) =>
      phoneIn(await table.batchGet(keys.phoneKeys(keys.phoneHash(phone), escalation))),

    async withPage({ id, home, phoneHash }) {
      const key = keys.pageKey(home, id);
      const rows = await table.batchGet([key, ...keys.phoneKeys(phoneHash, home.escalation)]);
      return {
        page: parseIfAny(
          pageSchema(),
          rowIn(rows, ({ pk }) => pk === key.pk),
        ),
        ...phoneIn(rows),
      };
    },

    async shown(phone, which = 'all') {
      const rows = await table.all({ from: 'table', ...keys.shownRange(phone) });
      const now = clock.now();
      const inForce = ({ until }: { until: Instant }) => until > now;
      const bundles = parseRows(bundleSchema(), rows.filter(isBundle), onBadRow).filter(inForce);
      const shown = parseRows(shownSchema(), rows.filter(isShown), onBadRow).filter(inForce);
      const newestFirst = inOrder(shown.map(withoutUntil), bundles, now);
      if (which === 'all') return standings(newestFirst);
      const { latest, sharers } = mayHaveCodes(newestFirst);
      const have = await standings(latest);
      const back = new Set(have.filter((each) => hasGivenBack(each, now)).map(({ code }) => code));
      return [...have, ...(await standings(sharers.filter(({ code }) => back.has(code))))];
    },

    async put(change, at) {
      await table.transact(phonePieces(change, at));
    },

    inbound,

    async noteInbound(id, noted, at) {
      const put = { ...keys.inboundKey(id), ...noted, ...expiresIn(inboundDays, at) };
      if (noted.done) await table.put(put);
      else if (!(await table.writeOne({ what: 'inbound', put, if: [absentOrAtMost('new', 'until', at)] })))
        return (await inbound(id)) ?? noted;
      return noted;
    },
  };

  async function standings(shown: readonly (Shown & Pick<ShownNow, 'waits'>)[]): Promise<ShownNow[]> {
    const found = parseRows(ticketSchema(), await table.batchGet(shown.map(keyOf)), onBadRow);
    const tickets = new Map(found.map((ticket) => [ticket.number, ticket]));
    return shown.map((each) => standing(each, tickets.get(each.ticket)));
  }

  function phoneIn(rows: readonly Item[]): { phone: Phone; shown: Shown | null } {
    const shown = parseIfAny(shownSchema(), rowIn(rows, isShown));
    return {
      phone:
        parseIfAny(
          phoneSchema(),
          rowIn(rows, ({ sk }) => sk === 'PHONE'),
        ) ?? newPhone,
      shown: shown && shown.until > clock.now() ? withoutUntil(shown) : null,
    };
  }

  async function inbound(id: string): Promise<Inbound | null> {
    const row = parseIfAny(inboundSchema(), await table.get(keys.inboundKey(id)));
    return row && row.until > clock.now() ? withoutUntil(row) : null;
  }
}

/** The phone on its version, and what it is shown. */
export function phonePieces({ phone, before, after, shown, bundle }: PhoneChange, at: Instant): Piece[] {
  const row = {
    ...after,
    codes: after.codes.join(' '),
    version: before.version + (after === before ? 0 : 1),
  };
  const put = { ...row, ...keys.phoneKey(phone) };
  const condition = before.version === 0 ? absent('new') : equals('version', ['version'], before.version);
  const kept = expiresIn(shownDays, at);
  return [
    ...(after === before && before.version === 0 ? [] : [{ what: 'phone', put, if: [condition] }]),
    ...(shown
      ? [{ what: 'shown', put: { ...shown, ...keys.shownKey(phone, shown.escalation), ...kept } }]
      : []),
    ...(bundle
      ? [{ what: 'bundle', put: { ...bundle, ...keys.bundleKey(phone, bundle.page), ...kept } }]
      : []),
  ];
}

const isShown = ({ sk }: Item) => String(sk).startsWith('SHOWN#');
const isBundle = ({ sk }: Item) => String(sk).startsWith('SENT#');

const rowIn = (rows: readonly Item[], is: (row: Item) => boolean): Item | null => rows.find(is) ?? null;

const keyOf = ({ partner, ticket }: Shown) => keys.ticketKey({ partner, number: ticket });

const withoutUntil = <T extends { until: string }>({ until: _, ...row }: T): Omit<T, 'until'> => row;

/** As the ticket's own summary says: one read for each, whatever the length of the night. */
function standing(shown: Shown & Pick<ShownNow, 'waits'>, ticket: Ticket | undefined): ShownNow {
  const latest = ticket?.escalation;
  if (!ticket || !latest) return { ...shown, state: null, endedAt: null, holder: null, follows: null };
  if (latest.id !== shown.escalation)
    return { ...shown, state: null, endedAt: latest.startedAt, holder: null, follows: null };
  const { state, acknowledgedBy: holder, follows } = latest;
  return { ...shown, state, endedAt: isOver(state) ? ticket.updatedAt : null, holder, follows };
}
