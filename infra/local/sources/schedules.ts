import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { SchedulePlan } from '../template/plan.ts';
import type { AsynchronousInvocations } from './asynchronous.ts';

interface Entry {
  readonly plan: SchedulePlan;
  readonly invocations: AsynchronousInvocations;
}

/** Rules with a rate: run by real time, and at a stop of a moved clock where their time has passed since. */
export class Schedules {
  private readonly entries: readonly Entry[];
  private readonly clock: Clock;
  private readonly lastRuns = new Map<Entry, number>();
  private timers: NodeJS.Timeout[] = [];

  constructor(entries: readonly Entry[], clock: Clock) {
    this.entries = entries;
    this.clock = clock;
  }

  start(): void {
    this.timers = this.entries.map((entry) => setInterval(() => this.run(entry), entry.plan.everyMs));
  }

  /** After a jump of the clock. Back in time everything runs. */
  runDue(): void {
    const now = this.clock.now();
    for (const entry of this.entries) {
      const last = this.lastRuns.get(entry);
      if (last === undefined || now < last || now - last >= entry.plan.everyMs) this.run(entry);
    }
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private run(entry: Entry): void {
    const { plan, invocations } = entry;
    this.lastRuns.set(entry, this.clock.now());
    invocations.accept(
      JSON.stringify({
        version: '0',
        id: randomUUID(),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: `${new Date(this.clock.now()).toISOString().slice(0, 19)}Z`,
        region: 'us-east-1',
        resources: [plan.ruleArn],
        detail: {},
      }),
    );
  }
}
