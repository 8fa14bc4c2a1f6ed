import { checkDue, dailyNews, type News } from '../../shared/domain/coverage/check.ts';
import type { CoverageFacts } from '../../shared/domain/coverage/coverage.ts';
import { type Drill, drillsDue, drillsMissed, missedNews } from '../../shared/domain/coverage/drill.ts';
import { isPageable } from '../../shared/domain/escalation/whom.ts';
import type { OptedOut } from '../../shared/effects/opted-out.ts';
import { watchHours } from '../../shared/effects/watch-hours.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { eventFunction } from '../../shared/runtime/handler.ts';
import { described, log } from '../../shared/runtime/logging.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import type { Store } from '../../shared/store/store.ts';
import type { DeskHead } from '../../shared/store/types/log.ts';

export interface CheckCoverageDependencies {
  store: Pick<Store, 'directory' | 'reach' | 'log' | 'pages' | 'timers'>;
  optedOut: OptedOut;
  clock: Clock;
  random: Random;
}

/** Phones asked about side by side: SNS allows some dozens of calls a second. */
const atOnce = 10;

/**
 * Every few minutes: the day's check of the coverage once it is 10:00 at the desk, drills whose evening has
 * come, and drills that nobody answered; and that the desk's opening has its timer, which fires by itself where
 * nothing went wrong. What was done is in the table, so a run too many does nothing, and one that failed is made up
 * for by the next.
 */
export function makeHandler({ store, optedOut, clock, random }: CheckCoverageDependencies) {
  const newId = () => random.id('cov');

  return eventFunction<unknown, void>(async () => {
    // First: what fails below says nothing of the hours.
    await watchHours({ store, clock, random });
    const facts = await factsNow();
    if (!facts) return;
    await missed(facts);
    for (const drill of drillsDue(facts, clock.now())) await send(drill);
    await daily();
  });

  async function factsNow(): Promise<CoverageFacts | null> {
    const [roster, reach] = await Promise.all([store.directory.roster(), store.reach.all()]);
    return roster && { roster, reach };
  }

  async function daily(): Promise<void> {
    const [facts, before] = await Promise.all([factsNow(), store.log.head()]);
    const day = facts && checkDue(facts.roster, before.checked, clock.now());
    if (!facts || !day) return;
    await ask(facts.roster.staff.filter(isPageable).map(({ phone }) => phone));
    const now = clock.now();
    const news = dailyNews({ roster: facts.roster, reach: await store.reach.all() }, now, newId);
    await tell(before, news, day);
  }

  /** What SNS does not say changes nothing. */
  async function ask(phones: readonly string[]): Promise<void> {
    for (let from = 0; from < phones.length; from += atOnce) {
      await Promise.all(
        phones.slice(from, from + atOnce).map(async (phone) => {
          try {
            const kind = (await optedOut(phone)) ? 'opted_out' : 'not_opted_out';
            await store.reach.learn(phone, { kind }, clock.now());
          } catch (error) {
            log.warn('SNS does not say whether a phone has opted out.', described(error));
          }
        }),
      );
    }
  }

  async function send({ page, phone, dueAt }: Drill): Promise<void> {
    const now = clock.now();
    try {
      await store.pages.commit({ page, from: null, timers: [] }, now);
    } catch (error) {
      // It is on its way already, and the run that sent it did not come to note it.
      if (!(error instanceof Conflict)) throw error;
    }
    await store.reach.learn(phone, { kind: 'drilled', dueAt }, now);
    log.info('A drill was sent.', { staff: page.to.id });
  }

  /** Managers are told before it is noted: between twice and never, twice. */
  async function missed(facts: CoverageFacts): Promise<void> {
    const now = clock.now();
    const people = drillsMissed(facts, now);
    if (people.length === 0) return;
    const head = await store.log.head();
    if (!(await tell(head, missedNews(facts, people, now, newId)))) return;
    for (const { phone } of people) await store.reach.learn(phone, { kind: 'drill_missed' }, now);
  }

  /** false when another run was first: it has told the same, or the next run will. */
  async function tell(before: DeskHead, news: News, checked = before.checked): Promise<boolean> {
    try {
      await store.log.commit(before, { ...news, checked }, clock.now());
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      log.info('Another run was first.', described(error));
      return false;
    }
    log.info('The coverage was checked.', { events: news.events.length, told: news.pages.length });
    return true;
  }
}
