import { describe, expect, it } from 'vitest';
import { type Movable, moveClock } from '../../infra/local/clock/move.ts';

/** A world whose time stands still unless it is moved, with messages and timer rows that fall due. */
function world(start: number, messages: number[], timers: number[] = []) {
  const stops: number[] = [];
  let now = start;
  let waiting = [...messages];
  let rows = [...timers];
  const movable: Movable = {
    clock: {
      offset: new SharedArrayBuffer(8),
      now: () => now,
      set: (instant) => {
        now = instant;
      },
    },
    async settle() {
      waiting = waiting.filter((at) => at > now);
      rows = rows.filter((at) => at > now);
    },
    runSchedules: () => stops.push(now),
    clockMoved() {},
    nextMessageAt: () => (waiting.length > 0 ? Math.min(...waiting) : null),
    nextTimerAfter: async (after) =>
      rows.filter((at) => at > after).sort((one, other) => one - other)[0] ?? null,
  };
  return { movable, stops, now: () => now, send: (at: number) => waiting.push(at) };
}

describe('a move forwards', () => {
  it('stops at each instant at which something falls due, in order, and at its end', async () => {
    const { movable, stops, now } = world(0, [3000, 1000], [2000, 9000]);
    await moveClock(movable, 5000);
    expect(stops).toEqual([1000, 2000, 3000, 5000]);
    expect(now()).toBe(5000);
  });

  it('stops once where its end is itself an instant at which something falls due', async () => {
    const { movable, stops } = world(0, [5000], [5000]);
    await moveClock(movable, 5000);
    expect(stops).toEqual([5000]);
  });

  it('stops at what a step has set up on the way', async () => {
    const w = world(0, [1000]);
    const runSchedules = w.movable.runSchedules;
    await moveClock(
      {
        ...w.movable,
        runSchedules: () => {
          runSchedules();
          if (w.now() < 3000) w.send(w.now() + 1000);
        },
      },
      3500,
    );
    expect(w.stops).toEqual([1000, 2000, 3000, 3500]);
  });

  it('goes on past a timer row that nothing took away', async () => {
    const w = world(0, [], [1000]);
    await moveClock({ ...w.movable, async settle() {} }, 2000);
    expect(w.stops).toEqual([1000, 2000]);
  });
});

it('a move backwards goes there at once', async () => {
  const { movable, stops, now } = world(10_000, [20_000], [15_000]);
  await moveClock(movable, 5000);
  expect(stops).toEqual([5000]);
  expect(now()).toBe(5000);
});
