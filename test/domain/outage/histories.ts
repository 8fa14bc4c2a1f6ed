import fc from 'fast-check';
import { expect } from 'vitest';
import type { Callback } from '../../../shared/domain/escalation/escalation.ts';
import { type Incident, openIncident } from '../../../shared/domain/incident/incident.ts';
import { firstLookSeconds, isLeading, roleOf } from '../../../shared/domain/outage/outage.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { mondayMorning, mondayNight } from '../escalation/world.ts';
import { Many } from './many.ts';

/** What may happen to many partners' escalations on two services, in any order. */
type Move =
  | { do: 'escalate'; service: string; blocked: boolean }
  | { do: 'press' | 'reword' | 'renumber' | 'notContacted' | 'cancel' | 'close' | 'split'; n: number }
  | { do: 'take' | 'pass' | 'resolve'; n: number; who: string }
  | { do: 'link' | 'unlink'; n: number; incident: Incident }
  | { do: 'deliver' | 'deliverTwice' }
  | { do: 'wait'; seconds: number };

const some = fc.nat(12);
const incidents = ['INC-0000-0000', 'INC-1111-1111'].map(
  (number) =>
    openIncident(
      {
        number,
        title: 'Mail is delayed',
        service: null,
        since: null,
        text: null,
        by: { kind: 'staff', id: 'mo', name: 'Mo' },
      },
      mondayMorning,
    ).incident,
);
const moves: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('escalate' as const),
      service: fc.constantFrom('mail', 'mail', 'mail', 'web'),
      blocked: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        ...(['press', 'reword', 'renumber', 'renumber', 'notContacted'] as const),
        ...(['cancel', 'cancel', 'close', 'split', 'split'] as const),
      ),
      n: some,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('take', 'pass', 'resolve'),
      n: some,
      who: fc.constantFrom('dana', 'eli', 'mo'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('deliver', 'deliverTwice') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('link', 'link', 'unlink'),
      n: some,
      incident: fc.constantFrom(...incidents),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 1500 }) }),
  },
) as fc.Arbitrary<Move>;

function play(world: Many, move: Move): void {
  if (move.do === 'escalate') {
    world.escalate({ reason: move.blocked ? 'blocked' : 'mail_not_delivered' }, move.service);
    return;
  }
  if (move.do === 'wait') {
    // News comes in any order, but within five minutes.
    if (move.seconds > 300) world.deliver();
    world.after(move.seconds);
    return;
  }
  if ('n' in move) {
    act(world, move);
    return;
  }
  const news = [...world.news];
  world.deliver();
  if (move.do === 'deliverTwice') {
    world.news.push(...news.reverse());
    world.deliver();
  }
}

function act(world: Many, move: Extract<Move, { n: number }>): void {
  if (world.cases.length === 0) return;
  const n = move.n % world.cases.length;
  if ('who' in move) world[move.do](n, move.who);
  else if ('incident' in move) world[move.do](n, move.incident);
  else if (move.do === 'reword') world.press(n, { reason: 'cannot_send' });
  else if (move.do === 'renumber') world.press(n, { callback: numbered(world.events.length) });
  else world[move.do](n);
}

function numbered(n: number): Callback {
  const phone = `+1202555${String(n).padStart(4, '0')}`;
  return { name: 'Pat', phone, dialable: phone, textUpdates: false };
}

/** What holds at every instant, news delivered or not. */
function always(world: Many): void {
  const leads = new Map<string, string>();
  for (const [n, { escalation }] of world.cases.entries()) {
    if (!escalation) continue;
    const active = escalation.state === 'paging' || escalation.state === 'acknowledged';
    const state = world.state(n);
    const role = roleOf(state);
    // At most one leads an outage.
    const outage = state.outage?.group.id;
    if (active && role === 'lead' && outage) {
      expect(leads.has(outage), `${outage} has two leads`).toBe(false);
      leads.set(outage, escalation.id);
    }
    // What follows is a row of its outage, and nothing else is.
    const row =
      escalation.outage &&
      world.membersOf(escalation.outage.id).some((each) => each.escalation === escalation.id);
    if (escalation.outage) expect(row, escalation.id).toBe(active && escalation.outage.follows);
    // While nobody has it, something will happen.
    if (escalation.state === 'paging') expect(world.timers.has(`level ${escalation.id}`)).toBe(true);
    // Nothing of a follower is left to ring, and its silence is not its own to break.
    if (active && role === 'follower' && escalation.outage) {
      expect(state.pages.filter((page) => page.notice === null && page.state === 'queued')).toEqual([]);
      expect(world.timers.has(`contact ${escalation.id}`)).toBe(false);
    }
    expect(escalation.acknowledgedBy === null && escalation.state === 'acknowledged').toBe(false);
  }
}

