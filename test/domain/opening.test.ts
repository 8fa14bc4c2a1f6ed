import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpen, nextOpen } from '../../shared/domain/calendar/state.ts';
import type { Calendar, WallWindow } from '../../shared/domain/calendar/types.ts';
import { eventText } from '../../shared/domain/event-text.ts';
import { openingDue, type Seen } from '../../shared/domain/opening.ts';
import { addSeconds, type Instant, instantOf } from '../../shared/domain/time.ts';
import { EVERY_DAY, nonstop, ODD_WINDOWS, ODD_ZONES, WORKDAYS, wall, weekOf } from './calendar/calendars.ts';
import { defaultCalendar } from './defaults.ts';
import { roster } from './escalation/world.ts';

const NY = 'America/New_York';
const ny = (text: string) => wall(NY, text);
const { provider } = roster();

/** A desk that is looked at, as the log and the timer remember it. */
function watched(first: Calendar, start: Instant) {
  let seen: Seen = { openUntil: null, timer: null };
  let calendar = first;
  const told: Instant[] = [];
  const texts: string[] = [];
  const self = {
    told,
    texts,
    timerAt: () => seen.timer?.dueAt ?? null,
    edit: (changed: Calendar) => {
      calendar = changed;
    },
    /** A look, as a timer, a change or the watch brings it about. */
    look(at: Instant): void {
      const { openUntil, events, timers } = openingDue({ provider, calendar }, seen, at);
      told.push(...events.map(({ data }) => String(data.openedAt)));
      texts.push(...events.map((event) => eventText(event, null)));
      for (const change of timers) if ('set' in change) seen = { ...seen, timer: change.set };
      seen = { ...seen, openUntil };
    },
    /** Each timer fires in its time. */
    run(to: Instant): void {
      for (let at = self.timerAt(); at !== null && at <= to; ) {
        self.look(at);
        const next = self.timerAt();
        at = next === at ? null : next;
      }
    },
  };
  self.look(start);
  return self;
}

function openingsOf(calendar: Calendar, from: Instant, to: Instant): Instant[] {
  const found: Instant[] = [];
  for (let at = nextOpen(calendar, from); at !== null && at <= to; at = nextOpen(calendar, at))
    found.push(at);
  return found;
}

describe('an opening', () => {
  it.each<[string, Calendar, string, string, string[]]>([
    [
      'each morning of a week, but not on Thanksgiving',
      defaultCalendar,
      '2026-11-22T12:00',
      '2026-11-28T12:00',
      ['2026-11-23T09:00', '2026-11-24T09:00', '2026-11-25T09:00', '2026-11-27T09:00'],
    ],
    [
      'a night',
      { timezone: NY, week: { fri: [['22:00', '06:00']] } },
      '2026-01-05T12:00',
      '2026-01-12T12:00',
      ['2026-01-09T22:00'],
    ],
    [
      'twice a day',
      {
        timezone: NY,
        week: {
          mon: [
            ['09:00', '12:00'],
            ['13:00', '17:00'],
          ],
        },
      },
      '2026-01-05T00:00',
      '2026-01-06T00:00',
      ['2026-01-05T09:00', '2026-01-05T13:00'],
    ],
    [
      'windows that touch are one',
      { timezone: NY, week: weekOf(['mon', 'tue'], ['12:00', '24:00'], ['00:00', '12:00']) },
      '2026-01-01T00:00',
      '2026-01-11T00:00',
      ['2026-01-05T00:00'],
    ],
    [
      'a half-day',
      { ...defaultCalendar, holidays: [{ date: '2026-12-24', name: 'Eve', hours: [['10:00', '13:00']] }] },
      '2026-12-24T00:00',
      '2026-12-25T00:00',
      ['2026-12-24T10:00'],
    ],
    [
      'the hour that the clock skips',
      { timezone: NY, week: { sun: [['02:30', '08:00']] } },
      '2026-03-07T12:00',
      '2026-03-09T00:00',
      ['2026-03-08T03:30'],
    ],
    ['never: around the clock', nonstop(NY), '2026-01-05T00:00', '2027-06-05T00:00', []],
    ['never: no hours', { timezone: NY, week: {} }, '2026-01-05T00:00', '2026-06-05T00:00', []],
  ])('%s', (_, calendar, from, to, expected) => {
    const desk = watched(calendar, ny(from));
    desk.run(ny(to));
    desk.look(ny(to));
    expect(desk.told).toEqual(expected.map(ny));
  });

  it('says until when, on the clock of the desk, with the day where that is another', () => {
    const desk = watched(defaultCalendar, ny('2026-11-23T08:00'));
    desk.run(ny('2026-11-23T09:00'));
    const night = watched({ timezone: NY, week: { mon: [['22:00', '06:00']] } }, ny('2026-11-23T08:00'));
    night.run(ny('2026-11-23T23:00'));
    expect([...desk.texts, ...night.texts]).toEqual([
      'The desk is open until 20:00 ET.',
      'The desk is open until Tue 24 Nov 06:00 ET.',
    ]);
  });

  it('is told once, however often it is looked', () => {
    const desk = watched(defaultCalendar, ny('2026-11-23T08:59'));
    for (const at of ['09:00', '09:00', '09:01', '12:00', '19:59', '20:00', '23:00'])
      desk.look(ny(`2026-11-23T${at}`));
    expect(desk.told).toEqual([ny('2026-11-23T09:00')]);
    expect(desk.timerAt()).toBe(ny('2026-11-24T09:00'));
  });

  it('that nobody came to is told late while the desk is open; those before it, and one that is over, never', () => {
    const desk = watched(defaultCalendar, ny('2026-11-20T12:00'));
    desk.look(ny('2026-11-24T15:00'));
    expect(desk.told).toEqual([ny('2026-11-24T09:00')]);
    const late = watched(defaultCalendar, ny('2026-11-20T12:00'));
    late.look(ny('2026-11-24T21:00'));
    expect(late.told).toEqual([]);
    late.run(ny('2026-11-25T10:00'));
    expect(late.told).toEqual([ny('2026-11-25T09:00')]);
  });

  it('is not what a desk is found in that is looked at for the first time', () => {
    const desk = watched(defaultCalendar, ny('2026-11-23T12:00'));
    desk.look(ny('2026-11-23T12:05'));
    expect(desk.told).toEqual([]);
    expect(desk.timerAt()).toBe(ny('2026-11-24T09:00'));
  });
});

