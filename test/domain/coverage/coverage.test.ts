import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closedIntervals } from '../../../shared/domain/calendar/openings.ts';
import { type CoverageGap, coverage, openedGaps } from '../../../shared/domain/coverage/coverage.ts';
import type { Policy, Roster, Staff } from '../../../shared/domain/directory.ts';
import { levelsNow } from '../../../shared/domain/escalation/index.ts';
import type { Reach } from '../../../shared/domain/reach/reach.ts';
import type { Schedule } from '../../../shared/domain/schedule/types.ts';
import { addSeconds, type Instant, secondsBetween } from '../../../shared/domain/time.ts';
import { roster } from '../escalation/world.ts';

/** Monday 23 November 2026 22:10 in New York, to Wednesday noon: the rest of a night, and the next one. */
const from: Instant = '2026-11-24T03:10:00.000Z';
const to: Instant = '2026-11-25T17:00:00.000Z';
const nights = [
  { from, to: '2026-11-24T14:00:00.000Z' },
  { from: '2026-11-25T01:00:00.000Z', to: '2026-11-25T14:00:00.000Z' },
] as const;

const known = (phone: string, more: Partial<Reach>): Reach => ({
  phone,
  optedOutAt: null,
  failingAt: null,
  because: null,
  answeredAt: null,
  drill: null,
  ...more,
});
const dana = '+12025550111';
const changed = (id: string, change: Partial<Staff>): Roster => {
  const facts = roster();
  return { ...facts, staff: facts.staff.map((one) => (one.id === id ? { ...one, ...change } : one)) };
};
const gapsOf = (facts: Roster, reach: Reach[] = []) =>
  coverage({ roster: facts, reach }, from, to).gaps.map(
    ({ level, why, people, ...times }) => `${level} ${why} ${people.map(({ id }) => id)} ${times.from}`,
  );

describe('coverage', () => {
  test('names everybody who can be reached at each level, night by night, and no gap', () => {
    const found = coverage({ roster: roster(), reach: [] }, from, to);
    expect(found.gaps).toEqual([]);
    expect(found.intervals.map(({ levels: _, ...times }) => times)).toEqual(nights);
    expect(found.intervals[0]?.levels.map(({ who }) => who.map(({ id }) => id))).toEqual([
      ['dana'],
      ['dana'],
      ['eli'],
      ['dana', 'eli', 'mo'],
    ]);
  });

  const twice = (text: string) => nights.flatMap((night) => [1, 2].map((n) => `${n} ${text} ${night.from}`));
  test.each<[string, Roster, Reach[], string[]]>([
    ['an unverified phone', changed('dana', { phoneVerifiedAt: null }), [], twice('not_verified dana')],
    ['an opted-out phone', roster(), [known(dana, { optedOutAt: from })], twice('opted_out dana')],
    ['a failing phone', roster(), [known(dana, { failingAt: from, because: 'x' })], twice('failing dana')],
    ['somebody suspended', changed('dana', { suspended: true }), [], twice('no_shift ')],
    ['somebody without a phone', changed('dana', { phone: null }), [], twice('no_shift ')],
    ['a phone that only answered', roster(), [known(dana, { answeredAt: from })], []],
    ['a failing phone of nobody on call', roster(), [known('+12025550119', { failingAt: from })], []],
  ])('%s leaves a gap, with its reason, where nobody else is', (_what, facts, reach, expected) => {
    expect(gapsOf(facts, reach)).toEqual(expected);
  });

  test('a level with two people has a gap only when both are out of reach, for the reason of the first', () => {
    const policy: Policy = {
      ...roster().policy,
      levels: [{ afterMinutes: 0, page: [{ schedule: 'primary' }, { schedule: 'secondary' }] }],
    };
    const out = known(dana, { optedOutAt: from });
    expect(gapsOf({ ...roster(), policy }, [out])).toEqual([]);
    const unverified = changed('eli', { phoneVerifiedAt: null }).staff;
    expect(gapsOf({ ...roster(), policy, staff: unverified }, [out])[0]).toBe(`1 opted_out dana,eli ${from}`);
  });

  test('is cut at handoffs inside a night, and a hole between shifts is no_shift', () => {
    const [primary, secondary] = roster().schedules as [Schedule, Schedule];
    const until = '2026-11-24T06:00:00.000Z';
    const relieved = { id: 'o', from, to: until, staff: 'mo', instead: 'dana' };
    const found = coverage(
      { roster: { ...roster(), schedules: [{ ...primary, overrides: [relieved] }, secondary] }, reach: [] },
      from,
      nights[0].to,
    );
    expect(found.intervals.map((one) => [one.to, one.levels[0]?.who[0]?.id])).toEqual([
      [until, 'mo'],
      [nights[0].to, 'dana'],
    ]);
    const late = {
      ...primary,
      rotations: primary.rotations.map((r) => ({ ...r, start: '2026-11-24T01:00' })),
    };
    const gaps = coverage(
      { roster: { ...roster(), schedules: [late, secondary] }, reach: [] },
      from,
      to,
    ).gaps;
    expect(gaps.map(({ level, why, ...times }) => [level, why, times.from, times.to])).toEqual([
      [1, 'no_shift', from, until],
      [2, 'no_shift', from, until],
    ]);
  });

  test('a desk that never closes needs none; nothing is asked of time that is over', () => {
    const always = {
      timezone: 'UTC',
      week: Object.fromEntries(
        ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['00:00', '24:00'] as const]]),
      ),
    };
    expect(coverage({ roster: { ...roster(), calendar: always }, reach: [] }, from, to)).toEqual({
      intervals: [],
      gaps: [],
    });
    expect(coverage({ roster: roster(), reach: [] }, to, from)).toEqual({ intervals: [], gaps: [] });
  });
});

