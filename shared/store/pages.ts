import type { Page } from '../domain/escalation/escalation.ts';
import * as keys from './keys.ts';
import { pagePiece } from './page-piece.ts';
import { parseIfAny } from './parse.ts';
import { phonePieces } from './phones.ts';
import { expiresIn, linkRow, timerPieces } from './rows.ts';
import { pageSchema } from './schemas/escalation.ts';
import { linkSchema, messageSchema } from './schemas/small.ts';
import type { Table } from './table.ts';
import type { Pages } from './types/pages.ts';
import type { Piece } from './write.ts';

/** How long SNS may come back with a message id. */
const messageDays = 7;

export function pageStore(table: Table): Pages {
  return {
    read,

    async commit({ page, from, timers, phone, link }, at) {
      const pieces: Piece[] = [
        pagePiece(page, from),
        ...timerPieces(timers),
        ...(phone ? phonePieces(phone, at) : []),
      ];
      if (page.messageId !== null) {
        const put = { ...keys.messageKey(page.messageId), page: page.id, home: page.home };
        pieces.push({ what: 'message', put: { ...put, ...expiresIn(messageDays, at) } });
      }
      if (link) pieces.push({ what: 'link', put: linkRow(link.token, link.to) });
      await table.transact(pieces);
    },

    link: async (token) => parseIfAny(linkSchema(), await table.get(keys.linkKey(token))),

    async byMessageId(messageId) {
      const message = parseIfAny(messageSchema(), await table.get(keys.messageKey(messageId)));
      return message && read(message.home, message.page);
    },
  };

  async function read(home: Page['home'], id: string): Promise<Page | null> {
    return parseIfAny(pageSchema(), await table.get(keys.pageKey(home, id)));
  }
}
