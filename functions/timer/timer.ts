import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Decision } from '../../shared/domain/decision.ts';
import {
  contactDue,
  deskDue,
  levelDue,
  promiseDue,
  sendByDue,
  shiftDue,
  tellDue,
} from '../../shared/domain/escalation/index.ts';
import { outageDue } from '../../shared/domain/outage/follow.ts';
import { slaDue } from '../../shared/domain/ticket/due.ts';
import { type Instant, secondsBetween } from '../../shared/domain/time.ts';
import type { Timer, TimerChange, TimerKey, TimerKind } from '../../shared/domain/timer.ts';
import { type DeliveryChange, retryDue } from '../../shared/domain/webhook/delivery.ts';
import { failingDue } from '../../shared/domain/webhook/health.ts';
import { type CaseFacts, commandCase } from '../../shared/effects/command-case.ts';
import { timerMessage } from '../../shared/effects/messages.ts';
import { watchHours } from '../../shared/effects/watch-hours.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { queueFunction } from '../../shared/runtime/handler.ts';
import { log } from '../../shared/runtime/logging.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Store } from '../../shared/store/store.ts';
import { untilNoConflict } from '../../shared/store/until-no-conflict.ts';

export interface TimerDependencies {
  store: Store;
  clock: Clock;
  random: Random;
  sleep?: (milliseconds: number) => Promise<unknown>;
}

/** The queue delays by whole seconds, rounded down: less than one is left, and some for clocks that differ. */
const longestWaitSeconds = 3;

/** The kinds that guard a ticket's case; the others guard webhooks, and the desk's hours. */
type CaseTimer = Exclude<TimerKind, 'retry' | 'failing' | 'line' | 'opening'>;

/** What each kind of timer decides, on which facts. */
const aboutCase: Record<CaseTimer, (facts: CaseFacts, timer: Timer, now: Instant) => Decision> = {
  level: ({ state, roster }, { subject }, now) => levelDue(state, { id: subject, roster, now }),
  promise: ({ state, roster }, { subject }, now) => promiseDue(state, { id: subject, roster, now }),
  contact: ({ state, roster }, { subject }, now) => contactDue(state, { id: subject, roster, now }),
  desk: ({ state, roster }, { subject }, now) => deskDue(state, { id: subject, roster, now }),
  shift: ({ state, roster }, { subject }, now) => shiftDue(state, { id: subject, roster, now }),
  tell: ({ state, roster }, { subject }, now) => tellDue(state, { id: subject, roster, now }),
  outage: ({ state, roster }, { subject }, now) => outageDue(state, { id: subject, roster, now }),
  send_by: ({ state, roster }, { subject }, now) => sendByDue(state, { pageId: subject, roster, now }),
  sla: ({ state }, _timer, now) => slaDue(state, { now }),
};

/**
 * A timer fires: never before its time, and only as the row of the table says it now. One that is gone or was
 * set anew does nothing; so a message that comes twice, or late, is harmless.
 */
export function makeHandler({ store, clock, random, sleep = sleepFor }: TimerDependencies) {
  return queueFunction(timerMessage, async (message) => {
    // Most are cleared before their time: those are not waited for.
    let timer = await asSet(message);
    if (timer && (await waited(message.dueAt))) timer = await asSet(message);
    if (!timer) return;
    const changes = await fire(timer);
    if (!changes.some((change) => touches(change, timer))) await store.timers.drop(timer);
  });

  /** The timer's row, if it is still the one that this message is about. */
  async function asSet(message: Timer): Promise<Timer | null> {
    const timer = await store.timers.read(message);
    return timer?.generation === message.generation ? timer : null;
  }

  async function fire(timer: Timer): Promise<TimerChange[]> {
    const { home, kind, generation } = timer;
    if ('delivery' in home) return retry(timer, home);
    if ('desk' in home) return watchHours({ store, clock, random });
    if ('ticket' in home && kind in aboutCase) return decide(timer, home, kind as CaseTimer);
    if ('endpoint' in home && kind === 'failing') return failing(home);
    if ('endpoint' in home && kind === 'line') return store.webhooks.runAgain(home, generation, clock.now());
    throw new Error(`A timer of the kind ${kind} has the wrong home.`);
  }

  /** Waits until the instant has come; false if there was nothing to wait for. */
  async function waited(dueAt: Instant): Promise<boolean> {
    for (let waits = false; ; waits = true) {
      const seconds = secondsBetween(clock.now(), dueAt);
      if (seconds <= 0) return waits;
      if (seconds > longestWaitSeconds) throw new Error(`This timer is not due for another ${seconds} s.`);
      await sleep(Math.ceil(seconds * 1000));
    }
  }

  async function decide(
    timer: Timer,
    home: { partner: string; ticket: string },
    kind: CaseTimer,
  ): Promise<TimerChange[]> {
    const address = { partner: home.partner, number: home.ticket };
    const outcome = await commandCase(
      { store, clock, random },
      address,
      (facts, now) => aboutCase[kind](facts, timer, now),
      { stillWanted: async () => (await store.timers.read(timer))?.generation === timer.generation },
    );
    const fields = { ticket: home.ticket, partner: home.partner, kind, subject: timer.subject };
    if (outcome.refused) {
      log.warn('A timer was refused.', { ...fields, code: outcome.code });
      return [];
    }
    log.info('A timer fired.', { ...fields, lateSeconds: secondsBetween(timer.dueAt, outcome.at) });
    return outcome.decided.timers;
  }

  async function retry(timer: Timer, home: { delivery: string }): Promise<TimerChange[]> {
    return untilNoConflict(random, async () => {
      const delivery = await store.webhooks.delivery(home.delivery);
      const now = clock.now();
      const due: DeliveryChange | null =
        delivery && retryDue(delivery, { generation: timer.generation, now });
      // Null also when somebody else has moved it: then its timer was set anew or cleared with it.
      if (due) await store.webhooks.commitDelivery(due, now);
      return due?.timers ?? [];
    });
  }

  async function failing(home: { endpoint: string; partner: string | null }): Promise<TimerChange[]> {
    const now = clock.now();
    let timers: TimerChange[] = [];
    await store.webhooks.change(home.partner, home.endpoint, (endpoint) => {
      const change = failingDue(endpoint, now);
      timers = change?.timers ?? [];
      return change;
    });
    return timers;
  }
}

function touches(change: TimerChange, timer: Timer): boolean {
  const key: TimerKey = 'set' in change ? change.set : change.clear;
  return key.subject === timer.subject && key.kind === timer.kind;
}
