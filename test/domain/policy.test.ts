import { describe, expect, it } from 'vitest';
import type { Target } from '../../shared/domain/directory.ts';
import { whom } from '../../shared/domain/escalation/index.ts';
import { pagesNobody } from '../../shared/domain/policy.ts';
import { defaultPolicy } from './defaults.ts';
import { mondayNight, roster } from './escalation/world.ts';

const base = roster();
const empty = { ...base.schedules[0]!, id: 'empty', rotations: [] };
const there = {
  staff: base.staff.map((one) => (one.id === 'eli' ? { ...one, suspended: true } : one)),
  schedules: [...base.schedules, empty],
};
const policy = (page: Target[], byDay: Target[] = [{ role: 'manager' }]) => ({
  ...defaultPolicy,
  levels: [{ afterMinutes: 0, page }],
  businessHours: { levels: [{ afterMinutes: 10, page: byDay }] },
});
const reasons = (page: Target[], byDay?: Target[]) =>
  pagesNobody(policy(page, byDay), there, mondayNight).map(({ field, message }) => `${field}: ${message}`);

describe('a policy that can page nobody', () => {
  it.each<[string, Target[], string[]]>([
    ['names only the suspended', [{ staff: 'eli' }], ['Eli is suspended']],
    ['names only people without a phone', [{ staff: 'ada' }], ['Ada has no phone']],
    ['names a schedule without members', [{ schedule: 'empty' }], ['schedule empty has no members']],
    [
      'names a schedule of people who cannot be paged',
      [{ schedule: 'secondary' }],
      ['schedule secondary: Eli is suspended'],
    ],
    ['names a role that nobody has', [{ role: 'agent' }], ['role agent has no members']],
    ['names a role without phones', [{ role: 'admin' }], ['role admin: Ada has no phone']],
  ])('%s, and says so', (_what, page, expected) => {
    expect(reasons(page)).toEqual(expected.map((reason) => `levels.0.page.0: ${reason}`));
    expect(whom(page, { ...base, ...there }, policy(page), mondayNight)).toEqual([]);
  });

  it('pages only everyone, where no level names anybody else', () => {
    expect(reasons([{ everyone: true }], [{ everyone: true }])).toEqual([
      'levels.0.page.0: nobody whom the levels name can be paged',
      'businessHours.levels.0.page.0: nobody whom the levels name can be paged',
    ]);
  });

  it('pages nobody by day', () => {
    expect(reasons([{ schedule: 'primary' }], [{ role: 'admin' }])).toEqual([
      'businessHours.levels.0.page.0: role admin: Ada has no phone',
    ]);
  });
});

it.each<[string, Target[]]>([
  ['a schedule', [{ schedule: 'primary' }]],
  ['one of several', [{ staff: 'ada' }, { staff: 'dana' }]],
  ['a role', [{ role: 'engineer' }]],
  ['everyone, whom the levels by day name', [{ everyone: true }]],
])('a policy that can page %s is taken', (_what, page) => {
  expect(reasons(page)).toEqual([]);
});

it('counts who comes in by an override that is not over', () => {
  const override = { from: mondayNight, to: '2026-12-01T00:00:00.000Z', staff: 'dana' };
  const schedules = [{ ...empty, overrides: [override] }];
  const given = policy([{ schedule: 'empty' }]);
  expect(pagesNobody(given, { ...there, schedules }, mondayNight)).toEqual([]);
  expect(pagesNobody(given, { ...there, schedules }, override.to)).toHaveLength(1);
});
