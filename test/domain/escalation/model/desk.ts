/** The desk as the model knows it: plain tables, and arithmetic in UTC. Seconds since Monday 00:00 throughout. */

export const minute = 60;
export const hour = 60 * minute;
export const day = 24 * hour;

export interface Someone {
  role: 'engineer' | 'agent' | 'manager' | 'admin';
  phone: boolean;
}

/** One person after the other, each for `turn` hours, from the hour `from` on; nobody before. */
export interface Rota {
  from: number;
  turn: number;
  members: string[];
}

export type Whom = { rota: string } | { role: Someone['role'] } | { person: string } | 'everyone';

export interface Level {
  after: number;
  page: Whom[];
}

export interface Desk {
  people: Record<string, Someone>;
  rotas: Record<string, Rota>;
  /** Minutes. */
  promise: number;
  repeat: number;
  giveUp: number;
  byNight: Level[];
  byDay: Level[];
  cap: number;
  /** Hours of the day, Monday to Friday. */
  opens: number;
  closes: number;
}

/** What people, phones and carriers do, and when. `holder` and `paged` (the first by name who was) stand for a person. */
export type Input = { at: number } & (
  | { do: 'press'; words: number; number: number }
  | { do: 'take' | 'pass' | 'resolve'; who: string; via: 'sms' | 'api' }
  | { do: 'cancel' | 'close' | 'uncalled' }
  | { do: 'word'; who: string }
  | { do: 'phone'; who: string; works: boolean }
  | { do: 'suspend'; who: string; suspended: boolean }
  | { do: 'learn'; who: string }
);

export const isOpen = (desk: Desk, t: number): boolean => {
  const weekday = Math.floor(t / day) % 7;
  return weekday < 5 && t % day >= desk.opens * hour && t % day < desk.closes * hour;
};

export const onRota = (desk: Desk, name: string, t: number): string | null => {
  const rota = desk.rotas[name];
  if (!rota || t < rota.from * hour || rota.members.length === 0) return null;
  const turns = Math.floor((t - rota.from * hour) / (rota.turn * hour));
  return rota.members[turns % rota.members.length] ?? null;
};

/** The rotas that the policy's levels name. */
export const rotasOf = (desk: Desk): string[] => [
  ...new Set(
    [...desk.byNight, ...desk.byDay].flatMap((level) =>
      level.page.flatMap((whom) => (whom !== 'everyone' && 'rota' in whom ? [whom.rota] : [])),
    ),
  ),
];

/** `Tue 03:10:04`, for people who read a counterexample. */
export const clock = (t: number): string => {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][Math.floor(t / day) % 7];
  return `${weekday}${Math.floor(t / day / 7)} ${two((t % day) / hour)}:${two((t % hour) / 60)}:${two(t % 60)}`;
};

const given = <K extends Input['do']>(inputs: Input[], what: K, t: number) =>
  inputs.filter((input): input is Extract<Input, { do: K }> => input.do === what && input.at <= t);

export const phoneWorks = (inputs: Input[], who: string, t: number): boolean =>
  given(inputs, 'phone', t).findLast((one) => one.who === who || one.who === 'everybody')?.works ?? true;

export const pageable = (desk: Desk, inputs: Input[], who: string, t: number): boolean =>
  (desk.people[who]?.phone ?? false) &&
  !(given(inputs, 'suspend', t).findLast((one) => one.who === who)?.suspended ?? false);

export const withRole = (desk: Desk, role: string): string[] =>
  Object.keys(desk.people).filter((who) => desk.people[who]?.role === role);

/** Whom these targets reach at an instant, once each. */
export function peopleOf(desk: Desk, inputs: Input[], targets: Whom[], t: number): string[] {
  const named = (whom: Whom): string[] => {
    if (whom === 'everyone') {
      const targets = [...desk.byNight, ...desk.byDay].flatMap((level) => level.page);
      return [
        ...rotasOf(desk).flatMap((rota) => desk.rotas[rota]?.members ?? []),
        ...targets.flatMap((each) => (each === 'everyone' || 'rota' in each ? [] : named(each))),
      ];
    }
    if ('person' in whom) return [whom.person];
    if ('rota' in whom) return [onRota(desk, whom.rota, t) ?? ''];
    const duty = whom.role === 'manager' ? onRota(desk, 'manager', t) : null;
    return duty && pageable(desk, inputs, duty, t) ? [duty] : withRole(desk, whom.role);
  };
  return [...new Set(targets.flatMap(named))].filter((who) => pageable(desk, inputs, who, t));
}
