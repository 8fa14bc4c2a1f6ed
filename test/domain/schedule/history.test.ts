import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edit, endOverride } from '../../../shared/domain/schedule/edit.ts';
import { needsHistory, settle, withHistory } from '../../../shared/domain/schedule/history.ts';
import { onCall, shifts } from '../../../shared/domain/schedule/on-call.ts';
import type { Override, Schedule } from '../../../shared/domain/schedule/types.ts';
import { addSeconds, instantOf } from '../../../shared/domain/time.ts';
import { override, rotation, schedule } from './schedules.ts';

const jan = (day: number, clock = '14:00:00.000') => `2026-01-${String(day).padStart(2, '0')}T${clock}Z`;
const plan = (...members: string[]) => ({
  ...{ name: 'Primary', timezone: 'Europe/Berlin', rotations: [rotation({ members })] },
});
const staffAt = (s: Schedule, at: string) => onCall(s, at).who.map(({ staff }) => staff);

describe('an edit', () => {
  const edited = edit(schedule(), plan('cleo', 'dan'), jan(8));

  it('counts from its instant on, and before it all is as it was', () => {
    expect(staffAt(edited, jan(5))).toEqual(['ada']);
    expect(staffAt(edited, jan(8, '13:59:59.999'))).toEqual(['ada']);
    expect(staffAt(edited, jan(8))).toEqual(['cleo']);
    expect(staffAt(edited, jan(13))).toEqual(['dan']);
    expect(onCall(edited, jan(6)).until).toBe(jan(8));
    expect(shifts(edited, jan(1), jan(14)).map(({ from, to, staff }) => [from, to, staff])).toEqual([
      [jan(5), jan(8), 'ada'],
      [jan(8), jan(12, '08:00:00.000'), 'cleo'],
      [jan(12, '08:00:00.000'), jan(14), 'dan'],
    ]);
  });

  it('leaves overrides in force on both sides of it', () => {
    const covered = edit(schedule({ overrides: [override(6, 10, 'eve', 'ada')] }), plan('ada'), jan(8));
    expect(shifts(covered, jan(6), jan(12))).toMatchObject([
      { from: jan(6), to: jan(10), staff: 'eve' },
      { from: jan(10), to: jan(12), staff: 'ada' },
    ]);
  });

  it('of the name alone, or of nothing, makes no past', () => {
    const { timezone, rotations } = schedule();
    const renamed = edit(schedule(), { name: 'First', timezone, rotations }, jan(8));
    expect(renamed).toEqual({ ...schedule(), name: 'First', past: [] });
    expect(edit(edited, plan('cleo', 'dan'), jan(9))).toEqual(edited);
  });

  it('at the instant of another takes its place, and so does one with the clock put back', () => {
    const twice = edit(edited, plan('eve'), jan(8));
    expect(twice.past).toEqual(edited.past);
    expect(staffAt(twice, jan(8))).toEqual(['eve']);
    const back = edit(edited, plan('eve'), jan(6));
    expect(staffAt(back, jan(5))).toEqual(['ada']);
    expect(staffAt(back, jan(7))).toEqual(['eve']);
    expect(staffAt(back, jan(9))).toEqual(['eve']);
  });
});

describe('ending an override', () => {
  const s = schedule({ overrides: [override(6, 8, 'cleo', 'ada'), override(9, 10, 'dan')] });

  it('that is to come removes it', () => {
    expect(endOverride(s, 'dan-9', jan(7))).toEqual({ ...s, overrides: [s.overrides[0]] });
    expect(endOverride(s, 'dan-9', jan(9))).toEqual({ ...s, overrides: [s.overrides[0]] });
  });

  it('that runs ends it now, so that the time before keeps who was on call', () => {
    const ended = endOverride(s, 'cleo-6', jan(7));
    if (ended === null || ended === 'ended') throw new Error('it runs');
    expect(staffAt(ended, jan(7, '13:59:59.999'))).toEqual(['cleo']);
    expect(staffAt(ended, jan(7))).toEqual(['ada']);
  });

  it('that has ended, or never was, does nothing', () => {
    expect(endOverride(s, 'cleo-6', jan(8))).toBe('ended');
    expect(endOverride(s, 'nobody', jan(8))).toBeNull();
  });
});

describe('what ended long ago', () => {
  const now = '2026-06-01T00:00:00.000Z';
  const days = (n: number) => addSeconds(now, n * 86_400);
  const covers: fc.Arbitrary<Override> = fc
    .tuple(fc.integer({ min: -140, max: 20 }), fc.integer({ min: 1, max: 9 }), fc.nat(3), fc.nat(4))
    .map(([from, length, staff, instead]) => ({
      id: `${from}-${length}-${staff}-${instead}`,
      from: days(from),
      to: days(from + length),
      staff: staff === 0 ? null : (['cleo', 'dan', 'eve'][staff - 1] ?? null),
      instead: ['ada', 'ben', 'cleo', 'dan'][instead],
    }));
  const edits = fc
    .array(fc.integer({ min: -140, max: -1 }), { maxLength: 6 })
    .map((when) => when.sort((a, b) => a - b));

  it('leaves the schedule and loses nothing, whenever it leaves', () => {
    fc.assert(
      fc.property(fc.array(covers, { maxLength: 12 }), edits, (overrides, when) => {
        // Each made a second after the one before it, as they are listed.
        const made = overrides.map((one, n) => ({ ...one, createdAt: days(-150 + n / 86_400) }));
        let whole = schedule({ overrides: made });
        for (const [n, day] of when.entries()) whole = edit(whole, plan('ada', 'ben', `p${n}`), days(day));
        const { schedule: small, history } = settle(whole, now);
        for (const { until } of small.past ?? []) expect(until > days(-35)).toBe(true);
        for (const { to } of small.overrides) expect(to > days(-35)).toBe(true);
        const known = withHistory(small, history, days(-200));
        for (let day = -150; day < 30; day += 1.5) {
          const told = needsHistory(small, days(day)) ? known : small;
          expect(onCall(told, days(day)).who, `${day}`).toEqual(onCall(whole, days(day)).who);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('stays for five weeks after it was made: a correction of the record is seen', () => {
    const late = { ...override(6, 8, 'cleo'), createdAt: days(-1) };
    expect(settle(schedule({ overrides: [late] }), now).schedule.overrides).toEqual([late]);
    expect(settle(schedule({ overrides: [late] }), days(40)).history.overrides).toEqual([late]);
  });

  it('leaves earlier where there is much of it, and never more at once than a transaction takes', () => {
    const overrides = Array.from({ length: 500 }, (_, n) => ({
      ...{ id: `o${n}`, from: instantOf(0), to: addSeconds(now, n - 500), staff: 'ada', createdAt: now },
    }));
    const crowd = Array.from({ length: 100 }, (_, n) => `stf_${String(n).padStart(20, '0')}`);
    const past = Array.from({ length: 60 }, (_, n) => ({
      ...{ until: addSeconds(now, n - 60), timezone: 'UTC', rotations: [rotation({ members: crowd })] },
    }));
    let left: Schedule = schedule({ overrides, past });
    for (let n = 0; n < 10; n++) {
      const step = settle(left, now);
      expect(step.history.past.length + step.history.overrides.length).toBeLessThanOrEqual(99);
      left = step.schedule;
    }
    expect(left.overrides).toHaveLength(200);
    expect(left.overrides[0]?.id).toBe('o300');
    expect(JSON.stringify(left.past).length).toBeLessThanOrEqual(100_000);
  });
});
