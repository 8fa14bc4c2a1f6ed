import { describe, expect, it } from 'vitest';
import { calendarProblems } from '../../../shared/domain/calendar/problems.ts';
import { isOpen } from '../../../shared/domain/calendar/state.ts';
import type { Calendar } from '../../../shared/domain/calendar/types.ts';
import { defaultCalendar } from '../defaults.ts';

const fieldsOf = (changes: Partial<Calendar>) =>
  calendarProblems({ ...defaultCalendar, ...changes }).map(({ field }) => field);

describe('the problems of a calendar', () => {
  it.each([
    ['the default has none', {}, []],
    ['an unknown zone', { timezone: 'America/Gotham' }, ['timezone']],
    ['an offset is no zone', { timezone: '+02:00' }, ['timezone']],
    ['a bad time', { week: { mon: [['9:00', '20:00']] } }, ['week.mon.0']],
    ['a time past the day', { week: { mon: [['09:00', '24:01']] } }, ['week.mon.0']],
    ['24:00 as a start', { week: { mon: [['24:00', '09:00']] } }, ['week.mon.0']],
    [
      'a window of no length',
      {
        week: {
          tue: [
            ['09:00', '10:00'],
            ['11:00', '11:00'],
          ],
        },
      },
      ['week.tue.1'],
    ],
    [
      'windows that overlap',
      {
        week: {
          wed: [
            ['09:00', '12:00'],
            ['11:00', '13:00'],
          ],
        },
      },
      ['week.wed'],
    ],
    [
      'windows that touch are fine',
      {
        week: {
          wed: [
            ['12:00', '13:00'],
            ['09:00', '12:00'],
          ],
        },
      },
      [],
    ],
    [
      'a night into the next morning',
      { week: { thu: [['22:00', '06:00']], fri: [['05:00', '09:00']] } },
      ['week.fri'],
    ],
    [
      'Sunday night into Monday',
      { week: { sun: [['22:00', '06:00']], mon: [['05:00', '09:00']] } },
      ['week.mon'],
    ],
    [
      'a night up to the next morning',
      { week: { thu: [['22:00', '06:00']], fri: [['06:00', '09:00']] } },
      [],
    ],
    ['a date that does not exist', { holidays: [{ date: '2026-02-30', name: 'None' }] }, ['holidays.0.date']],
    ['a date in other words', { holidays: [{ date: '24.12.2026', name: 'Eve' }] }, ['holidays.0.date']],
    [
      'a date twice',
      {
        holidays: [
          { date: '2026-12-24', name: 'A' },
          { date: '2026-12-24', name: 'B' },
        ],
      },
      ['holidays.1.date'],
    ],
    ['a day without a name', { holidays: [{ date: '2026-12-24', name: ' ' }] }, ['holidays.0.name']],
    [
      'bad hours',
      { holidays: [{ date: '2026-12-24', name: 'Eve', hours: [['09:00', '09:00']] }] },
      ['holidays.0.hours.0'],
    ],
  ] satisfies [string, Partial<Calendar>, string[]][])('%s', (_, changes, fields) => {
    expect(fieldsOf(changes)).toEqual(fields);
  });

  it('are thrown as RangeError by whoever asks a bad calendar', () => {
    const at = '2026-01-05T12:00:00.000Z';
    expect(() => isOpen({ timezone: 'America/Gotham', week: {} }, at)).toThrow(RangeError);
    expect(() => isOpen({ timezone: 'UTC', week: { mon: [['9', '10']] } }, at)).toThrow(RangeError);
    expect(() => isOpen(defaultCalendar, 'yesterday')).toThrow(RangeError);
  });
});
