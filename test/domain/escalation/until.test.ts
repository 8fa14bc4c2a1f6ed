import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Roster, Target } from '../../../shared/domain/directory.ts';
import { pagedUntil, whom } from '../../../shared/domain/escalation/index.ts';
import type { Override, Rotation } from '../../../shared/domain/schedule/types.ts';
import { instantOf, millisOf } from '../../../shared/domain/time.ts';
import { rotation, schedule } from '../schedule/schedules.ts';
import { roster } from './world.ts';

const at = '2026-01-05T14:00:00.000Z';
const hour = (n: number) => instantOf(millisOf(at) + n * 3_600_000);
const wall = (n: number) => hour(n - 5).slice(0, 16);

const everyone: Target = { everyone: true };
const night = (page: Target[], others: Target[] = []) => ({
  ...roster().policy,
  levels: [{ afterMinutes: 0, page: [...page, ...others] }],
  businessHours: { levels: [{ afterMinutes: 0, page }] },
});

describe('whom a level pages', () => {
  it('is everyone until a rotation ends for good, whatever turns it takes before', () => {
    const ending = rotation({ members: ['dana', 'eli'], every: { days: 1 }, end: '2026-01-20T09:00' });
    const world = roster({
      schedules: [schedule({ rotations: [ending, rotation({ name: 'other', members: ['eli'] })] })],
      policy: night([everyone], [{ schedule: 'primary' }]),
    });
    expect(pagedUntil([everyone], world, at)).toBe('2026-01-20T14:00:00.000Z');
    expect(pagedUntil([everyone], world, '2026-01-20T14:00:00.000Z')).toBeNull();
  });

  it('is the same over a handoff between people who cannot be paged, and to whom another schedule has', () => {
    const world = roster({
      schedules: [
        schedule({ rotations: [rotation({ members: ['ada', 'nobody', 'dana'] })] }),
        schedule({ id: 'secondary', rotations: [rotation({ members: ['dana'], end: '2026-02-03T09:00' })] }),
      ],
    });
    expect(pagedUntil([{ schedule: 'primary' }], world, at)).toBe('2026-01-19T14:00:00.000Z');
    const both = [{ schedule: 'primary' }, { schedule: 'secondary' }];
    expect(pagedUntil(both, world, at)).toBe('2026-02-03T14:00:00.000Z');
  });

  it('goes back, of a past instant, to the rotations before they were edited', () => {
    const edited = schedule({
      rotations: [rotation({ members: ['eli'] })],
      past: [{ until: hour(30), timezone: 'America/New_York', rotations: [rotation({ members: ['dana'] })] }],
    });
    const world = roster({ schedules: [edited], policy: night([everyone], [{ schedule: 'primary' }]) });
    expect(whom([everyone], world, world.policy, at).map(({ id }) => id)).toEqual(['dana']);
    expect(pagedUntil([everyone], world, at)).toBe(hour(30));
  });

  it('changes first at the instant that is told, and not before', () => {
    const people = fc.constantFrom('dana', 'eli', 'mo', 'ada');
    const hours = fc.integer({ min: 0, max: 60 });
    const rotations: fc.Arbitrary<Rotation> = fc
      .record({
        members: fc.array(people, { minLength: 1, maxLength: 3 }),
        every: fc.integer({ min: 5, max: 20 }),
        start: hours,
        length: hours,
        ends: fc.boolean(),
      })
      .map(({ members, every, start, length, ends }) => ({
        ...rotation({ members, every: { hours: every }, start: wall(start - 30) }),
        ...(ends && { end: wall(start - 29 + length) }),
      }));
    const overrides: fc.Arbitrary<Override> = fc
      .record({ from: hours, length: hours, staff: fc.option(people), instead: people })
      .map(({ from, length, staff, instead }) => ({
        from: hour(from - 20),
        to: hour(from - 19 + length),
        staff,
        instead,
      }));
    const rota = fc.record({
      rotations: fc.array(rotations, { minLength: 1, maxLength: 2 }),
      overrides: fc.array(overrides, { maxLength: 2 }),
    });
    const targets: fc.Arbitrary<Target> = fc.oneof(
      fc.constantFrom<Target>(everyone, { role: 'manager' }, { role: 'engineer' }, { staff: 'eli' }),
      fc.constantFrom('primary', 'secondary').map((id) => ({ schedule: id })),
    );
    fc.assert(
      fc.property(rota, rota, rota, fc.array(targets, { minLength: 1, maxLength: 3 }), (a, b, c, page) => {
        const world: Roster = roster({
          schedules: [schedule(a), schedule({ ...b, id: 'secondary' }), schedule({ ...c, id: 'manager' })],
          policy: night(page, [{ schedule: 'primary' }]),
        });
        const whoAt = (n: number) =>
          JSON.stringify(
            whom(page, world, world.policy, hour(n))
              .map(({ id }) => id)
              .sort(),
          );
        const until = pagedUntil(page, world, at);
        let n = 0;
        while (n < 100 && whoAt(n) === whoAt(0)) n++;
        if (n < 100) expect(until).toBe(hour(n));
        else expect(until === null || until >= hour(100)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
