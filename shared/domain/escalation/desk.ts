import { openState } from '../calendar/state.ts';
import type { Roster } from '../directory.ts';
import { system } from '../event.ts';
import type { Draft } from './draft.ts';
import { begin } from './ladder.ts';
import { climb } from './paging.ts';
import { clockTime, gsm7 } from './text.ts';

/** The provider's desk as a reader of alerts: the DeskAlerts topic with its subscribers, not a person. */
const desk = { id: 'desk', name: 'Support desk' };

/** Alerts the desk; the text goes to its mailboxes, so it need not fit an SMS. */
export function alertDesk(draft: Draft, roster: Roster, because: string): void {
  const { ticket, escalation } = draft;
  const severity = (ticket.severity.agreed ?? ticket.severity.requested).toUpperCase();
  const lines = [
    `${ticket.number} ${severity}: ${because}.`,
    `Partner: ${ticket.partnerName}. Subject: ${gsm7(ticket.subject)}`,
    `Call back: ${escalation.callback.name ?? ticket.requester.name}, ${escalation.callback.phone}`,
    ...promiseLine(draft, roster),
  ];
  const notice = draft.alert(desk, lines.join('\n'));
  draft.event('escalation.desk_alerted', system, { notice: notice.id, because });
}

function promiseLine({ escalation, now }: Draft, roster: Roster): string[] {
  if (escalation.state === 'acknowledged' || escalation.promise.dueAt <= now) return [];
  return [`Promise: a person takes it by ${clockTime(escalation.promise.dueAt, roster.provider.timezone)}.`];
}

/** Sets the timer of the desk's next opening or closing, whichever changes what happens. */
export function followDesk(draft: Draft, roster: Roster): void {
  const { state, route } = draft.escalation;
  const waiting = state === 'paging' || state === 'exhausted';
  const hours = openState(roster.calendar, draft.now);
  const closing = route === 'desk' || state === 'exhausted' ? hours.closesAt : null;
  draft.timer('desk', waiting ? (hours.open ? closing : hours.opensAt) : null);
}

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
