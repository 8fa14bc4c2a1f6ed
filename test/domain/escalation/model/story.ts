import {
  type Desk,
  hour,
  type Input,
  isOpen,
  minute,
  onRota,
  pageable,
  peopleOf,
  phoneWorks,
  rotasOf,
  type Whom,
  withRole,
} from './desk.ts';
import { type Fact, levelsOf, linesOf, type Of, type Page, rungsOf } from './facts.ts';

type State = 'none' | 'paging' | 'acknowledged' | 'exhausted' | 'resolved' | 'cancelled';
type Answer = 'done' | 'same' | 'refused';
type Via = 'sms' | 'api';

/** What may set something in motion that falls due some minutes later. */
const sets: Input['do'][] = ['press', 'pass', 'learn', 'take', 'word', 'uncalled'];

const states: Partial<Record<Fact['is'], State>> = {
  pressed: 'paging',
  passed: 'paging',
  lost: 'paging',
  uncalled: 'paging',
  taken: 'acknowledged',
  exhausted: 'exhausted',
  resolved: 'resolved',
  cancelled: 'cancelled',
};

/** What others can see of a story. */
export interface Seen {
  lines: string[];
  answers: Answer[];
  end: { state: State; holder: string | null; brokenAt: number | null };
}

/**
 * The rules of an escalation as the design words them, told a second time: nothing is kept but a list of facts, and
 * each instant asks the whole list again. Simple on purpose. Answers what must have happened by `end`.
 */
