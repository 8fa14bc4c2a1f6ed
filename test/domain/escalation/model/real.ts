import type { Decision } from '../../../../shared/domain/decision.ts';
import type { Roster, Target } from '../../../../shared/domain/directory.ts';
import {
  acknowledge,
  type ByStaff,
  cancel,
  isPage,
  nightOf,
  pass,
  press,
  resolveEscalation,
} from '../../../../shared/domain/escalation/index.ts';
import { changeTicket } from '../../../../shared/domain/ticket/change.ts';
import { addSeconds, type Instant, instantOf, millisOf } from '../../../../shared/domain/time.ts';
import { partnerActor, press1, roster, World } from '../world.ts';
import { clock, type Desk, type Input, type Level, phoneWorks, type Whom } from './desk.ts';
import type { Seen } from './story.ts';

/** A Monday: the model's arithmetic and the calendar's weekdays agree. */
const monday: Instant = '2026-11-23T00:00:00.000Z';
const instant = (t: number): Instant => addSeconds(monday, t);
/** The model counts in steps of two seconds; failures come a moment after their page, one after the other. */
const seconds = (at: Instant): number => Math.floor((millisOf(at) - millisOf(monday)) / 2000) * 2;

/** Plays the inputs on the product's own decisions, and says the same of it as the model does. */
export function play(desk: Desk, inputs: Input[], end: number): Seen {
  const world = new World(instant((inputs[0]?.at ?? end) - 120), rosterOf(desk));
  const lines = new Map<string, string>();
  const nights = new Map<Instant, number>();

  const send = () => {
    while (world.state.pages.some((page) => page.state === 'queued')) {
      note();
      world.send((page) => {
        if (page.phone === null || phoneWorks(inputs, page.to.id, seconds(world.now))) return null;
        world.now = instantOf(millisOf(world.now) + 1);
        return 'bad number';
      });
    }
  };
  const note = () => {
    for (const page of world.state.pages) {
      if (lines.has(page.id)) continue;
      const level = world.state.escalation?.state === 'exhausted' ? 0 : page.level;
      const what = page.notice ? `tell ${page.to.id} ${page.notice}` : `page ${page.to.id} at level ${level}`;
      lines.set(page.id, `${clock(seconds(page.queuedAt))} ${what}`);
    }
  };

  const real = (who: string): string => {
    const { escalation, pages } = world.state;
    const holder = escalation?.state === 'acknowledged' ? escalation.acknowledgedBy : null;
    if (who === 'holder') return holder?.id ?? 'dana';
    if (who !== 'paged') return who;
    const paged = pages.filter(isPage);
    return paged.map((page) => page.to.id).sort()[0] ?? 'dana';
  };
  const act = (given: Input): Decision | null => {
    const input = 'who' in given ? { ...given, who: real(given.who) } : given;
    const facts = { roster: world.roster, now: world.now };
    switch (input.do) {
      case 'press': {
        const night = nightOf(world.roster, world.now) ?? '';
        const nightCount = nights.get(night) ?? 0;
        const decision = world.do((state) => press(state, pressOf(input), { ...facts, nightCount }));
        if (!decision.refused && decision.night) nights.set(night, nightCount + 1);
        return decision;
      }
      case 'take':
        return world.do((state) => acknowledge(state, byOf(desk, input), facts));
      case 'pass':
        return world.do((state) => pass(state, byOf(desk, input), facts));
      case 'resolve':
        return world.do((state) => resolveEscalation(state, byOf(desk, input), facts));
      case 'cancel':
        return world.do((state) => cancel(state, partnerActor, facts));
      case 'close':
        world.do((state) => changeTicket(state, { status: 'closed', by: partnerActor }, facts));
        return null;
      case 'learn': {
        const page = world.state.pages.findLast(
          (one) => one.notice === null && one.to.id === input.who && one.state === 'sent',
        );
        return world.fail(page?.id ?? 'none', 'the delivery log says so');
      }
      case 'uncalled':
        return world.notContacted();
      case 'word':
        world.comment(input.who);
        return null;
      case 'suspend': {
        const { who, suspended } = input;
        const staff = world.roster.staff.map((one) => (one.id === who ? { ...one, suspended } : one));
        world.roster = { ...world.roster, staff };
        return null;
      }
      case 'phone':
        return null;
    }
  };

  const answers = inputs.map((input) => {
    world.moveTo(instant(input.at), send);
    const decision = act(input);
    send();
    if (decision?.refused) return 'refused';
    return decision?.unchanged ? 'same' : 'done';
  });
  world.moveTo(instant(end), send);
  const { escalation } = world.state;
  const held = escalation?.state === 'acknowledged';
  const brokenAt = escalation?.promise.brokenAt;
  return {
    lines: [...lines.values(), ...world.events.flatMap(lineOf)].sort(),
    answers,
    end: {
      state: escalation?.state ?? 'none',
      holder: held ? (escalation.acknowledgedBy?.id ?? null) : null,
      brokenAt: brokenAt ? seconds(brokenAt) : null,
    },
  };
}

