import type { Page } from '../domain/escalation/escalation.ts';
import { absent, equals } from './conditions.ts';
import { pageRow } from './rows.ts';
import type { Piece } from './write.ts';

/** A page as new, or from exactly the state, attempt and claim that it was read in. */
export function pagePiece(page: Page, from: Pick<Page, 'state' | 'attempt' | 'claim'> | null): Piece {
  return {
    what: 'page',
    put: pageRow(page),
    if:
      from === null
        ? [absent('new')]
        : [
            equals('state', ['state'], from.state),
            equals('attempt', ['attempt'], from.attempt),
            from.claim === null
              ? equals('claim', ['claim'], null)
              : equals('claim', ['claim', 'id'], from.claim.id),
          ],
  };
}