describe('a change of the hours', () => {
  const hours = (...windows: WallWindow[]): Calendar => ({
    timezone: NY,
    week: weekOf(WORKDAYS, ...windows),
  });
  const nine = hours(['09:00', '20:00']);

  it.each<[string, Calendar, string, Calendar, string[]]>([
    ['before it opens moves the opening', nine, '08:00', hours(['10:00', '20:00']), ['10:00']],
    ['before it opens moves it to an earlier hour', nine, '07:00', hours(['08:00', '20:00']), ['08:00']],
    ['while it is open is no opening', nine, '12:00', hours(['10:00', '20:00']), ['09:00']],
    [
      'while it is open may close it, until it opens again',
      nine,
      '09:30',
      hours(['10:00', '20:00']),
      ['09:00', '10:00'],
    ],
    [
      'may close it at noon, for one more opening',
      nine,
      '11:00',
      hours(['09:00', '12:00'], ['13:00', '20:00']),
      ['09:00', '13:00'],
    ],
    ['to around the clock is no opening while it is open', nine, '12:00', nonstop(NY), ['09:00']],
    ['to around the clock is no opening when it is closed', nine, '21:00', nonstop(NY), ['09:00']],
    [
      'by which it is open at once is told at once, where it had not opened that day',
      hours(['22:00', '23:00']),
      '12:00',
      nine,
      ['09:00'],
    ],
    [
      'that makes the day longer after closing belongs to the opening that was told',
      hours(['09:00', '17:00']),
      '18:00',
      nine,
      ['09:00'],
    ],
  ])('%s', (_, before, at, after, expected) => {
    const desk = watched(before, ny('2026-11-23T00:30'));
    desk.run(ny(`2026-11-23T${at}`));
    desk.edit(after);
    desk.look(ny(`2026-11-23T${at}`));
    desk.run(ny('2026-11-23T21:30'));
    desk.look(ny('2026-11-23T21:30'));
    expect(desk.told).toEqual(expected.map((time) => ny(`2026-11-23T${time}`)));
  });

  it('back from around the clock to hours is no opening while it is open', () => {
    const desk = watched(nonstop(NY), ny('2026-11-23T00:30'));
    desk.edit(nine);
    desk.look(ny('2026-11-24T12:00'));
    expect(desk.told).toEqual([]);
    desk.run(ny('2026-11-25T12:00'));
    expect(desk.told).toEqual([ny('2026-11-25T09:00')]);
  });
});

describe('a clock that is put back', () => {
  it.each(['2026-11-09T12:00', '2026-11-08T12:00', '2026-11-23T08:00'])(
    'to %s has the openings told that come then, also once more, and not the one that it is put into',
    (back) => {
      const desk = watched(defaultCalendar, ny('2026-11-22T12:00'));
      desk.run(ny('2026-11-24T12:00'));
      const before = desk.told.length;
      desk.look(ny(back));
      desk.run(ny('2026-11-25T12:00'));
      expect(desk.told.slice(before)).toEqual(openingsOf(defaultCalendar, ny(back), ny('2026-11-25T12:00')));
    },
  );
});

describe('any calendar', () => {
  const calendars: fc.Arbitrary<Calendar> = fc.record({
    timezone: fc.constantFrom(...ODD_ZONES, NY, 'UTC'),
    week: fc
      .tuple(fc.subarray([...EVERY_DAY]), fc.constantFrom(...ODD_WINDOWS))
      .map(([days, windows]) => weekOf(days, ...windows)),
    presets: fc.constantFrom<Calendar['presets'][]>([], ['us-federal']),
  });
  const moments = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }).map(instantOf);
  const ahead = fc.array(fc.integer({ min: 1, max: 20 * 86_400 }), { maxLength: 12 });

  it('is told of as it opens: each opening once, at its instant, however often it is looked besides', () => {
    fc.assert(
      fc.property(calendars, moments, ahead, (calendar, start, waits) => {
        const desk = watched(calendar, start);
        let at = start;
        for (const seconds of waits) {
          at = addSeconds(at, seconds);
          desk.run(at);
          desk.look(at);
        }
        expect(desk.told).toEqual(openingsOf(calendar, start, at));
      }),
      { numRuns: 50 },
    );
  });

  it('is told of where no timer fires: of the openings since the last look the latest, if it is still open', () => {
    fc.assert(
      fc.property(calendars, moments, ahead, (calendar, start, waits) => {
        const desk = watched(calendar, start);
        const expected: Instant[] = [];
        let at = start;
        for (const seconds of waits) {
          const before = at;
          at = addSeconds(at, seconds);
          if (isOpen(calendar, at)) expected.push(...openingsOf(calendar, before, at).slice(-1));
          desk.look(at);
        }
        expect(desk.told).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});
