import fc from 'fast-check';
import { expect } from 'vitest';
import {
  acknowledge,
  cancel,
  claimPage,
  pageSent,
  pass,
  resolveEscalation,
} from '../../../shared/domain/escalation/index.ts';
import { addSeconds, type Instant } from '../../../shared/domain/time.ts';
import type { Timer } from '../../../shared/domain/timer.ts';
import { bySms, mondayMorning, mondayNight, partnerActor, press1, roster, World } from './world.ts';

/** What may happen, in any order: people, carriers, workers that die, messages that come late, twice or never. */
type Move =
  | { do: 'press' | 'cancel' | 'send' | 'dieAfterClaim' | 'sendWithoutRecord' | 'oldTimers' | 'notContacted' }
  | { do: 'wait'; seconds: number; silent: boolean }
  | { do: 'take' | 'pass' | 'resolve' | 'comment' | 'takeWhileSending'; who: string }
  | { do: 'fail'; index: number }
  | { do: 'carrierDown'; who: string };

const people = fc.constantFrom('dana', 'eli', 'mo');
const moves: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    do: fc.constantFrom(
      ...['press', 'cancel', 'send', 'dieAfterClaim', 'sendWithoutRecord', 'oldTimers', 'notContacted'],
    ),
  }),
  fc.record({
    do: fc.constant('wait' as const),
    seconds: fc.integer({ min: 0, max: 1300 }),
    silent: fc.boolean(),
  }),
  fc.record({ do: fc.constantFrom('take', 'pass', 'resolve', 'comment', 'takeWhileSending'), who: people }),
  fc.record({ do: fc.constant('fail' as const), index: fc.nat(20) }),
  fc.record({ do: fc.constant('carrierDown' as const), who: people }),
) as fc.Arbitrary<Move>;

const active = (world: World) => ['paging', 'acknowledged'].includes(world.state.escalation?.state ?? '');

/** A world with a memory of every timer message that was ever put on the queue. */
function play(world: World, history: Move[]): void {
  const everSet = new Map<string, Timer>();
  const remember = () => {
    for (const timer of world.timers.values())
      everSet.set(`${timer.kind} ${timer.subject} ${timer.generation}`, timer);
  };
  for (const move of history) {
    const before = world.state;
    move1(world, move, everSet);
    remember();
    invariants(world, before);
  }
}

function move1(world: World, move: Move, everSet: Map<string, Timer>): void {
  const facts = { roster: world.roster, now: world.now };
  switch (move.do) {
    case 'press':
      world.press({ callback: world.state.escalation?.callback ?? press1.callback });
      return;
    case 'cancel':
      world.do((state) => cancel(state, partnerActor, facts));
      return;
    case 'resolve':
      world.do((state) => resolveEscalation(state, bySms(move.who), facts));
      return;
    case 'comment':
      world.comment(move.who);
      return;
    case 'notContacted':
      world.notContacted();
      return;
    case 'take':
      world.acknowledge(move.who);
      return;
    case 'pass':
      world.do((state) => pass(state, bySms(move.who), facts));
      return;
    case 'send':
      world.send();
      return;
    case 'carrierDown':
      world.send((page) => (page.to.id === move.who ? 'unreachable carrier' : null));
      return;
    case 'fail': {
      const page = world.state.pages[move.index % Math.max(1, world.state.pages.length)];
      if (page) world.fail(page.id, 'the delivery log says so');
      return;
    }
    case 'dieAfterClaim':
    case 'sendWithoutRecord': {
      const page = world.state.pages.find((each) => each.state === 'queued');
      const claim = page && claimPage(page, { now: world.now, claimId: 'dead' });
      if (claim?.kind === 'claim') world.replace(claim.page);
      return;
    }
    case 'takeWhileSending':
      takeWhileSending(world, move.who);
      return;
    case 'oldTimers':
      for (const timer of everSet.values()) if (timer.dueAt <= world.now) world.fire(timer);
      return;
    case 'wait':
      world.moveTo(addSeconds(world.now, move.seconds), move.silent ? () => undefined : undefined);
  }
}

/** Both were read as they were; the sender commits first: the taker's commit must fail and be decided again. */
function takeWhileSending(world: World, who: string): void {
  const decision = acknowledge(world.state, bySms(who), { roster: world.roster, now: world.now });
  const page = world.state.pages.find((each) => each.state === 'queued' && each.notice === null);
  const claim = page && claimPage(page, { now: world.now, claimId: 'race' });
  if (claim?.kind !== 'claim' || decision.refused || decision.unchanged) return;
  world.replace(claim.page);
  expect(world.commit(decision)).toBe(false);
  world.acknowledge(who);
  world.replace(pageSent(claim.page, { now: world.now, messageId: 'race' }).page);
  expect(world.state.escalation?.state).toBe('acknowledged');
}

