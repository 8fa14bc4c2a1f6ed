import { drillAnswer } from '../coverage/drill.ts';
import { verifiedAnswer } from '../reach/verification.ts';
import type { Choice } from './choose.ts';

/**
 * A message that is no command, but proves its phone, is answered with thanks in place of an error; a command has an
 * answer of its own. `asked`: for which proof this phone is waited for.
 */
export function thanked(choice: Choice, asked: { verification: boolean; drill: boolean }): Choice {
  if (choice.kind !== 'say' || !choice.error) return choice;
  if (asked.verification) return { kind: 'say', text: verifiedAnswer, error: false };
  return asked.drill ? { kind: 'say', text: drillAnswer, error: false } : choice;
}