const people = ['dana', 'eli', 'mo'];
const anyOverride = fc
  .record({
    at: fc.integer({ min: -20, max: 60 }),
    hours: fc.integer({ min: 1, max: 30 }),
    staff: fc.constantFrom(...people),
    instead: fc.option(fc.constantFrom(...people), { nil: undefined }),
  })
  .filter(({ staff, instead }) => staff !== instead)
  .map(({ at, hours, staff, instead }) => ({
    from: addSeconds(from, at * 3_600),
    to: addSeconds(from, (at + hours) * 3_600),
    staff,
    ...(instead === undefined ? {} : { instead }),
  }));
const anySchedule = (id: string) =>
  fc
    .record({
      members: fc.array(fc.constantFrom(...people), { minLength: 1, maxLength: 3 }),
      hours: fc.integer({ min: 3, max: 40 }),
      startDay: fc.integer({ min: 20, max: 26 }),
      nightsOnly: fc.boolean(),
      endsAt: fc.option(fc.constantFrom('2026-11-23T23:30', '2026-11-24T05:15', '2026-11-25T06:00'), {
        nil: undefined,
      }),
      overrides: fc.array(anyOverride, { maxLength: 3 }),
    })
    .map(
      ({ members, hours, startDay, nightsOnly, endsAt, overrides }): Schedule => ({
        id,
        name: id,
        timezone: 'America/New_York',
        rotations: [
          {
            name: 'turns',
            start: `2026-11-${startDay}T07:30`,
            every: { hours },
            members,
            ...(endsAt === undefined ? {} : { end: endsAt }),
            ...(nightsOnly ? { during: { mon: [['21:00', '03:00']], tue: [['22:00', '24:00']] } } : {}),
          },
        ],
        overrides,
      }),
    );
const anyFacts = fc
  .record({
    primary: anySchedule('primary'),
    secondary: anySchedule('secondary'),
    manager: fc.option(anySchedule('manager'), { nil: undefined }),
    day: fc.option(anySchedule('day'), { nil: undefined }),
    states: fc.array(fc.constantFrom('well', 'unverified', 'suspended', 'opted_out', 'failing', 'no_phone'), {
      minLength: 4,
      maxLength: 4,
    }),
  })
  .map(({ primary, secondary, manager, day, states }) => {
    const base = roster();
    const staff = base.staff.map((person, n): Staff => {
      const state = states[n];
      if (state === 'unverified') return { ...person, phoneVerifiedAt: null };
      if (state === 'suspended') return { ...person, suspended: true };
      return state === 'no_phone' ? { ...person, phone: null } : person;
    });
    const reach = base.staff.flatMap(({ phone }, n) => {
      if (phone === null || !['opted_out', 'failing'].includes(states[n] ?? '')) return [];
      return [known(phone, states[n] === 'failing' ? { failingAt: from } : { optedOutAt: from })];
    });
    const schedules = [primary, secondary, ...(manager ? [manager] : []), ...(day ? [day] : [])];
    // A schedule that only the ladder by day names: its people are among everyone at night too.
    const byDay = [{ afterMinutes: 10, page: [{ schedule: 'day' }] }];
    const policy: Policy = { ...base.policy, businessHours: { levels: byDay } };
    return { roster: { ...base, policy, schedules, staff }, reach, states };
  });

