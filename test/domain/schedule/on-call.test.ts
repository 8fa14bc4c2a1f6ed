import { describe, expect, it } from 'vitest';
import { onCall, shifts } from '../../../shared/domain/schedule/on-call.ts';
import { membersAt } from '../../../shared/domain/schedule/turns.ts';
import type { Rotation, Schedule } from '../../../shared/domain/schedule/types.ts';
import { override, rotation, schedule } from './schedules.ts';

const jan = (day: number, clock = '14:00:00.000') => `2026-01-${String(day).padStart(2, '0')}T${clock}Z`;
const staffAt = (s: Schedule, at: string) => onCall(s, at).who.map(({ staff }) => staff);
const listed = (s: Schedule, from: string, to: string) =>
  shifts(s, from, to).map((shift) => [shift.from.slice(5, 16), shift.to.slice(5, 16), shift.staff]);

describe('a rotation', () => {
  it('has nobody on call before its start, and its first member from then on', () => {
    expect(onCall(schedule(), jan(5, '13:59:59.999'))).toEqual({ who: [], until: jan(5) });
    expect(onCall(schedule(), jan(5))).toEqual({
      who: [{ staff: 'ada', source: 'rotation:weekly' }],
      until: jan(12),
    });
    expect(
      onCall(schedule({ rotations: [rotation({ start: '2040-01-01T09:00' })] }), jan(5)).until,
    ).toBeNull();
  });

  it('lists its shifts, cut to the time asked about', () => {
    expect(listed(schedule(), jan(1), jan(20))).toEqual([
      ['01-05T14:00', '01-12T14:00', 'ada'],
      ['01-12T14:00', '01-19T14:00', 'ben'],
      ['01-19T14:00', '01-20T14:00', 'ada'],
    ]);
    expect(shifts(schedule(), jan(20), jan(20))).toEqual([]);
    expect(shifts(schedule(), jan(20), jan(10))).toEqual([]);
  });

  it.each([
    [
      'weekly, into summer',
      { start: '2026-03-02T09:00', every: { weeks: 1 } },
      ['03-02T14:00', '03-09T13:00', '03-16T13:00'],
    ],
    [
      'daily, into winter',
      { start: '2026-10-31T09:00', every: { days: 1 } },
      ['10-31T13:00', '11-01T14:00', '11-02T14:00'],
    ],
    [
      'every 12 hours, into summer',
      { start: '2026-03-07T21:00', every: { hours: 12 } },
      ['03-08T02:00', '03-08T14:00', '03-09T02:00'],
    ],
    [
      'daily at an hour that is skipped',
      { start: '2026-03-07T02:30', every: { days: 1 } },
      ['03-07T07:30', '03-08T07:30', '03-09T06:30'],
    ],
    [
      'daily at an hour that comes twice',
      { start: '2026-10-31T01:30', every: { days: 1 } },
      ['10-31T05:30', '11-01T05:30', '11-02T06:30'],
    ],
  ] satisfies [string, Partial<Rotation>, string[]][])(
    'hands off at the same time of day, or after the same hours: %s',
    (_, changes, handoffs) => {
      const s = schedule({ rotations: [rotation(changes)] });
      const starts = listed(s, '2026-02-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z').map(([from]) => from);
      expect(starts.slice(0, 3)).toEqual(handoffs);
    },
  );

  it('hands off at the same time of day where the clock moves by half an hour', () => {
    const s = schedule({
      timezone: 'Australia/Lord_Howe',
      rotations: [rotation({ start: '2026-10-03T02:15', every: { days: 1 } })],
    });
    // 02:15 at +10:30; skipped, so 02:45 at +11; 02:15 at +11.
    expect(listed(s, '2026-10-02T00:00:00.000Z', '2026-10-06T00:00:00.000Z').map(([from]) => from)).toEqual([
      '10-02T15:45',
      '10-03T15:45',
      '10-04T15:15',
      '10-05T15:15',
    ]);
  });

  it('takes a member without end who takes turns with nobody', () => {
    const s = schedule({ rotations: [rotation({ members: ['ada'] })] });
    expect(onCall(s, jan(20))).toEqual({ who: [{ staff: 'ada', source: 'rotation:weekly' }], until: null });
    expect(shifts(s, jan(6), jan(28))).toEqual([
      { from: jan(6), to: jan(28), staff: 'ada', source: 'rotation:weekly' },
    ]);
  });

  it('gives two turns running to who is listed twice', () => {
    const s = schedule({ rotations: [rotation({ members: ['ada', 'ada', 'ben'], every: { days: 1 } })] });
    expect(onCall(s, jan(5)).until).toBe(jan(7));
    expect(listed(s, jan(5), jan(11)).map(([, , staff]) => staff)).toEqual(['ada', 'ben', 'ada', 'ben']);
  });

  it('ends when it says, in the middle of a turn, and another takes over without a gap', () => {
    const old = rotation({ end: '2026-01-14T09:00' });
    const next = rotation({ name: 'next', start: '2026-01-14T09:00', members: ['cleo'] });
    expect(listed(schedule({ rotations: [old, next] }), jan(5), jan(20))).toEqual([
      ['01-05T14:00', '01-12T14:00', 'ada'],
      ['01-12T14:00', '01-14T14:00', 'ben'],
      ['01-14T14:00', '01-20T14:00', 'cleo'],
    ]);
    const alone = schedule({ rotations: [rotation({ members: ['ada'], end: '2026-01-14T09:00' })] });
    expect(onCall(alone, jan(13))).toMatchObject({ who: [{ staff: 'ada' }], until: jan(14) });
    expect(onCall(alone, jan(14))).toEqual({ who: [], until: null });
    expect(membersAt(schedule({ rotations: [old, next] }), jan(13))).toEqual(['ada', 'ben', 'cleo']);
    expect(membersAt(schedule({ rotations: [old, next] }), jan(14))).toEqual(['cleo']);
  });

  it('is on duty only during its windows, nights included', () => {
    const nights = rotation({ during: { mon: [['18:00', '09:00']], sun: [['00:00', '24:00']] } });
    expect(listed(schedule({ rotations: [nights] }), jan(5), jan(20))).toEqual([
      ['01-05T23:00', '01-06T14:00', 'ada'],
      ['01-11T05:00', '01-12T05:00', 'ada'],
      ['01-12T23:00', '01-13T14:00', 'ben'],
      ['01-18T05:00', '01-19T05:00', 'ben'],
      ['01-19T23:00', '01-20T14:00', 'ada'],
    ]);
  });

  it('passes a window on at the handoff in the middle of it', () => {
    const s = schedule({ rotations: [rotation({ during: { mon: [['08:00', '10:00']] } })] });
    expect(listed(s, jan(12), jan(13))).toEqual([['01-12T14:00', '01-12T15:00', 'ben']]);
    expect(onCall(s, jan(12, '13:30:00.000')).until).toBe(jan(12));
  });
});