export function story(desk: Desk, inputs: Input[], end: number): Seen {
  const earlier: Fact[] = [];
  let facts: Fact[] = [];

  let known = new Map<string, unknown>();
  let about: [Fact[], number] = [facts, 0];
  /** The same question about the same facts is thought about once. */
  const once = <T>(question: string, answer: () => T): T => {
    if (about[0] !== facts || about[1] !== facts.length) {
      known = new Map();
      about = [facts, facts.length];
    }
    if (!known.has(question)) known.set(question, answer());
    return known.get(question) as T;
  };

  const all = <K extends Fact['is']>(...is: K[]): Of<K>[] =>
    facts.filter((fact): fact is Of<K> => (is as string[]).includes(fact.is));
  const last = <K extends Fact['is']>(...is: K[]): Of<K> | undefined =>
    once(is.join(), () => facts.findLast((fact): fact is Of<K> => (is as string[]).includes(fact.is)));
  const since = (fact: Fact | undefined): Fact[] => facts.slice(fact ? facts.indexOf(fact) + 1 : 0);
  const stateAt = (t: number): State => {
    const fact = facts.findLast(
      (fact) => fact.at <= t && (fact.is !== 'uncalled' || fact.held) && states[fact.is],
    );
    return states[fact?.is ?? 'told'] ?? 'none';
  };
  const state = (): State => once('state', () => stateAt(end));
  const active = () => ['paging', 'acknowledged', 'exhausted'].includes(state());
  const untaken = (is: State) => is === 'paging' || is === 'exhausted';
  const holder = () => (state() === 'acknowledged' ? (last('taken')?.who ?? null) : null);
  const due = () => once('due', () => (all('pressed')[0]?.at ?? Number.NaN) + desk.promise * minute);
  const pages = () => all('climbed', 'shift', 'asked').flatMap((fact) => fact.pages);
  const failed = (page: Page) => !page.works || all('learnt').some((fact) => fact.page === page);
  const paged = (who: string) => pages().some((page) => page.who === who);
  const people = (targets: Whom[], t: number) => peopleOf(desk, inputs, targets, t);
  const toPage = (who: string, level: number, t: number): Page => ({
    who,
    level,
    works: phoneWorks(inputs, who, t),
  });

  const tell = (t: number, what: string, who: Iterable<string>) => {
    for (const one of who) facts.push({ at: t, is: 'told', what, who: one });
  };
  const tellPaged = (t: number, what: string, except: string | null) => {
    const reached = new Set(
      pages().flatMap((page) => (failed(page) || page.who === except ? [] : [page.who])),
    );
    tell(t, what, reached);
  };
  /** Who holds it or held it, paged or not, is told as well. */
  const tellAll = (t: number, what: string, except: string | null) => {
    const rang = (who: string) => pages().some((page) => page.who === who && !failed(page));
    const held = new Set(all('taken').map(({ who }) => who));
    tellPaged(t, what, except);
    tell(
      t,
      what,
      [...held].filter((who) => who !== except && !rang(who) && pageable(desk, inputs, who, t)),
    );
  };

  const begin = (t: number, by: 'day' | 'night', from = 0, base = t) =>
    facts.push({ at: t, is: 'ladder', by, from, base });

  /** The ladder's latest turn. */
  const turnOf = (ladder: Of<'ladder'>) =>
    once('turn', () => since(ladder).findLast((fact) => fact.is === 'climbed' || fact.is === 'nobody'));

  /** Where the ladder stands: the first rung that has not had its turn. After nobody could be paged, the first of all. */
  const standsAt = (ladder: Of<'ladder'>): number => {
    const turn = turnOf(ladder);
    if (turn?.is === 'climbed') return turn.to + 1;
    return turn ? 0 : ladder.from;
  };

  const lastLevel = () =>
    since(last('pressed', 'lost')).findLast((fact) => fact.is === 'climbed')?.level ?? 0;

  /**
   * Pages what is due, or else the next level when it is called `atOnce`; a level that has nobody brings the next, and
   * the last one everyone, whose own time still comes.
   */
  const climb = (t: number, atOnce: boolean, except: string | null = null, also: Page[] = []): void => {
    const ladder = last('ladder');
    if (!ladder) return;
    const left = once('left', () => rungsOf(desk, ladder, due()).slice(standsAt(ladder)));
    let turn = left.filter((rung) => rung.at <= t).length;
    if (turn === 0 && atOnce) turn = 1;
    if (turn === 0 || left.length === 0) return;
    const called = (index: number) => people(left[index]?.page ?? [], t).filter((who) => who !== except);
    while (called(turn - 1).length === 0 && left[turn]?.repeat === false) turn += 1;
    const everyone = called(turn - 1).length === 0 && left[turn - 1]?.repeat === false && left[turn] ? 1 : 0;
    const made = [...also];
    for (let index = 0; index < turn + everyone; index += 1)
      for (const who of called(index))
        if (!made.some((page) => page.who === who)) made.push(toPage(who, left[index]?.level ?? 0, t));
    const asked = left.slice(0, turn + everyone);
    const level = asked.findLast((_, index) => called(index).length > 0)?.level ?? lastLevel();
    facts.push({ at: t, is: 'climbed', to: standsAt(ladder) + turn - 1, level, pages: made });
    if (made.length === 0) nobody(t);
    else if (made.some(failed)) afterFailure(t, ladder, made);
  };

  /** One of the latest pages failed: the next level at once. If there is none and all of them failed, everyone else. */
  const afterFailure = (t: number, ladder: Of<'ladder'>, latest: Page[]): void => {
    if (standsAt(ladder) < levelsOf(desk, ladder.by).length) climb(t, true);
    else if (latest.every(failed)) everyoneElse(t, ladder, latest);
  };

  /** All of the last level failed: everyone at once, if that is anybody else, and again at their own time. */
  const everyoneElse = (t: number, ladder: Of<'ladder'>, latest: Page[]): void => {
    const rung = rungsOf(desk, ladder, due())[standsAt(ladder)];
    const made = people(rung?.page ?? [], t).map((who) => toPage(who, rung?.level ?? 0, t));
    if (made.every(({ who }) => latest.some((page) => page.who === who))) nobody(t);
    else {
      facts.push({ at: t, is: 'climbed', to: standsAt(ladder) - 1, level: rung?.level ?? 0, pages: made });
      if (made.some(failed)) afterFailure(t, ladder, made);
    }
  };

  /** Managers, admins and the desk's mailboxes learn it at once, not every minute again, but every tenth, and after each turn. */
  const nobody = (t: number) => {
    const told = since(last('pressed', 'lost', 'passed', 'uncalled')).some(
      (fact) => fact.is === 'nobody' && fact.told && fact.at > t - 9.5 * minute,
    );
    facts.push({ at: t, is: 'nobody', told: !told });
    if (told) return;
    tell(t, 'desk_alert', ['desk']);
    const leaders = [...withRole(desk, 'manager'), ...withRole(desk, 'admin')];
    tell(
      t,
      'unreachable',
      leaders.filter((who) => pageable(desk, inputs, who, t)),
    );
  };

  const breaks = (t: number) => {
    if (t < due() || last('broken') || !untaken(stateAt(due() - 1))) return;
    facts.push({ at: t, is: 'broken' });
    tell(t, 'promise_broken', people([{ role: 'manager' }], t));
  };

  const deskMoves = (t: number) => {
    const [open, was] = [isOpen(desk, t), isOpen(desk, t - 1)];
    if (open && !was) tell(t, 'desk_alert', ['desk']);
    if (!open && was && state() === 'paging' && last('ladder')?.by === 'day') {
      begin(t, 'night');
      climb(t, true);
    }
  };

  /** When the silence of the holder is too long: for a question, or after it for the ladder again. */
  const silentAt = (): number => {
    const heard = last('taken', 'word', 'asked');
    if (heard?.is === 'asked') return heard.at + 10 * minute;
    if (heard?.is === 'word') return heard.at + hour;
    return Math.max((heard?.at ?? 0) + 15 * minute, due());
  };

  const lose = (t: number) => {
    const [who, question] = [holder() ?? '', last('asked')];
    const by = isOpen(desk, t) ? 'day' : 'night';
    facts.push({ at: t, is: 'lost' });
    if (by === 'day') tell(t, 'desk_alert', ['desk']);
    begin(t, by);
    climb(t, false);
    const first = since(last('lost')).find((fact) => fact.is === 'climbed');
    const rings = first?.pages.some((page) => page.who === who) ?? false;
    if (question?.whom === 'holder' && pageable(desk, inputs, who, t) && !rings)
      tell(t, 'contact_lost', [who]);
  };

  /** After opening the question goes to the desk, not to the sleeper; at night to the holder, if that can be. */
  const askForWord = (t: number) => {
    const who = holder() ?? '';
    const sleeper = !isOpen(desk, t) && pageable(desk, inputs, who, t);
    const question = toPage(who, 0, t);
    facts.push({ at: t, is: 'asked', whom: sleeper ? 'holder' : 'desk', pages: sleeper ? [question] : [] });
    if (!sleeper) tell(t, 'desk_alert', ['desk']);
    else if (failed(question)) lose(t);
  };

  const shiftsBegin = (t: number) => {
    if (t % hour !== 0) return;
    const duty = [...desk.byNight, ...desk.byDay].some((level) =>
      level.page.some((whom) => whom !== 'everyone' && 'role' in whom && whom.role === 'manager'),
    );
    const begun = [...rotasOf(desk), ...(duty ? ['manager'] : [])].filter(
      (rota) => onRota(desk, rota, t) !== onRota(desk, rota, t - 1),
    );
    const made = people(
      begun.map((rota) => ({ rota })),
      t,
    ).map((who) => toPage(who, 0, t));
    if (made.length > 0) facts.push({ at: t, is: 'shift', pages: made });
  };

  /** What the time alone brings. */
  const tick = (t: number) => {
    if (state() === 'acknowledged') {
      if (t < silentAt()) return;
      if (last('taken', 'word', 'asked')?.is === 'asked') lose(t);
      else askForWord(t);
      return;
    }
    breaks(t);
    deskMoves(t);
    if (state() === 'exhausted') shiftsBegin(t);
    const ladder = last('ladder');
    if (state() !== 'paging' || !ladder) return;
    const turn = turnOf(ladder);
    if (t >= ladder.base + desk.giveUp * minute) facts.push({ at: t, is: 'exhausted' });
    else if (turn?.is !== 'nobody') climb(t, false);
    else if (t >= turn.at + minute) climb(t, true);
  };

  const mayAct = (who: string, via: Via) =>
    holder() === who || paged(who) || (via === 'api' && desk.people[who]?.role !== 'engineer');

  const again = (t: number, words: number, number: number): Answer => {
    const old = last('pressed', 'updated');
    if (old?.words === words && old.number === number) return 'same';
    const lately = all('updated').some((fact) => fact.told && fact.at > t - 10 * minute);
    const told = old?.number !== number || !lately;
    facts.push({ at: t, is: 'updated', words, number, told });
    const held = holder();
    if (!told) return 'done';
    const byPhone = held !== null && pageable(desk, inputs, held, t);
    const alerted = all('told').some((fact) => fact.what === 'desk_alert');
    if (byPhone) tell(t, 'news', [held]);
    else if (!held) tellPaged(t, 'news', null);
    if (held ? !byPhone : alerted) tell(t, 'desk_alert', ['desk']);
    return 'done';
  };

  const press = (t: number, words: number, number: number): Answer => {
    if (state() === 'paging' || state() === 'acknowledged') return again(t, words, number);
    const night = !isOpen(desk, t);
    const tonight = [...earlier, ...facts].filter(
      (fact) => fact.is === 'pressed' && fact.night && !openBetween(desk, fact.at, t),
    );
    if (night && tonight.length >= desk.cap) return 'refused';
    const exhausted = state() === 'exhausted';
    if (!exhausted) earlier.push(...facts);
    if (!exhausted) facts = [];
    facts.push({ at: t, is: 'pressed', again: exhausted, night, words, number });
    if (!night) tell(t, 'desk_alert', ['desk']);
    begin(t, night ? 'night' : 'day');
    climb(t, false);
    return 'done';
  };

  /** The holder's word; once the desk was asked for one, that of anybody at the desk. */
  const word = (t: number, who: string): Answer => {
    const held = holder();
    const asked = last('taken', 'word', 'asked');
    if (held && (held === who || (asked?.is === 'asked' && asked.whom === 'desk')))
      facts.push({ at: t, is: 'word' });
    return 'done';
  };

  /** Where a ladder goes on when somebody hands it on: the next level that pages another, from the first again at the end. */
  const nextFor = (t: number, from: string) => {
    const ladder = last('ladder');
    const by = ladder?.by === 'day' && isOpen(desk, t) ? 'day' : 'night';
    const levels = levelsOf(desk, by);
    const stands = ladder && by === ladder.by ? Math.min(standsAt(ladder), levels.length) : 0;
    const index = [...levels.keys()]
      .map((step) => (stands + step) % levels.length)
      .find((at) => people(levels[at]?.page ?? [], t).some((one) => one !== from));
    return { by, index, base: t - (levels[index ?? 0]?.after ?? 0) * minute } as const;
  };

  const uncalled = (t: number): Answer => {
    if (state() !== 'paging' && state() !== 'acknowledged') return 'refused';
    const before = last('uncalled');
    if (before && t < before.at + 5 * minute) return 'same';
    const held = holder();
    const next = nextFor(t, held ?? '');
    facts.push({ at: t, is: 'uncalled', held: held !== null });
    if (held === null) climb(t, true);
    if (held === null) return 'done';
    const reachable = pageable(desk, inputs, held, t);
    if (!reachable || isOpen(desk, t)) tell(t, 'desk_alert', ['desk']);
    const own = reachable ? [toPage(held, Math.max(1, lastLevel()), t)] : [];
    if (next.index !== undefined || !reachable) {
      begin(t, next.by, next.index ?? 0, next.index === undefined ? t : next.base);
      climb(t, true, held, own);
      return 'done';
    }
    begin(t, next.by);
    const ladder = last('ladder');
    facts.push({ at: t, is: 'climbed', to: 0, level: own[0]?.level ?? 0, pages: own });
    if (ladder && own.some(failed)) afterFailure(t, ladder, own);
    return 'done';
  };

  const take = (t: number, who: string, via: Via): Answer => {
    if (!active() || !mayAct(who, via)) return 'refused';
    if (state() === 'acknowledged') return holder() === who ? word(t, who) : 'refused';
    facts.push({ at: t, is: 'taken', who });
    tellAll(t, 'taken', who);
    return 'done';
  };

  const pass = (t: number, who: string, via: Via): Answer => {
    const [held, ladder] = [holder(), last('ladder')];
    const boss = via === 'api' && desk.people[who]?.role !== 'engineer';
    if (!ladder || (state() !== 'paging' && state() !== 'acknowledged')) return 'refused';
    if (held ? held !== who && !boss : via === 'api' || !paged(who)) return 'refused';
    const from = held ?? who;
    const next = nextFor(t, from);
    if (next.index === undefined) return 'refused';
    facts.push({ at: t, is: 'passed', who });
    if (held && held !== who && pageable(desk, inputs, held, t)) tell(t, 'stand_down', [held]);
    begin(t, next.by, next.index, next.base);
    climb(t, true, from);
    return 'done';
  };

  const finish = (t: number, as: 'resolved' | 'cancelled', except: string | null): Answer => {
    facts.push({ at: t, is: as });
    tellAll(t, 'stand_down', except);
    return 'done';
  };

  /** The delivery log says that somebody's latest page did not arrive. */
  const learn = (t: number, who: string): Answer => {
    const page = all('climbed', 'shift')
      .flatMap((fact) => fact.pages)
      .findLast((one) => one.who === who && !failed(one));
    if (!page) return 'same';
    facts.push({ at: t, is: 'learnt', page });
    const ladder = last('ladder');
    const latest = since(ladder)
      .filter((fact): fact is Of<'climbed'> => fact.is === 'climbed')
      .findLast((fact) => fact.pages.length > 0)?.pages;
    if (ladder && state() === 'paging' && latest?.includes(page)) afterFailure(t, ladder, latest);
    return 'done';
  };

  const really = (who: string): string => {
    if (who === 'holder') return holder() ?? 'dana';
    return who === 'paged'
      ? (pages()
          .map((page) => page.who)
          .sort()[0] ?? 'dana')
      : who;
  };
  const act = (given: Input): Answer => {
    const input = 'who' in given ? { ...given, who: really(given.who) } : given;
    const { at: t } = input;
    switch (input.do) {
      case 'press':
        return press(t, input.words, input.number);
      case 'take':
        return take(t, input.who, input.via);
      case 'pass':
        return pass(t, input.who, input.via);
      case 'resolve':
        if (state() === 'resolved') return 'same';
        return active() && mayAct(input.who, input.via) ? finish(t, 'resolved', input.who) : 'refused';
      case 'cancel':
        return active() ? finish(t, 'cancelled', null) : 'refused';
      case 'close':
        return active() ? finish(t, 'resolved', null) : 'done';
      case 'uncalled':
        return uncalled(t);
      case 'word':
        return word(t, input.who);
      case 'learn':
        return learn(t, input.who);
      default:
        return 'done';
    }
  };

  const answers: Answer[] = [];
  const phases = new Set([0]);
  const start = inputs[0]?.at ?? end;
  for (let t = start - (start % 2); t <= end; t += 2) {
    if (phases.has(t % 60) && active()) tick(t);
    const input = inputs[answers.length];
    if (input?.at !== t) continue;
    answers.push(act(input));
    if (sets.includes(input.do)) phases.add(t % 60);
  }
  const lines = [...earlier, ...facts].flatMap(linesOf).sort();
  return { lines, answers, end: { state: state(), holder: holder(), brokenAt: last('broken')?.at ?? null } };
}

function openBetween(desk: Desk, from: number, to: number): boolean {
  for (let t = from; t < to; t += hour / 2) if (isOpen(desk, t)) return true;
  return isOpen(desk, to);
}
