import type { Page } from '../domain/escalation/escalation.ts';
import type { Clock } from '../runtime/clock.ts';
import { absentOrAtMost } from './conditions.ts';
import * as keys from './keys.ts';
import { pagePiece } from './page-piece.ts';
import { type OnBadRow, parseIfAny, parseRows } from './parse.ts';
import { expiresIn, timerPieces } from './rows.ts';
import { pageSchema } from './schemas/escalation.ts';
import { codeSchema, messageSchema, seenSchema } from './schemas/small.ts';
import type { Pages } from './store.ts';
import type { Table } from './table.ts';
import type { Piece } from './write.ts';

const codes = 99;
/** How long a phone may answer with a code, and SNS or the carrier come back with a message id. */
const codeDays = 30;
const messageDays = 7;

export function pageStore(table: Table, clock: Clock, onBadRow: OnBadRow): Pages {
  return {
    read,
    codeFor,

    async commit({ page, from, timers }, at) {
      const pieces: Piece[] = [pagePiece(page, from), ...timerPieces(timers)];
      if (page.messageId !== null) {
        const put = { ...keys.messageKey(page.messageId), page: page.id, home: page.home };
        pieces.push({ what: 'message', put: { ...put, ...expiresIn(messageDays, at) } });
      }
      await table.transact(pieces);
    },

    async byMessageId(messageId) {
      const message = parseIfAny(messageSchema(), await table.get(keys.messageKey(messageId)));
      return message && read(message.home, message.page);
    },

    async codes(phone) {
      const { pk, sk } = keys.phoneCodeKey(phone, '');
      const rows = await table.all({ from: 'table', pk, range: { between: [sk, `${sk}~`] } });
      const now = clock.now();
      return parseRows(codeSchema(), rows, onBadRow)
        .filter(({ until }) => until > now)
        .map(({ until: _, ...given }) => given)
        .sort((a, b) => (a.givenAt < b.givenAt ? 1 : -1));
    },

    async inboundSeen(inboundMessageId) {
      const seen = parseIfAny(seenSchema(), await table.get(keys.inboundKey(inboundMessageId)));
      return seen !== null && seen.until > clock.now();
    },
    markInbound: (inboundMessageId, at) =>
      table.put({ ...keys.inboundKey(inboundMessageId), ...expiresIn(messageDays, at) }),
  };

  async function read(home: Page['home'], id: string): Promise<Page | null> {
    return parseIfAny(pageSchema(), await table.get(keys.pageKey(home, id)));
  }

  /**
   * A counter gives each claim a code of its own, so claims side by side never wait for each other. Of two for
   * the same escalation the first keeps its code, and the other finds it there.
   */
  async function codeFor(
    phone: string,
    { id, ticket, partner }: { id: string; ticket: string; partner: string },
  ): Promise<number> {
    const key = keys.phoneCodeKey(phone, id);
    const now = clock.now();
    const known = async () => {
      const row = parseIfAny(codeSchema(), await table.get(key));
      return row && row.until > now ? row.code : null;
    };
    const already = await known();
    if (already !== null) return already;
    const turn = await table.count(keys.phoneCounterKey(phone), 'turns');
    const code = ((turn - 1) % codes) + 1;
    const put = { ...key, code, escalation: id, ticket, partner, givenAt: now, ...expiresIn(codeDays, now) };
    if (await table.writeOne({ what: 'code', put, if: [absentOrAtMost('free', 'until', now)] })) return code;
    return (await known()) ?? code;
  }
}
