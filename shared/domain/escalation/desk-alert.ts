import type { Roster } from '../directory.ts';
import { system } from '../event.ts';
import type { Draft } from './draft.ts';
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
