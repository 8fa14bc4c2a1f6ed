import { randomUUID } from 'node:crypto';
import type { Activity } from '../activity.ts';
import type { FunctionPlan } from '../template/plan.ts';
import { Environment, type EnvironmentOptions } from './environment.ts';
import type { FunctionError } from './protocol.ts';
import { makesRoom, type Place, type Turns } from './turns.ts';

/** How an invocation ended: `payload` is JSON. */
export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

interface Waiting {
  readonly event: string | (() => string | null);
  readonly requestId: string;
  readonly resolve: (outcome: Outcome) => void;
}

/** Beyond this, more environments on a small machine only get in each other's way… */
const mostEnvironments = 2;
/** …but for those that have run for so long that they only wait, for a receiver that hangs: each makes room for one more. */
const waitsAfterMs = 1000;
const mostWaiting = 8;

/** One function: its environments, reused, one invocation at a time in each, more of them on demand. */
export class FunctionPool {
  readonly plan: FunctionPlan;
  private readonly options: EnvironmentOptions;
  private readonly activity: Activity;
  private readonly report: (line: string) => void;
  private readonly turns: Turns;
  private readonly place: Place;
  private readonly idle: Environment[] = [];
  private readonly all = new Set<Environment>();
  private readonly waiting: Waiting[] = [];
  private starting = 0;
  /** How many run that only wait. */
  private hanging = 0;
  private readonly roomFor: (() => void)[] = [];
  private closed = false;

  constructor(
    options: EnvironmentOptions,
    activity: Activity,
    report: (line: string) => void,
    turns: Turns,
    place: Place,
  ) {
    this.options = options;
    this.plan = options.plan;
    this.activity = activity;
    this.report = report;
    this.turns = turns;
    this.place = place;
  }

  /** How many invocations can run at a time, as things stand. */
  get capacity(): number {
    const most = mostEnvironments + Math.min(this.hanging, mostWaiting);
    return Math.min(most, this.plan.reservedConcurrency ?? most);
  }

  /** Calls this whenever there is room for one more. */
  onRoom(listener: () => void): void {
    this.roomFor.push(listener);
  }

  /**
   * Invokes the function with an event in JSON, now or when an environment is free. Asked for its event only when it
   * begins, nothing happens where that is null.
   */
  async invoke(event: string | (() => string | null)): Promise<Outcome> {
    const requestId = randomUUID();
    const outcome = await this.activity.during(
      new Promise<Outcome>((resolve) => {
        this.waiting.push({ event, requestId, resolve });
        this.next();
      }),
    );
    if (!outcome.ok && !this.closed) {
      const { errorType, errorMessage } = outcome.error;
      this.report(`${this.plan.name} failed: ${errorType}: ${errorMessage} (request ${requestId})`);
    }
    return outcome;
  }

  /** Has an environment ready before the first invocation. */
  warm(): void {
    if (this.all.size === 0) void this.start();
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all].map((environment) => environment.terminate()));
  }

  private next(): void {
    while (this.waiting.length > 0) {
      const environment = this.idle.pop();
      if (!environment) break;
      const waiting = this.waiting.shift();
      if (waiting) void this.run(environment, waiting);
    }
    if (this.waiting.length > this.starting && this.all.size < this.capacity && !this.closed)
      void this.start();
  }

  private async start(): Promise<void> {
    const environment = new Environment(this.options);
    this.all.add(environment);
    this.starting++;
    const failure = await environment.loaded;
    this.starting--;
    if (!failure) {
      this.idle.push(environment);
      this.next();
      return;
    }
    this.all.delete(environment);
    await environment.terminate();
    if (this.closed) return;
    // As in the cloud, the invocation that wanted this environment fails with it.
    const wanted = this.waiting.shift();
    if (wanted) wanted.resolve({ ok: false, error: failure });
    else this.report(`${this.plan.name} does not load: ${failure.errorType}: ${failure.errorMessage}`);
    this.next();
  }

  private async run(environment: Environment, { event, requestId, resolve }: Waiting): Promise<void> {
    const passOn = await this.turns.take(this.place);
    const text = typeof event === 'string' ? event : event();
    let hangs = 0;
    const late = setTimeout(() => {
      if (!makesRoom(this.place)) return;
      hangs = 1;
      this.hanging++;
      this.next();
      for (const listener of this.roomFor) listener();
    }, waitsAfterMs);
    const outcome: Outcome =
      text === null ? { ok: true, payload: 'null' } : await environment.invoke(text, requestId);
    clearTimeout(late);
    passOn();
    this.hanging -= hangs;
    if (environment.usable) this.idle.push(environment);
    else this.all.delete(environment);
    this.next();
    resolve(outcome);
  }
}
