import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { SchedulePlan } from '../template/plan.ts';
import type { AsynchronousInvocations } from './asynchronous.ts';

/** Rules with a rate: run by real time, and once at each stop of a moved clock. */
export class Schedules {
  private readonly entries: readonly {
    readonly plan: SchedulePlan;
    readonly invocations: AsynchronousInvocations;
  }[];
  private readonly clock: Clock;
  private timers: NodeJS.Timeout[] = [];

  constructor(
    entries: readonly { readonly plan: SchedulePlan; readonly invocations: AsynchronousInvocations }[],
    clock: Clock,
  ) {
    this.entries = entries;
    this.clock = clock;
  }

  start(): void {
    this.timers = this.entries.map((entry) => setInterval(() => this.run(entry), entry.plan.everyMs));
  }

  runAll(): void {
    for (const entry of this.entries) this.run(entry);
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private run({ plan, invocations }: Schedules['entries'][number]): void {
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
