import type { Clock } from './clock/clock.ts';
import type { Memory } from './memory.ts';

/** A request that the receiver got; `body` is its exact text. */
export interface HookRequest {
  readonly at: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How the receiver answers. */
export interface HookAnswer {
  readonly status?: number;
  readonly delayMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A receiver of webhooks, to play with and to test against: it keeps what it gets and answers as it is told. */
export class Hooks {
  private readonly memory: Memory;
  private readonly clock: Clock;

  constructor(memory: Memory, clock: Clock) {
    this.memory = memory;
    this.clock = clock;
  }

  received(name: string): HookRequest[] {
    return this.memory.list<HookRequest>(`hook.${name}`);
  }

  setAnswer(name: string, answer: HookAnswer): void {
    this.memory.put(`hook.${name}`, JSON.stringify(answer));
  }

  /** Keeps the request and says how to answer it. */
  receive(name: string, headers: Readonly<Record<string, string>>, body: string): HookAnswer {
    const request: HookRequest = { at: new Date(this.clock.now()).toISOString(), headers, body };
    this.memory.append(`hook.${name}`, request);
    return JSON.parse(this.memory.get(`hook.${name}`) ?? '{}');
  }
}
