import type { EventType } from '../../contract/words.ts';
import type { Case } from '../decision.ts';
import type { Escalation } from '../escalation/escalation.ts';
import type { NewEvent } from '../event.ts';
import { addSeconds, type Instant } from '../time.ts';
import { type Hold, isActive, type Lapse, lapses, type OutageChange, roleOf, rowOf } from './outage.ts';

/** The holder hears how many follow this soon after taking it, or after a link brought some, and then every ten minutes. */
export const countSeconds = 60;

/**
 * Who held it is kept when it is passed, so that a follower can still tell whether its promise was kept, and what
 * became of it.
 */
export function holdsAfter(
  before: Escalation | null,
  after: Escalation,
  events: readonly NewEvent[],
  now: Instant,
): Hold[] {
  if (before?.id !== after.id || before.state !== 'acknowledged' || isEnded(after)) return after.holds;
  const { acknowledgedBy: by, acknowledgedAt: from } = before;
  const same = after.state === 'acknowledged' && after.acknowledgedBy?.id === by?.id;
  if (!by || !from || same) return after.holds;
  const ended = events.flatMap(({ type, actor }) => (isLapse(type) ? [{ as: type, by: actor }] : [])).at(-1);
  return [...after.holds, { by, from, until: now, ended: ended ?? null }];
}

const isLapse = (type: EventType): type is Lapse => (lapses as readonly EventType[]).includes(type);

/** A follower that ended, leads or goes its own way is no follower any more. */
export function leaving(before: Case, after: Escalation): OutageChange[] {
  const { escalation, outage } = before;
  const role = roleOf(before);
  if (escalation?.id !== after.id || (role !== 'follower' && role !== 'joining' && role !== 'lost'))
    return [];
  const follows = after.outage?.follows ?? role === 'joining';
  const id = escalation.outage?.id ?? outage?.group.id;
  return id && (!follows || !isActive(after)) ? [{ leave: rowOf(escalation), outage: id }] : [];
}

/** When a lead's holder is to be told how many follow; null when nobody has just taken it. */
export function countAt(before: Case, after: Escalation, now: Instant): Instant | null {
  const was = before.escalation;
  if (roleOf(before) !== 'lead' || was?.id !== after.id || after.state !== 'acknowledged') return null;
  return was.state === 'acknowledged' ? null : addSeconds(now, countSeconds);
}

const isEnded = ({ state }: Escalation) => state === 'resolved' || state === 'cancelled';
