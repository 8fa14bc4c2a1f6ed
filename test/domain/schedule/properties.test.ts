import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { onCall, onDutyAt, shifts } from '../../../shared/domain/schedule/on-call.ts';
import type { Override, Rotation, Schedule } from '../../../shared/domain/schedule/types.ts';
import { addSeconds, instantOf } from '../../../shared/domain/time.ts';
import { EVERY_DAY, ODD_ZONES, WORKDAYS, wall, weekOf } from '../calendar/calendars.ts';
import { rotation, schedule } from './schedules.ts';

const STAFF = ['ada', 'ben', 'cleo', 'dan', 'eve'];
const FROM = '2026-01-01T00:00:00.000Z';
const TO = '2028-01-01T00:00:00.000Z';

const lengths: fc.Arbitrary<Rotation['every']> = fc.oneof(
  fc.record({ weeks: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ days: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ hours: fc.integer({ min: 4, max: 50 }) }),
);
const clocks = fc.constantFrom('00:00', '00:30', '01:30', '02:00', '02:15', '02:45', '09:00', '23:30');

const KINDS: Rotation['every'][] = [
  ...[1, 2, 3, 5].map((weeks) => ({ weeks })),
  ...[1, 2, 3, 7, 10].map((days) => ({ days })),
  ...[1, 8, 11, 12, 24, 168].map((hours) => ({ hours })),
];

/** What the clock of a zone shows, by the host's own tables: `2026-03-08 02:30`. */
function clockOf(timeZone: string): (millis: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (millis) => format.format(millis);
}

describe.each(ODD_ZONES)('in %s', (timezone) => {
  it.each(KINDS)('two years of turns follow one another without gap or overlap: every %o', (every) => {
    fc.assert(
      fc.property(clocks, fc.integer({ min: 2, max: 5 }), (clock, count) => {
        const members = STAFF.slice(0, count);
        const s = schedule({
          timezone,
          rotations: [rotation({ start: `2025-12-01T${clock}`, every, members })],
        });
        const list = shifts(s, FROM, TO);
        expect(list[0]?.from).toBe(FROM);
        expect(list.at(-1)?.to).toBe(TO);
        for (const [n, shift] of list.entries()) {
          const before = list[n - 1];
          if (!before) continue;
          if (shift.from !== before.to) expect(shift.from).toBe(before.to);
          const next = members[(members.indexOf(before.staff) + 1) % count];
          if (shift.staff !== next) expect(shift.staff).toBe(next);
        }
      }),
      { numRuns: 2 },
    );
  });

  it.each([['18:00', '09:00'] as const, ['02:15', '02:45'] as const, ['23:30', '00:30'] as const])(
    'a rotation at %s–%s and one at all other hours have always exactly one person on call',
    (from, to) => {
      const inside = rotation({ name: 'in', every: { days: 1 }, during: weekOf(EVERY_DAY, [from, to]) });
      const outside = rotation({
        ...{ name: 'out', every: { weeks: 1 }, members: ['cleo', 'dan'] },
        during: weekOf(EVERY_DAY, [to, from]),
      });
      const list = shifts(
        schedule({ timezone, rotations: [inside, outside] }),
        '2026-01-07T00:00:00.000Z',
        TO,
      );
      for (const [n, shift] of list.entries()) {
        const before = list[n - 1];
        if (before && shift.from !== before.to) expect(shift.from).toBe(before.to);
      }
      expect(list.at(-1)?.to).toBe(TO);
    },
  );

  it.each(['00:00', '00:30', '02:15', '02:45', '09:00', '23:30'])(
    'weeks and days hand off when the clock first shows %s; when it skips that, as much later as it skips',
    (clock) => {
      const shown = clockOf(timezone);
      const s = schedule({
        timezone,
        rotations: [rotation({ start: `2025-12-01T${clock}`, every: { days: 1 } })],
      });
      const handoffs = shifts(s, FROM, TO).slice(1);
      expect(handoffs.length).toBeGreaterThanOrEqual(729);
      const minutesAt = (millis: number) => Date.parse(`${shown(millis).replace(' ', 'T')}Z`) / 60_000;
      for (const { from } of handoffs) {
        const at = Date.parse(from);
        const [date = '', time = ''] = shown(at).split(' ');
        const around = (minutes: number) => shown(at + minutes * 60_000);
        if (time === clock) {
          for (const earlier of [30, 60, 120]) expect(around(-earlier)).not.toBe(`${date} ${clock}`);
          continue;
        }
        // Right only if its clock jumped over that time, and by just as much as the handoff is later.
        for (let minute = -180; minute <= 180; minute++) expect(around(minute)).not.toContain(` ${clock}`);
        const jumped = minutesAt(at) - minutesAt(at - 180 * 60_000) - 180;
        const late = minutesAt(at) - Date.parse(`${date}T${clock}Z`) / 60_000;
        expect(jumped).toBeGreaterThan(0);
        expect((late + 1440) % 1440).toBe(jumped);
      }
    },
  );

  it('hours hand off after exactly so many hours', () => {
    const s = schedule({
      timezone,
      rotations: [rotation({ start: '2025-12-01T02:15', every: { hours: 11 } })],
    });
    const start = Date.parse(wall(timezone, '2025-12-01T02:15'));
    for (const { from } of shifts(s, FROM, TO).slice(1)) {
      expect((Date.parse(from) - start) % (11 * 3_600_000)).toBe(0);
    }
  });
});