describe('several rotations', () => {
  const daily = rotation({ name: 'daily', every: { days: 1 }, members: ['cleo', 'ada'] });
  const s = schedule({ rotations: [rotation(), daily] });

  it('are all on call, in their order', () => {
    expect(onCall(s, jan(5))).toEqual({
      who: [
        { staff: 'ada', source: 'rotation:weekly' },
        { staff: 'cleo', source: 'rotation:daily' },
      ],
      until: jan(6),
    });
  });

  it('have somebody on call once who is in two of them', () => {
    expect(onCall(s, jan(6)).who).toEqual([{ staff: 'ada', source: 'rotation:weekly' }]);
    expect(onCall(s, jan(13)).who.map(({ staff }) => staff)).toEqual(['ben', 'cleo']);
  });
});

describe('an override', () => {
  it('adds a person; without instead both are on call', () => {
    const s = schedule({ overrides: [override(6, 8, 'cleo')] });
    expect(onCall(s, jan(5)).until).toBe(jan(6));
    expect(onCall(s, jan(6))).toEqual({
      who: [
        { staff: 'ada', source: 'rotation:weekly' },
        { staff: 'cleo', source: 'override:cleo-6' },
      ],
      until: jan(8),
    });
    expect(staffAt(s, jan(8))).toEqual(['ada']);
  });

  it('takes the place of instead, first instant in, last out', () => {
    const s = schedule({ overrides: [override(6, 8, 'cleo', 'ada')] });
    expect(listed(s, jan(5), jan(12))).toEqual([
      ['01-05T14:00', '01-06T14:00', 'ada'],
      ['01-06T14:00', '01-08T14:00', 'cleo'],
      ['01-08T14:00', '01-12T14:00', 'ada'],
    ]);
  });

  it('is on call for the whole of its time, also where instead is not', () => {
    const s = schedule({ overrides: [override(10, 14, 'cleo', 'ada')] });
    expect(staffAt(s, jan(11))).toEqual(['cleo']);
    expect(staffAt(s, jan(13))).toEqual(['ben', 'cleo']);
  });

  it('of nobody takes instead off call, and leaves the others', () => {
    const off = override(6, 8, null, 'ada');
    const s = schedule({ overrides: [off] });
    expect(onCall(s, jan(6))).toEqual({ who: [], until: jan(8) });
    expect(staffAt(s, jan(8))).toEqual(['ada']);
    const two = schedule({ rotations: [rotation(), rotation({ name: 'other', members: ['cleo'] })] });
    expect(staffAt({ ...two, overrides: [off] }, jan(7))).toEqual(['cleo']);
    expect(staffAt({ ...s, overrides: [off, override(7, 8, 'dan')] }, jan(7))).toEqual(['dan']);
  });

  it('covers a schedule that has no rotation', () => {
    const s = schedule({ rotations: [], overrides: [override(6, 8, 'cleo')] });
    expect(staffAt(s, jan(7))).toEqual(['cleo']);
    expect(onCall(s, jan(8))).toEqual({ who: [], until: null });
  });

  it('relieves who came in by an earlier one', () => {
    const s = schedule({ overrides: [override(6, 10, 'cleo', 'ada'), override(7, 8, 'dan', 'cleo')] });
    expect(staffAt(s, jan(7))).toEqual(['dan']);
    expect(staffAt(s, jan(9))).toEqual(['cleo']);
  });

  it('never leaves nobody on call, also when two relieve each other', () => {
    const s = schedule({ overrides: [override(6, 10, 'cleo', 'ada'), override(6, 10, 'ada', 'cleo')] });
    expect(staffAt(s, jan(7))).toEqual(['ada']);
    expect(staffAt(schedule({ overrides: [override(6, 10, 'ada', 'ada')] }), jan(7))).toEqual(['ada']);
  });

  it('of somebody who is on call anyway changes nothing', () => {
    const s = schedule({ overrides: [override(6, 8, 'ada')] });
    expect(onCall(s, jan(5)).until).toBe(jan(12));
    expect(listed(s, jan(5), jan(12))).toEqual([['01-05T14:00', '01-12T14:00', 'ada']]);
  });

  it('that ends before it starts does nothing', () => {
    expect(staffAt(schedule({ overrides: [override(8, 6, 'cleo')] }), jan(7))).toEqual(['ada']);
  });

  it('has a source of its own without an id', () => {
    const { id: _, ...nameless } = override(6, 8, 'cleo', 'ada');
    expect(onCall(schedule({ overrides: [nameless] }), jan(7)).who).toEqual([
      { staff: 'cleo', source: 'override' },
    ]);
  });
});
