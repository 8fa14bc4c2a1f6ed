import { type Case, type Decision, nothingToDo } from '../decision.ts';
import { hear, isWord } from '../escalation/contact.ts';
import { Draft } from '../escalation/draft.ts';
import type { Actor } from '../event.ts';
import type { Instant } from '../time.ts';

/**
 * Words of the holder on the ticket of one that follows are a word on the lead that acts for it: whoever writes to
 * one of the partners is not silent. What was said before it was taken, or before the latest word, is none.
 */
export function wordElsewhere(
  state: Case,
  by: Actor,
  { saidAt, now }: { saidAt: Instant; now: Instant },
): Decision {
  const { escalation } = state;
  const since = escalation?.contact?.heardAt ?? escalation?.acknowledgedAt;
  if (!escalation || !since || saidAt <= since || !isWord(state, by)) return nothingToDo(state);
  const draft = new Draft(state, escalation, now);
  hear(draft, by, saidAt);
  return draft.done();
}
