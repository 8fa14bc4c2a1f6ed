import fc from 'fast-check';
import { type Desk, day, hour, type Input, type Level, minute } from './desk.ts';

export const people: Desk['people'] = {
  dana: { role: 'engineer', phone: true },
  eli: { role: 'engineer', phone: true },
  fay: { role: 'engineer', phone: true },
  gil: { role: 'agent', phone: false },
  mo: { role: 'manager', phone: true },
  max: { role: 'manager', phone: true },
  ada: { role: 'admin', phone: true },
};
const who = fc.constantFrom(...Object.keys(people));
const actor = fc.oneof(who, fc.constantFrom('holder', 'paged'), fc.constantFrom('holder', 'paged'));

export const byDefault: Pick<Desk, 'byNight' | 'byDay'> = {
  byNight: [
    { after: 0, page: [{ rota: 'primary' }] },
    { after: 5, page: [{ rota: 'primary' }] },
    { after: 10, page: [{ rota: 'secondary' }] },
    { after: 20, page: ['everyone', { role: 'manager' }] },
  ],
  byDay: [
    { after: 10, page: [{ rota: 'primary' }] },
    { after: 20, page: ['everyone', { role: 'manager' }] },
  ],
};

const someone = fc.constantFrom<Level['page'][number]>(
  { rota: 'primary' },
  { rota: 'secondary' },
  { person: 'fay' },
  { role: 'manager' },
  { role: 'agent' },
);

/** Levels at rising times; the last pages everyone, or whomever, who may be nobody at that time. */
const levels = (first: number): fc.Arbitrary<Level[]> =>
  fc
    .record({
      gaps: fc.array(fc.constantFrom(3, 5, 8, 10), { minLength: 0, maxLength: 3 }),
      whom: fc.array(fc.array(someone, { minLength: 1, maxLength: 2 }), { minLength: 4, maxLength: 4 }),
      everyone: fc.boolean(),
    })
    .map(({ gaps, whom, everyone }) =>
      [0, ...gaps].map((_, index) => ({
        after: first + gaps.slice(0, index).reduce((sum, gap) => sum + gap, 0),
        page: everyone && index === gaps.length ? ['everyone', { role: 'manager' }] : (whom[index] ?? []),
      })),
    );

const rota = (members: string[]) =>
  fc.record({
    from: fc.oneof({ weight: 5, arbitrary: fc.constant(-24 * 7) }, fc.integer({ min: 0, max: 96 })),
    turn: fc.constantFrom(2, 6, 12, 24, 168),
    members: fc.shuffledSubarray(members, { minLength: 1 }),
  });

const desks: fc.Arbitrary<Desk> = fc
  .record({
    people: fc.constant(people),
    rotas: fc
      .record({
        primary: rota(['dana', 'eli', 'fay']),
        secondary: rota(['eli', 'fay', 'mo']),
        manager: fc.option(rota(['mo', 'max']), { nil: null, freq: 2 }),
      })
      .map(({ manager, ...two }): Desk['rotas'] => (manager ? { ...two, manager } : two)),
    promise: fc.oneof({ weight: 4, arbitrary: fc.constant(30) }, fc.constantFrom(15, 45)),
    repeat: fc.constantFrom(10, 15),
    giveUp: fc.constantFrom(60, 60, 90, 240),
    levels: fc.oneof(
      { weight: 3, arbitrary: fc.constant(byDefault) },
      fc.record({ byNight: levels(0), byDay: levels(10) }),
    ),
    cap: fc.constantFrom(2, 10),
    opens: fc.constantFrom(9, 11),
    closes: fc.constantFrom(12, 20),
  })
  .map(({ levels, ...rest }) => ({ ...rest, ...levels }));

type Did = Input extends infer One ? (One extends Input ? Omit<One, 'at'> : never) : never;

const via = fc.constantFrom('sms' as const, 'api' as const);
const deeds: fc.Arbitrary<Did> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('press' as const), words: fc.nat(1), number: fc.nat(1) }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('take' as const), who: actor, via }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), who: actor, via }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resolve' as const), who: actor, via }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'close' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('uncalled' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('word' as const), who: actor }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('phone' as const),
      who: fc.oneof(who, fc.constant('everybody')),
      works: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suspend' as const), who, suspended: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('learn' as const), who: actor }) },
);

const waits = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(0, 0, 1, 2, 4, 6, 9, 12, 16, 22, 31, 45, 70) },
  { weight: 1, arbitrary: fc.constantFrom(150, 300, 700, 1400) },
);

export interface History {
  desk: Desk;
  inputs: Input[];
  end: number;
}

/**
 * A desk and what happens to it: a press near an opening, a closing or at any hour, then anything. Each input has a second
 * of the minute to itself, so that it never falls together with what another one set in motion.
 */
export const histories: fc.Arbitrary<History> = fc
  .record({
    desk: desks,
    weekday: fc.integer({ min: 0, max: 6 }),
    start: fc.oneof(
      fc.record({
        edge: fc.constantFrom('opens' as const, 'closes' as const),
        before: fc.integer({ min: 1, max: 60 }),
      }),
      fc.record({ edge: fc.constant(null), before: fc.integer({ min: -1440, max: 0 }) }),
    ),
    first: fc.record({ words: fc.nat(1), number: fc.nat(1) }),
    rest: fc.array(fc.record({ wait: waits, did: deeds }), { maxLength: 10 }),
    after: waits,
  })
  .map(({ desk, weekday, start, first, rest, after }) => {
    const edge = start.edge ? desk[start.edge] * hour : 0;
    const all = [{ wait: 0, did: { do: 'press' as const, ...first } }, ...rest];
    let clock = weekday * day + edge - start.before * minute + day;
    const inputs = all.map(({ wait, did }, index): Input => {
      clock += Math.max(1, wait) * minute;
      return { ...did, at: clock + 2 + 2 * index };
    });
    return { desk, inputs, end: clock + after * minute + 56 };
  });