describe('any schedule', () => {
  const moments = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2026, 5) }).map(instantOf);
  const rotations: fc.Arbitrary<Rotation> = fc.record(
    {
      name: fc.constantFrom('one', 'two', 'three'),
      start: fc
        .tuple(fc.integer({ min: 1, max: 28 }), clocks)
        .map(([day, clock]) => `2026-01-${String(day).padStart(2, '0')}T${clock}`),
      every: lengths,
      members: fc.array(fc.constantFrom(...STAFF), { minLength: 1, maxLength: 4 }),
      during: fc.constantFrom(
        weekOf(EVERY_DAY, ['18:00', '09:00']),
        weekOf(WORKDAYS, ['02:00', '03:00']),
        weekOf(['sat'], ['00:00', '24:00']),
      ),
    },
    { requiredKeys: ['name', 'start', 'every', 'members'] },
  );
  const overrides: fc.Arbitrary<Override> = fc
    .tuple(
      moments,
      fc.integer({ min: 1, max: 14 * 86_400 }),
      fc.constantFrom(...STAFF),
      fc.option(fc.constantFrom(...STAFF), { nil: undefined }),
    )
    .map(([from, seconds, staff, instead]) => ({ from, to: addSeconds(from, seconds), staff, instead }));
  const schedules: fc.Arbitrary<Schedule> = fc
    .record({
      timezone: fc.constantFrom(...ODD_ZONES),
      rotations: fc.array(rotations, { maxLength: 4 }),
      overrides: fc.array(overrides, { maxLength: 8 }),
    })
    .map((parts) => schedule(parts));

  it('has on call at an instant exactly who has a shift then', () => {
    fc.assert(
      fc.property(schedules, fc.array(moments, { minLength: 5, maxLength: 10 }), (s, instants) => {
        const list = shifts(s, '2026-01-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z');
        for (const at of [...instants, ...list.slice(0, 20).map(({ from }) => from)]) {
          const running = list.filter(({ from, to }) => from <= at && at < to);
          const expected = running.map(({ staff, source }) => `${staff} ${source}`);
          const found = onCall(s, at).who.map(({ staff, source }) => `${staff} ${source}`);
          expect(onDutyAt(s, at)).toEqual(onCall(s, at).who.map(({ staff }) => staff));
          expect(found.toSorted()).toEqual(expected.toSorted());
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the same people on call until the instant it names, and others from then on', () => {
    const staffAt = (s: Schedule, at: string) =>
      onCall(s, at)
        .who.map(({ staff }) => staff)
        .toSorted();
    fc.assert(
      fc.property(schedules, moments, fc.double({ min: 0, max: 0.999, noNaN: true }), (s, at, part) => {
        const { until } = onCall(s, at);
        fc.pre(until !== null);
        const between = instantOf(Date.parse(at) + Math.floor((Date.parse(until) - Date.parse(at)) * part));
        expect(staffAt(s, between)).toEqual(staffAt(s, at));
        expect(staffAt(s, until)).not.toEqual(staffAt(s, at));
      }),
      { numRuns: 100 },
    );
  });

  it('has nobody on call twice, and somebody whenever a rotation is always on duty', () => {
    fc.assert(
      fc.property(schedules, moments, (s, at) => {
        const withOne = { ...s, rotations: [rotation({ start: '2025-12-01T09:00' }), ...s.rotations] };
        const staff = onCall(withOne, at).who.map((person) => person.staff);
        expect(staff.length).toBeGreaterThan(0);
        expect(new Set(staff).size).toBe(staff.length);
      }),
      { numRuns: 100 },
    );
  });

  it('has on call whom the clock of its zone says, away from clock changes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ODD_ZONES),
        moments,
        fc.integer({ min: 1, max: 20 }),
        (timezone, at, days) => {
          const local = DateTime.fromISO(at, { zone: timezone });
          fc.pre(local.minus({ days: 1 }).offset === local.plus({ days: 1 }).offset);
          const s = schedule({
            timezone,
            rotations: [rotation({ start: '2025-12-01T09:00', every: { days }, members: STAFF })],
          });
          const onTheClock = local.setZone('utc', { keepLocalTime: true });
          const passed = onTheClock.diff(DateTime.utc(2025, 12, 1, 9), 'days').days;
          expect(onCall(s, at).who[0]?.staff).toBe(STAFF[Math.floor(passed / days) % STAFF.length]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