function invariants(world: World, before: World['state']): void {
  const { escalation, pages } = world.state;
  if (!escalation) return;
  const has = (kind: string, subject: string) => world.timers.has(`${kind} ${subject}`);
  // No queued page without its timer; a page on its way is guarded too.
  for (const page of pages) {
    if (page.notice === null && (page.state === 'queued' || page.state === 'sending')) {
      expect(has('send_by', page.id), `${page.id} ${page.state} has no timer`).toBe(true);
    }
  }
  // While it rings something will happen: the next level, and the promise until it is broken.
  if (escalation.state === 'paging') {
    expect(has('level', escalation.id)).toBe(true);
    if (!escalation.promise.brokenAt && world.now < escalation.promise.dueAt)
      expect(has('promise', escalation.id)).toBe(true);
  } else {
    expect(has('level', escalation.id)).toBe(false);
    // Acknowledging and sending never both win: nothing is left to send.
    const queued = pages.filter((page) => page.notice === null && page.state === 'queued');
    if (escalation.state !== 'exhausted') expect(queued).toEqual([]);
  }
  // One holder, exactly while it is held.
  expect(escalation.acknowledgedBy !== null).toBe(
    escalation.state === 'acknowledged' ||
      (escalation.acknowledgedBy !== null && escalation.endedAt !== null),
  );
  // Somebody's silence is watched as long as they hold it, and no longer.
  expect(has('contact', escalation.id)).toBe(escalation.state === 'acknowledged');
  if (escalation.state !== 'acknowledged') expect(escalation.contact).toBeNull();
  // What nobody took waits for the next shift.
  expect(has('shift', escalation.id)).toBe(escalation.state === 'exhausted');
  // The requester is told only where that was asked for, at most once a step, and never after a repeat.
  const steps = world.types().filter((type) => type.startsWith('escalation.'));
  expect(world.notices('update').length).toBeLessThanOrEqual(
    escalation.callback.textUpdates ? steps.length : 0,
  );
  // The holder changes only by passing.
  const held = before.escalation?.id === escalation.id ? before.escalation.acknowledgedBy : null;
  if (held && escalation.acknowledgedBy) expect(escalation.acknowledgedBy).toEqual(held);
  // Never two active escalations: a new one begins only after the former ended.
  if (before.escalation && before.escalation.id !== escalation.id) {
    expect(['resolved', 'cancelled']).toContain(before.escalation.state);
  }
  // Nothing is unbroken past its time while nobody has it and the clock of the world has moved on.
  if (escalation.state === 'exhausted' && !escalation.promiseKept)
    expect(escalation.promise.brokenAt).not.toBeNull();
}

/** Levels climb one by one within a ladder, or the timeline says why one was passed over. */
function levelsExplained(world: World): void {
  let last = 0;
  for (const event of world.events) {
    const data = event.data as { level?: number; skipped?: { level: number }[]; because?: string | null };
    if (event.type === 'escalation.started' || event.type === 'escalation.passed') last = Number.NaN;
    if (event.type !== 'escalation.paged') continue;
    const level = data.level ?? 0;
    const explained = new Set((data.skipped ?? []).map((each) => each.level));
    const reached = Math.max(level, ...explained);
    const restarted = Number.isNaN(last) || level <= last || data.because !== null;
    for (let between = last + 1; !restarted && between < level; between++)
      expect(explained.has(between)).toBe(true);
    last = reached;
  }
}

/** At night, by day, and as the desk closes and opens. */
export const starts: [name: string, start: Instant][] = [
  ['at night', mondayNight],
  ['by day', mondayMorning],
  ['around closing', '2026-11-24T00:50:00.000Z'],
  ['around opening', '2026-11-24T13:45:00.000Z'],
];

/** So many histories keep every invariant, and end with a person or a broken promise. */
export function keepInvariants(start: Instant, numRuns: number): void {
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 25 }), fc.boolean(), (history, textUpdates) => {
      const world = new World(start, roster());
      world.press({ callback: { ...press1.callback, textUpdates } });
      play(world, history);
      world.roster = roster();
      world.after(700);
      levelsExplained(world);
      const { escalation } = world.state;
      expect(escalation?.state).not.toBe('paging');
      if (escalation?.state === 'exhausted' && !escalation.promiseKept)
        expect(escalation.promise.brokenAt).toBe(escalation.promise.dueAt);
      expect(active(world) ? escalation?.acknowledgedBy : null).toEqual(
        active(world) ? expect.anything() : null,
      );
    }),
    { numRuns },
  );
}
