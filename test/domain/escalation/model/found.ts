import { byDefault, type History, people } from './histories.ts';

/** Histories in which the two tellings once differed. */
export const found: History[] = [
  // No page arrives, and each try takes its own time to fail: managers are told at every tenth all the same.
  {
    desk: {
      people,
      rotas: {
        primary: { from: -168, turn: 2, members: ['dana', 'eli'] },
        secondary: { from: -168, turn: 2, members: ['mo'] },
      },
      promise: 15,
      repeat: 10,
      giveUp: 60,
      cap: 2,
      opens: 9,
      closes: 12,
      ...byDefault,
    },
    inputs: [
      { do: 'press', words: 0, number: 0, at: 118_802 },
      { do: 'phone', who: 'everybody', works: false, at: 118_864 },
      { do: 'phone', who: 'dana', works: true, at: 119_826 },
      { do: 'phone', who: 'everybody', works: false, at: 119_888 },
      { do: 'take', who: 'dana', via: 'sms', at: 121_750 },
    ],
    end: 121_796,
  },
];
