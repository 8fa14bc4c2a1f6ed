import type { EventType } from '../../contract/words.ts';
import type { NewEvent } from '../event.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { Escalation, Page, Person } from './escalation.ts';
import { gsm7, noticeText, segment, timesFor } from './text.ts';

/** What a decision says has happened, and what was so before it. */
export interface Steps {
  ticket: Ticket;
  escalation: Escalation;
  events: readonly NewEvent[];
  before: { escalation: Escalation | null; pages: readonly Page[] };
}

/** A turn of events: whom is asked after it is worth saying, also when they were asked before. */
const turns: readonly EventType[] = [
  'escalation.started',
  'escalation.passed',
  'escalation.contact_lost',
  'escalation.not_contacted',
];

/**
 * The requester's SMS about the steps of one decision, for who asked for text updates: one segment, and nothing
 * that the ticket says. null when nothing happened that is news: repeats are not texted.
 */
export function updateText(steps: Steps): string | null {
  const said = steps.events.flatMap((event) => {
    const words = sentence(event, steps);
    return words === null ? [] : [{ words, calls: event.data.phone !== undefined }];
  });
  if (said.length === 0) return null;
  const text = (list: typeof said) =>
    gsm7(`${steps.ticket.number}: ${list.map(({ words }) => words).join(' ')}`);
  const whole = text(said);
  if (whole.length <= segment) return whole;
  // Its end is cut off, so whom to call comes first.
  return noticeText(text(said.toSorted((a, b) => Number(b.calls) - Number(a.calls))));
}

function sentence({ type, actor, data }: NewEvent, steps: Steps): string | null {
  const { escalation, ticket } = steps;
  const phone = String(data.phone ?? '');
  switch (type) {
    case 'escalation.paged':
      return asking(data.pages as { to: Person }[], steps);
    case 'escalation.desk_alerted':
      return turned(steps) && escalation.route === 'desk' && !escalation.unreachableSince
        ? `The support desk is alerted.${by(steps)}`
        : null;
    case 'escalation.page_failed':
      return data.page !== null || saidLast(nobody, steps) ? null : `${nobody} Please call ${phone}.`;
    case 'escalation.followed':
      return escalation.state === 'acknowledged' || escalation.unreachableSince
        ? 'It belongs to a known outage.'
        : 'It belongs to a known outage, and staff are being alerted for that already.';
    case 'escalation.acknowledged':
      return `Taken by ${actor.name} at ${timesFor(ticket.requester, escalation.acknowledgedAt, escalation.timezone)}.`;
    case 'escalation.passed':
    case 'escalation.contact_lost':
    case 'escalation.not_contacted':
      return lapsed(steps, { type, actor, from: data.from as Person | null });
    case 'escalation.promise_broken':
      return `Nobody took it in time. Please call ${phone}.`;
    case 'escalation.exhausted':
      return `Nobody holds it. Escalate again, or call ${phone}.`;
    case 'escalation.resolved':
      return `No longer an emergency, says ${actor.name}.`;
    case 'escalation.cancelled':
      return `The emergency was cancelled by ${actor.name}.`;
    default:
      return null;
  }
}

/** Nobody holds it any more. One that follows pages nobody itself, so whom its lead asks then is not named. */
function lapsed(
  { escalation }: Steps,
  { type, actor, from }: Pick<NewEvent, 'type' | 'actor'> & { from: Person | null },
): string | null {
  if (from === null || escalation.state === 'acknowledged') return null;
  const follows = escalation.outage?.follows ?? false;
  const said = () => {
    if (type === 'escalation.contact_lost') return `No word from ${from.name}.`;
    if (type === 'escalation.passed' && actor.kind === 'staff') return `${actor.name} passed it on.`;
    return follows ? `${from.name} no longer holds it.` : '';
  };
  const again = follows && !escalation.unreachableSince ? 'Staff are being alerted again.' : '';
  return `${said()} ${again}`.trim() || null;
}

const nobody = 'Nobody can be paged just now, we keep trying.';

/** Whether that is the last that this number was told. */
const saidLast = (words: string, { escalation: { callback }, before }: Steps): boolean =>
  before.pages
    .findLast(({ notice, phone }) => notice === 'update' && phone === callback.dialable)
    ?.text?.includes(words) ?? false;

const turned = ({ events }: Steps) => events.some(({ type }) => turns.includes(type));

function asking(pages: readonly { to: Person }[], steps: Steps): string | null {
  const asked = new Set(steps.before.pages.filter(({ notice }) => notice === null).map(({ to }) => to.id));
  const names = pages.filter(({ to }) => turned(steps) || !asked.has(to.id)).map(({ to }) => to.name);
  if (names.length === 0) return null;
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `Asking ${names.slice(0, 3).join(', ')}${more}.${by(steps)}`;
}

/** By when a person takes it: said once, at the press. */
function by({ events, escalation, ticket }: Steps): string {
  const { promise, promiseKept } = escalation;
  const started = events.some(({ type }) => type === 'escalation.started');
  if (!started || promise.brokenAt !== null || promiseKept) return '';
  return ` A person takes it by ${timesFor(ticket.requester, promise.dueAt, escalation.timezone)}.`;
}