const words: Record<string, string> = {
  'escalation.started': 'pressed',
  'escalation.updated': 'updated',
  'escalation.promise_broken': 'broken',
  'escalation.exhausted': 'exhausted',
  'escalation.resolved': 'resolved',
  'escalation.cancelled': 'cancelled',
  'escalation.acknowledged': 'taken by',
  'escalation.passed': 'passed by',
};

function lineOf({ type, at, actor }: World['events'][number]): string[] {
  const word = words[type];
  if (!word) return [];
  return [`${clock(seconds(at))} ${word}${word.endsWith(' by') ? ` ${actor.id}` : ''}`];
}

const byOf = (desk: Desk, { who, via }: { who: string; via: 'sms' | 'api' }): ByStaff => ({
  person: { id: who, name: who },
  role: desk.people[who]?.role ?? 'engineer',
  via,
});

const pressOf = ({ words, number }: { words: number; number: number }) => {
  const phone = `+1202555014${number}`;
  return {
    ...press1,
    detail: `words ${words}`,
    callback: { ...press1.callback, phone, dialable: phone },
  };
};

function rosterOf(desk: Desk): Roster {
  const base = roster();
  const target = (whom: Whom): Target => {
    if (whom === 'everyone') return { everyone: true };
    if ('rota' in whom) return { schedule: whom.rota };
    return 'person' in whom ? { staff: whom.person } : whom;
  };
  const levels = (list: Level[]) =>
    list.map((level) => ({ afterMinutes: level.after, page: level.page.map(target) }));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours: [string, string][] = [[`${two(desk.opens)}:00`, `${two(desk.closes)}:00`]];
  return {
    provider: { ...base.provider, timezone: 'Etc/UTC', nightlyCap: desk.cap },
    calendar: { timezone: 'Etc/UTC', week: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours } },
    policy: {
      id: 'default',
      promiseMinutes: desk.promise,
      levels: levels(desk.byNight),
      businessHours: { levels: levels(desk.byDay) },
      repeatMinutes: desk.repeat,
      giveUpMinutes: desk.giveUp,
    },
    schedules: Object.entries(desk.rotas).map(([id, rota]) => ({
      id,
      name: id,
      timezone: 'Etc/UTC',
      rotations: [
        {
          name: 'turns',
          start: instant(rota.from * 3600).slice(0, 16),
          every: { hours: rota.turn },
          members: rota.members,
        },
      ],
      overrides: [],
    })),
    staff: Object.entries(desk.people).map(([id, { role, phone }], index) => ({
      ...(base.staff[0] as Roster['staff'][number]),
      id,
      name: id,
      role,
      phone: phone ? `+120255501${20 + index}` : null,
    })),
  };
}
