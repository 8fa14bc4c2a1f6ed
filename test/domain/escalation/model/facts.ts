import { clock, type Desk, type Level, minute, type Whom } from './desk.ts';

/** What has happened: the model keeps nothing else. */
export type Fact = { at: number } & (
  | { is: 'pressed'; again: boolean; night: boolean; words: number; number: number }
  | { is: 'updated'; words: number; number: number; told: boolean }
  | { is: 'ladder'; by: 'day' | 'night'; from: number; base: number }
  | { is: 'climbed'; to: number; level: number; pages: Page[] }
  | { is: 'asked'; whom: 'holder' | 'desk'; pages: Page[] }
  | { is: 'word' }
  | { is: 'lost' }
  | { is: 'uncalled'; held: boolean }
  | { is: 'nobody'; told: boolean }
  | { is: 'shift'; pages: Page[] }
  | { is: 'learnt'; page: Page }
  | { is: 'told'; what: string; who: string }
  | { is: 'taken'; who: string }
  | { is: 'passed'; who: string }
  | { is: 'broken' }
  | { is: 'exhausted' }
  | { is: 'resolved' }
  | { is: 'cancelled' }
);
export type Of<K extends Fact['is']> = Extract<Fact, { is: K }>;

export interface Page {
  who: string;
  level: number;
  works: boolean;
}

export interface Rung {
  level: number;
  at: number;
  page: Whom[];
  repeat: boolean;
}

export const levelsOf = (desk: Desk, by: 'day' | 'night'): Level[] =>
  by === 'day' ? desk.byDay : desk.byNight;

/**
 * A ladder as a list: the policy's levels, then everyone again and again until it gives up. Who begins it while the
 * promise is open finds everyone paged when it breaks, as the policy has it from the press.
 */
export function rungsOf(desk: Desk, ladder: Of<'ladder'>, due: number): Rung[] {
  const open = ladder.at < due;
  const own = levelsOf(desk, ladder.by).map((level, index) => {
    const at = ladder.base + level.after * minute;
    const brought = open && level.after <= desk.promise ? Math.min(at, due) : at;
    return { level: index + 1, at: brought, page: level.page, repeat: false };
  });
  const top = own.at(-1)?.at ?? ladder.base;
  const again: Rung[] = [];
  const first = top < due ? due : top + desk.repeat * minute;
  for (let at = first; at < ladder.base + desk.giveUp * minute; at += desk.repeat * minute)
    again.push({ level: own.length + 1, at, page: ['everyone', { role: 'manager' }], repeat: true });
  return [...own, ...again];
}

/** A fact as others see it. */
export function linesOf(fact: Fact): string[] {
  const at = clock(fact.at);
  switch (fact.is) {
    case 'climbed':
    case 'shift':
      return fact.pages.map(({ who, level }) => `${at} page ${who} at level ${level}`);
    case 'told':
      return [`${at} tell ${fact.who} ${fact.what}`];
    case 'taken':
    case 'passed':
      return [`${at} ${fact.is} by ${fact.who}`];
    case 'asked':
      return fact.pages.map(({ who }) => `${at} tell ${who} contact`);
    case 'ladder':
    case 'word':
    case 'lost':
    case 'uncalled':
    case 'learnt':
    case 'nobody':
      return [];
    default:
      return [`${at} ${fact.is}`];
  }
}