/** What holds once the news has been delivered: somebody pages for whoever is not held, and all are in step. */
function settled(world: Many): void {
  for (const [n, { escalation }] of world.cases.entries()) {
    if (!escalation || (escalation.state !== 'paging' && escalation.state !== 'acknowledged')) continue;
    const state = world.state(n);
    if (roleOf(state) !== 'follower') continue;
    const lead = state.outage?.lead;
    expect(lead && isLeading(lead), `${escalation.id} follows nobody`).toBe(true);
    expect(escalation.state).toBe(lead?.state);
    expect(escalation.acknowledgedBy).toEqual(lead?.acknowledgedBy);
    // Another number to call is never lost: who holds it was told.
    const { newsAt, acknowledgedBy: holder, callback } = escalation;
    const told = state.pages.filter(
      ({ to, text, words }) =>
        to.id === holder?.id && (text?.includes(callback.phone) || words?.callback === callback.phone),
    );
    if (newsAt && holder) expect(told, escalation.id).not.toEqual([]);
  }
}

/** A promise is kept when, and only when, its partner saw it held at its own due time (or over by then). */
function promises(world: Many): void {
  for (const { escalation } of world.cases) {
    if (!escalation) continue;
    const held = world.heldWhenDue.get(escalation.id);
    if (typeof held === 'boolean')
      expect([escalation.id, escalation.promise.brokenAt === null]).toEqual([escalation.id, held]);
  }
}

const escalate: Move = { do: 'escalate', service: 'mail', blocked: false };
/** A ticket is linked to an incident whose lead, that somebody holds, was just linked to another one. */
const cameLate: Move[] = [
  ...[escalate, escalate, { do: 'wait' as const, seconds: 901 }, escalate],
  ...incidents.slice(1).map((incident) => ({ do: 'link' as const, n: 1, incident })),
  { do: 'take', n: 1, who: 'dana' },
  ...incidents.slice(0, 1).map((incident) => ({ do: 'link' as const, n: 1, incident })),
  { do: 'deliver' },
  ...incidents.slice(1).map((incident) => ({ do: 'link' as const, n: 0, incident })),
];

/** One that somebody holds is linked to an incident whose lead has just been linked to another one. */
const heldCameLate: Move[] = [
  escalate,
  { do: 'link', n: 0, incident: incidents[1]! },
  { do: 'wait', seconds: 601 },
  { do: 'take', n: 0, who: 'dana' },
  escalate,
  { do: 'take', n: 1, who: 'dana' },
  { do: 'link', n: 0, incident: incidents[0]! },
  { do: 'link', n: 1, incident: incidents[1]! },
];

/** A lead falls silent and ends in the instant in which somebody else presses, who leads before anyone has heard. */
const heirBeforeNews: Move[] = [
  escalate,
  { do: 'take', n: 0, who: 'dana' },
  escalate,
  escalate,
  ...[747, 197, 1189, 267].map((seconds) => ({ do: 'wait' as const, seconds })),
  { do: 'resolve', n: 0, who: 'dana' },
  escalate,
];

/** A holder falls silent just before its followers' promises are due, and the lead ends before they have heard. */
const lapseBeforeNews: Move[] = [
  escalate,
  { do: 'wait', seconds: 601 },
  escalate,
  { do: 'take', n: 0, who: 'dana' },
  escalate,
  ...[400, 1401].map((seconds) => ({ do: 'wait' as const, seconds })),
  { do: 'resolve', n: 0, who: 'dana' },
];

/** Another number comes in the instant in which its holder was paged with the one before. */
const numberBesidePage: Move[] = [
  ...[escalate, escalate],
  ...[253, 947].map((seconds) => ({ do: 'wait' as const, seconds })),
  ...incidents.slice(1).flatMap((incident) => [1, 0].map((n) => ({ do: 'link' as const, n, incident }))),
  { do: 'take', n: 0, who: 'dana' },
  { do: 'renumber', n: 0 },
];

const found = [cameLate, heldCameLate, heirBeforeNews, lapseBeforeNews, numberBesidePage];

/** At night, by day and as the desk closes. */
export const starts: [name: string, start: Instant][] = [
  ['at night', mondayNight],
  ['by day', mondayMorning],
  ['around closing', '2026-11-24T00:50:00.000Z'],
];

/** In so many histories: one lead an outage, someone paged for all, and each promise its own. */
export function keepInStep(start: Instant, numRuns: number): void {
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 40, size: 'max' }), (history) => {
      const world = new Many(start);
      for (const move of history) {
        play(world, move);
        always(world);
      }
      while (world.news.length > 0) world.deliver();
      // Who came to a lead that had just left is in nobody's news, and looks at it soon.
      world.after(firstLookSeconds);
      while (world.news.length > 0) world.deliver();
      settled(world);
      always(world);
      for (let minutes = 0; minutes < 35; minutes++) {
        world.after(60);
        while (world.news.length > 0) world.deliver();
      }
      settled(world);
      promises(world);
    }),
    { numRuns, examples: found.map((history) => [history]) },
  );
}
