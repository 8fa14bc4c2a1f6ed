import { describe, expect, test } from 'vitest';
import { checkDue, dailyNews } from '../../../shared/domain/coverage/check.ts';
import { drillsDue, drillsMissed, eveningBefore, missedNews } from '../../../shared/domain/coverage/drill.ts';
import type { Roster, Staff } from '../../../shared/domain/directory.ts';
import { learned, type Reach, type ReachFact } from '../../../shared/domain/reach/reach.ts';
import type { Schedule } from '../../../shared/domain/schedule/types.ts';
import { addSeconds, type Instant } from '../../../shared/domain/time.ts';
import { mondayMorning, mondayNight, roster } from '../escalation/world.ts';

const phones = { dana: '+12025550111', eli: '+12025550112', mo: '+12025550113' };
const known = (phone: string, fact: ReachFact, at: Instant = mondayMorning): Reach => {
  const reach = learned(phone, null, fact, { at, now: at });
  if (!reach) throw new Error('this is news');
  return reach;
};
const changed = (id: string, change: Partial<Staff>): Roster => {
  const facts = roster();
  return { ...facts, staff: facts.staff.map((one) => (one.id === id ? { ...one, ...change } : one)) };
};
const ids = () => {
  let n = 0;
  return () => `cov_${++n}`;
};

describe('the daily check', () => {
  test.each([
    ['before 10:00 at the desk', '2026-11-23T14:59:59.000Z', null, null],
    ['from 10:00 on', '2026-11-23T15:00:00.000Z', null, '2026-11-23'],
    ['late in the evening, if it was not made', mondayNight, '2026-11-22', '2026-11-23'],
    ['when it was made', mondayNight, '2026-11-23', null],
    ['when the clock was put back', '2026-11-20T16:00:00.000Z', '2026-11-23', '2026-11-20'],
  ] as const)('is due %s: %s', (_what, now, checked, day) => {
    expect(checkDue(roster(), checked, now)).toBe(day);
  });

  test('has nothing to say of nights that are covered', () => {
    expect(dailyNews({ roster: roster(), reach: [] }, mondayMorning, ids())).toEqual({
      events: [],
      pages: [],
    });
  });

  test('tells the managers the first gap and how many in one SMS each, and the desk’s webhooks all of them', () => {
    const reach = [known(phones.dana, { kind: 'opted_out' })];
    const { events, pages } = dailyNews({ roster: roster(), reach }, mondayMorning, ids());
    expect(pages).toMatchObject([{ id: 'cov_1', phone: phones.mo, home: null, notice: 'coverage' }]);
    expect(pages[0]?.text).toBe(
      "On-call coverage has 18 gaps. First: level 1, Mon 23 Nov 20:00 ET to Tue 24 Nov 09:00 ET: Dana's phone opted out.",
    );
    expect(events).toMatchObject([{ type: 'coverage.gap', internal: true, data: { days: 14, count: 18 } }]);
  });

  test('goes to the admins where there is no manager', () => {
    const facts = { roster: roster(), reach: [known(phones.dana, { kind: 'opted_out' })] };
    const staff = facts.roster.staff
      .filter(({ role }) => role !== 'manager')
      .map((one) => (one.role === 'admin' ? { ...one, phone: '+12025550119' } : one));
    const { pages } = dailyNews({ ...facts, roster: { ...facts.roster, staff } }, mondayMorning, ids());
    expect(pages).toMatchObject([{ phone: '+12025550119' }]);
  });
});

