import fc from 'fast-check';
import type { Callback } from '../../../shared/domain/escalation/escalation.ts';
import { firstLookSeconds } from '../../../shared/domain/outage/outage.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { mondayMorning, mondayNight, roster } from '../escalation/world.ts';
import { found } from './found.ts';
import { always, promises, settled } from './invariants.ts';
import { Many } from './many.ts';
import { type Move, moves } from './moves.ts';

/** News comes in any order, and within so many seconds: where a whole night passes, in less. */
const latest = (history: Move[]): number =>
  history.some((move) => move.do === 'wait' && move.seconds > 1500) ? 300 : 1500;

function play(world: Many, move: Move, late: number): void {
  if (move.do === 'escalate') {
    world.escalate({ reason: move.blocked ? 'blocked' : 'mail_not_delivered' }, move.service);
    return;
  }
  if (move.do === 'wait') {
    if (move.seconds > 300) world.deliver();
    for (let left = move.seconds; left > 0; left -= late) {
      if (left < move.seconds) world.deliver();
      world.after(Math.min(left, late));
    }
    return;
  }
  if (move.do === 'carrier') {
    if (!world.failing.delete(move.who)) world.failing.add(move.who);
    return;
  }
  if (move.do === 'staffed') {
    const { staff } = roster();
    const gone = staff.map((member) => ({ ...member, suspended: true }));
    world.roster = roster(world.roster.staff.some(({ suspended }) => suspended) ? {} : { staff: gone });
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
  else if ('service' in move) world.move(n, move.service);
  else if ('incident' in move) world[move.do](n, move.incident);
  else if (move.do === 'reword') world.press(n, { reason: 'cannot_send' });
  else if (move.do === 'renumber') world.press(n, { callback: numbered(world.events.length) });
  else world[move.do](n);
}

function numbered(n: number): Callback {
  const phone = `+1202555${String(n).padStart(4, '0')}`;
  return { name: 'Pat', phone, dialable: phone, textUpdates: false };
}

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
        play(world, move, latest(history));
        always(world);
      }
      world.failing.clear();
      world.roster = roster();
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
