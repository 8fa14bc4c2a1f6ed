import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scheduleIn } from '../../../shared/contract/schemas/schedule.ts';
import { closedIntervals } from '../../../shared/domain/calendar/openings.ts';
import { onCall, shifts } from '../../../shared/domain/schedule/on-call.ts';
import { fitOverride, overrideProblems, scheduleProblems } from '../../../shared/domain/schedule/problems.ts';
import type { Schedule } from '../../../shared/domain/schedule/types.ts';
import { defaultCalendar } from '../defaults.ts';
import { override, rotation, schedule } from './schedules.ts';

const KNOWN = new Set(['ada', 'ben', 'cleo']);
const one = (changes: Parameters<typeof rotation>[0]): Partial<Schedule> => ({
  rotations: [rotation(changes)],
});

describe('the problems of a schedule', () => {
  it.each([
    ['a good one has none', {}, []],
    ['no rotations is fine', { rotations: [] }, []],
    ['an unknown zone', { timezone: 'Mars/Olympus' }, ['timezone']],
    ['no members', one({ members: [] }), ['rotations.0.members']],
    ['an unknown member', one({ members: ['ada', 'zoe'] }), ['rotations.0.members.1']],
    ['a start with a zone', one({ start: '2026-01-05T09:00Z' }), ['rotations.0.start']],
    ['a start on no day', one({ start: '2026-02-30T09:00' }), ['rotations.0.start']],
    ['a start at no time', one({ start: '2026-01-05T24:00' }), ['rotations.0.start']],
    ['an end before its start', one({ end: '2026-01-05T09:00' }), ['rotations.0.end']],
    ['an end at no time', one({ end: 'next week' }), ['rotations.0.end']],
    ['no length', one({ every: {} }), ['rotations.0.every']],
    ['two lengths', one({ every: { weeks: 1, hours: 2 } }), ['rotations.0.every']],
    ['half a week', one({ every: { weeks: 0.5 } }), ['rotations.0.every']],
    ['turns of no length', one({ every: { hours: 0 } }), ['rotations.0.every']],
    ['bad windows', one({ during: { mon: [['9', '10']] } }), ['rotations.0.during.mon.0']],
    ['an override that ends first', { overrides: [override(8, 6, 'ada')] }, ['overrides.0.to']],
    ['an override of no length', { overrides: [override(8, 8, 'ada')] }, ['overrides.0.to']],
    [
      'an override of nobody',
      { overrides: [override(6, 8, 'zoe', 'yan')] },
      ['overrides.0.staff', 'overrides.0.instead'],
    ],
    ['an override of nobody for nobody', { overrides: [override(6, 8, null)] }, ['overrides.0.instead']],
    ['nobody in the place of somebody', { overrides: [override(6, 8, null, 'ada')] }, []],
    ['an override of oneself', { overrides: [override(6, 8, 'ada', 'ada')] }, ['overrides.0.instead']],
  ] satisfies [string, Partial<Schedule>, string[]][])('%s', (_, changes, fields) => {
    expect(scheduleProblems(schedule(changes), KNOWN).map(({ field }) => field)).toEqual(fields);
  });

  it('are none in the example of the README, and it has somebody on call whenever the desk is closed', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
    const [, json = ''] = /## Who is on call.*?```json\n(.*?)```/s.exec(readme) ?? [];
    const example: Schedule = { ...scheduleIn().parse(JSON.parse(json)), id: 'primary', overrides: [] };
    const staff = new Set(['stf_dana', 'stf_eli', 'stf_kim', 'stf_lou']);
    expect(scheduleProblems(example, staff)).toEqual([]);
    const always = { ...defaultCalendar, presets: [] };
    for (const { from, to } of closedIntervals(
      always,
      '2026-01-06T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    )) {
      const list = shifts(example, from, to);
      expect(list[0]?.from).toBe(from);
      expect(list.at(-1)?.to).toBe(to);
      for (const [n, shift] of list.slice(1).entries()) expect(shift.from).toBe(list[n]?.to);
    }
  });

  it('of an override alone are named by its own fields', () => {
    const bad = { from: 'today', to: 'later', staff: 'ada' };
    expect(overrideProblems(bad, KNOWN).map(({ field }) => field)).toEqual(['from', 'to']);
  });

  it('are thrown as RangeError by whoever asks a bad schedule', () => {
    const at = '2026-01-05T14:00:00.000Z';
    for (const changes of [
      one({ members: [] }),
      one({ every: {} }),
      one({ start: 'now' }),
      { timezone: 'Mars/Olympus' },
    ]) {
      expect(() => onCall(schedule(changes), at)).toThrow(RangeError);
    }
  });
});

describe('a new override', () => {
  const there = [override(6, 8, 'cleo', 'ada'), override(6, 8, 'ben')];

  it.each([
    ['touching another for the same instead', override(8, 9, 'ben', 'ada'), { fit: 'free' }],
    ['overlapping one for somebody else', override(7, 9, 'cleo', 'ben'), { fit: 'free' }],
    ['overlapping one that relieves nobody', override(7, 9, 'cleo'), { fit: 'free' }],
    [
      'overlapping one for the same instead',
      override(7, 9, 'ben', 'ada'),
      { fit: 'clash', override: there[0] },
    ],
    [
      'identical but for its id',
      { ...override(6, 8, 'cleo', 'ada'), id: 'x' },
      { fit: 'same', override: there[0] },
    ],
    ['taking off whom another relieves', override(7, 9, null, 'ada'), { fit: 'clash', override: there[0] }],
    ['identical without instead', override(6, 8, 'ben'), { fit: 'same', override: there[1] }],
  ] as const)('%s', (_, candidate, fit) => {
    expect(fitOverride(there, candidate, override(5, 6, 'ben').from)).toEqual(fit);
  });

  it('that says the same of what is left of its time is the same', () => {
    const [first] = there;
    const late = override(7, 8, 'cleo', 'ada');
    expect(fitOverride(there, late, late.from)).toEqual({ fit: 'same', override: first });
    expect(fitOverride(there, late, override(6, 8, 'ben').from)).toEqual({ fit: 'clash', override: first });
  });
});
