import { openState } from '../calendar/state.ts';
import type { Roster } from '../directory.ts';
import { alertDesk } from './desk-alert.ts';
import type { Draft } from './draft.ts';
import { begin } from './ladder.ts';
import { climb } from './paging.ts';
import { followDesk } from './watches.ts';

/**
 * The desk closes or opens. Closing pages on-call at once for what the desk has not taken; opening alerts
 * the desk too and lets the ladder run. What was exhausted is told at each opening until somebody acts.
 */
export function deskMoved(draft: Draft, roster: Roster): void {
  const { state, route } = draft.escalation;
  if (state !== 'paging' && state !== 'exhausted') return;
  const open = openState(roster.calendar, draft.now).open;
  if (!open && route === 'desk' && state === 'paging') {
    draft.set({ route: 'on_call', ladder: begin('on_call', draft.now) });
    climb(draft, roster, { atOnce: 'the desk closed before anybody took it' });
  } else if (open && (route === 'on_call' || state === 'exhausted')) {
    alertDesk(draft, roster, 'the desk opens and nobody has taken this emergency');
    if (state === 'paging') {
      draft.timer('desk', null);
      return;
    }
  }
  followDesk(draft, roster);
}
