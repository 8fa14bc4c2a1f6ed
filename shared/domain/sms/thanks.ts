import { drillAnswer } from '../coverage/drill.ts';
import { lapsedAnswer, verifiedAnswer } from '../reach/verification.ts';
import type { Choice } from './choose.ts';

/**
 * A message that is no command, but proves its phone, is answered with thanks in place of an error; a command has an
 * answer of its own. `asked`: for which proof this phone is waited for, or was until it `lapsed`: that is an error too,
 * in words that say so.
 */
export function thanked(
  choice: Choice,
  asked: { verification: boolean; drill: boolean; lapsed: boolean },
): Choice {
  if (choice.kind !== 'say' || !choice.error) return choice;
  if (asked.verification) return { kind: 'say', text: verifiedAnswer, error: false };
  if (asked.drill) return { kind: 'say', text: drillAnswer, error: false };
  return asked.lapsed ? { kind: 'say', text: lapsedAnswer, error: true } : choice;
}