test('the intervals tile the closed time, and a level has a gap exactly while nobody of it can be reached', () => {
  fc.assert(
    fc.property(
      anyFacts,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 5, maxLength: 5 }),
      (facts, moments) => {
        const { intervals, gaps } = coverage(facts, from, to);
        const joined: { from: Instant; to: Instant }[] = [];
        for (const interval of intervals) {
          const last = joined.at(-1);
          if (last?.to === interval.from) last.to = interval.to;
          else joined.push({ from: interval.from, to: interval.to });
        }
        expect(joined).toEqual(closedIntervals(facts.roster.calendar, from, to));
        for (const moment of moments) {
          const at = addSeconds(from, Math.floor(moment * secondsBetween(from, to)));
          const now = intervals.filter((one) => one.from <= at && at < one.to);
          if (now.length === 0) continue;
          for (const { level, to: paged } of levelsNow('on_call', facts.roster, at)) {
            const well = paged
              .map(({ id }) => id)
              .filter((id) => facts.states[facts.roster.staff.findIndex((one) => one.id === id)] === 'well');
            const shown = now[0]?.levels.find((one) => one.level === level)?.who.map(({ id }) => id);
            expect(shown?.toSorted()).toEqual(well.toSorted());
            const gap = gaps.filter((one) => one.level === level && one.from <= at && at < one.to);
            expect(gap).toHaveLength(well.length > 0 ? 0 : 1);
            if (gap[0]) expect(gap[0].why === 'no_shift').toBe(paged.length === 0);
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});

describe('the gaps that a change opens', () => {
  const at = (hour: number): Instant => addSeconds(from, hour * 3_600);
  const gap = (level: number, start: number, end: number): CoverageGap => ({
    level,
    from: at(start),
    to: at(end),
    why: 'no_shift',
    people: [],
  });
  test.each<[string, CoverageGap[], CoverageGap[], CoverageGap[]]>([
    ['nothing new', [gap(1, 0, 4)], [gap(1, 1, 3)], []],
    ['all of it', [], [gap(1, 1, 3)], [gap(1, 1, 3)]],
    ['another level', [gap(2, 0, 9)], [gap(1, 1, 3)], [gap(1, 1, 3)]],
    ['what is longer', [gap(1, 2, 4)], [gap(1, 0, 6)], [gap(1, 0, 2), gap(1, 4, 6)]],
    ['between two', [gap(1, 0, 2), gap(1, 3, 5)], [gap(1, 1, 4)], [gap(1, 2, 3)]],
    [
      'another reason for the same hole is no new hole',
      [{ ...gap(1, 0, 4), why: 'failing' }],
      [gap(1, 0, 4)],
      [],
    ],
  ])('%s', (_what, before, after, opened) => {
    expect(openedGaps(before, after)).toEqual(opened);
  });

  test('are exactly the uncovered hours that were covered before', () => {
    const some = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 2 }), fc.nat(20), fc.integer({ min: 1, max: 8 })),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(some, some, (a, b) => {
        const [before, after] = [a, b].map((list) =>
          list.map(([level, start, long]) => gap(level, start, start + long)),
        ) as [CoverageGap[], CoverageGap[]];
        const opened = openedGaps(before, after);
        const covers = (gaps: CoverageGap[], level: number, hour: number) =>
          gaps.some((one) => one.level === level && one.from <= at(hour) && at(hour) < one.to);
        for (const level of [1, 2])
          for (let hour = 0; hour < 30; hour++)
            expect(covers(opened, level, hour)).toBe(
              covers(after, level, hour) && !covers(before, level, hour),
            );
      }),
    );
  });
});