describe('a drill', () => {
  const weekly = (members: string[], start: string): Schedule => ({
    id: 'primary',
    name: 'Primary',
    timezone: 'America/New_York',
    rotations: [{ name: 'weekly', start, every: { weeks: 1 }, members }],
    overrides: [],
  });
  /** Dana's week begins on Monday 23 November at 09:00, Eli's a week later. */
  const wanted = (facts = roster()): Roster => ({
    ...facts,
    provider: { ...facts.provider, drills: true },
    schedules: [weekly(['dana', 'eli'], '2026-11-23T09:00')],
  });
  const evening: Instant = '2026-11-23T23:00:00.000Z';
  const whom = (facts: Roster, now: Instant, reach: Reach[] = []) =>
    drillsDue({ roster: facts, reach }, now).map(({ page }) => page.to.id);

  test.each([
    ['2026-11-24T01:00:00.000Z', 'America/New_York', '2026-11-23T23:00:00.000Z'],
    ['2026-11-24T01:00:00.000Z', 'Europe/Berlin', '2026-11-23T17:00:00.000Z'],
    ['2026-11-28T05:00:00.000Z', 'America/New_York', '2026-11-27T23:00:00.000Z'],
    ['2026-11-23T23:00:00.000Z', 'America/New_York', '2026-11-23T23:00:00.000Z'],
    ['2026-11-02T01:00:00.000Z', 'America/New_York', '2026-11-01T23:00:00.000Z'],
  ])('for a night from %s is at 18:00 in %s, on the evening before it', (night, zone, at) => {
    expect(eveningBefore(night, zone)).toBe(at);
  });

  test.each<[string, Roster, Instant, string[]]>([
    [
      'is not sent unless the provider wants drills',
      { ...wanted(), provider: roster().provider },
      evening,
      [],
    ],
    ['is not sent before 18:00', wanted(), addSeconds(evening, -1), []],
    ['is sent at 18:00 of a shift’s first evening', wanted(), evening, ['dana']],
    ['is not sent late in the evening', wanted(), addSeconds(evening, 7_200), []],
    ['is not sent on the second evening', wanted(), addSeconds(evening, 86_400), []],
    ['is sent to the next on their first evening', wanted(), addSeconds(evening, 7 * 86_400), ['eli']],
    [
      'goes by the person’s own clock',
      wanted(changed('dana', { timezone: 'Europe/Berlin' })),
      '2026-11-23T17:00:00.000Z',
      ['dana'],
    ],
    ['is not sent to who is suspended', wanted(changed('dana', { suspended: true })), evening, []],
  ])('%s', (_what, facts, now, expected) => {
    expect(whom(facts, now)).toEqual(expected);
  });

  test('is sent in spite of an answer from before the clock was put back', () => {
    const times = { at: addSeconds(evening, 86_400), now: addSeconds(evening, 86_400) };
    const answered = learned(phones.dana, null, { kind: 'answered' }, times) as Reach;
    expect(whom(wanted(), evening, [answered])).toEqual(['dana']);
  });

  test('is one SMS, once, and none to who has proved it meanwhile or opted out', () => {
    const [drill] = drillsDue({ roster: wanted(), reach: [] }, evening);
    expect(drill).toMatchObject({ phone: phones.dana, dueAt: addSeconds(evening, 7_200) });
    expect(drill?.page.text).toBe(
      'Drill: reply ok. It shows that pages reach you. Your on-call nights begin Mon 23 Nov 20:00 ET. No emergency.',
    );
    const later = addSeconds(evening, 300);
    for (const fact of [
      { kind: 'drilled', dueAt: later },
      { kind: 'answered' },
      { kind: 'opted_out' },
    ] as const)
      expect(whom(wanted(), later, [known(phones.dana, fact, evening)])).toEqual([]);
    expect(whom(wanted(), later, [known(phones.dana, { kind: 'answered' }, mondayMorning)])).toEqual([
      'dana',
    ]);
  });

  test('that nobody answers for two hours is a gap that managers hear of; an answer ends it', () => {
    const drilled = known(phones.dana, { kind: 'drilled', dueAt: addSeconds(evening, 7_200) }, evening);
    const facts = { roster: wanted(), reach: [drilled] };
    expect(drillsMissed(facts, addSeconds(evening, 7_199))).toEqual([]);
    const now = addSeconds(evening, 7_200);
    const missed = drillsMissed(facts, now);
    expect(missed.map(({ id }) => id)).toEqual(['dana']);
    const failing = learned(phones.dana, drilled, { kind: 'drill_missed' }, { at: now, now });
    expect(failing).toMatchObject({ failingAt: now, drill: null });
    const after = { ...facts, reach: failing ? [failing] : [] };
    const { events, pages } = missedNews(facts, missed, now, ids());
    expect(pages).toMatchObject([{ phone: phones.mo, notice: 'coverage' }]);
    expect(pages[0]?.text).toMatch(/^Dana did not answer the drill\. On-call coverage has \d+ gaps\./);
    expect(events).toMatchObject([{ type: 'coverage.gap' }]);
    expect(drillsMissed(after, now)).toEqual([]);
    expect(learned(phones.dana, drilled, { kind: 'answered' }, { at: now, now })).toMatchObject({
      drill: null,
      failingAt: null,
    });
  });

  const missedWith = (facts: Roster, ...facts2: ReachFact[]) => {
    const due = addSeconds(evening, 7_200);
    const reach = [{ kind: 'drilled' as const, dueAt: due }, ...facts2].reduce<Reach | null>(
      (known, fact) => learned(phones.dana, known, fact, { at: evening, now: evening }),
      null,
    );
    const all = { roster: facts, reach: reach ? [reach] : [] };
    return missedNews(all, drillsMissed(all, due), due, ids()).pages[0]?.text;
  };
  const gapOfDana =
    /^Dana did not answer the drill\. On-call coverage has \d+ gaps\. First: level 1, .*: Dana's /;

  test.each<[string, Roster, ReachFact[]]>([
    ['its delivery failed', wanted(), [{ kind: 'failed', because: 'Invalid phone number' }]],
    ['she had opted out', wanted(), [{ kind: 'opted_out' }]],
    ['she was never verified', wanted(changed('dana', { phoneVerifiedAt: null })), []],
  ])('that was missed tells of the gap also where it was there before: %s', (_what, facts, reach) => {
    expect(missedWith(facts, ...reach)).toMatch(gapOfDana);
  });

  test('that was missed by somebody whose every level others cover says so', () => {
    const facts = wanted();
    const page = [{ schedule: 'primary' }, { staff: 'eli' }];
    const policy = { ...facts.policy, levels: [{ afterMinutes: 0, page }] };
    expect(missedWith({ ...facts, policy })).toBe('Dana did not answer the drill. Others cover the nights.');
  });

  test('comes before the first night of a shift alone where the rotation is on duty by windows', () => {
    const nights = {
      mon: [['20:00', '09:00']],
      tue: [['20:00', '09:00']],
      wed: [['20:00', '09:00']],
    } as const;
    const facts = wanted();
    const rotation = { name: 'nights', start: '2026-11-02T09:00', every: { weeks: 1 }, during: nights };
    const by = (members: string[]): Roster => ({
      ...facts,
      schedules: [{ ...weekly(members, ''), rotations: [{ ...rotation, members }] }],
    });
    const drilled = (members: string[]) =>
      [0, 1, 2, 7, 8].flatMap((day) =>
        whom(by(members), addSeconds(evening, day * 86_400)).map((id) => `${id} ${day}`),
      );
    expect(drilled(['eli', 'dana'])).toEqual(['dana 0', 'eli 7']);
    expect(drilled(['dana'])).toEqual([]);
  });
});
