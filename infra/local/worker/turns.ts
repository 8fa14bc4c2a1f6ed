import { availableParallelism } from 'node:os';
import type { Plan } from '../template/plan.ts';

/** Who goes first where processors are few: a smaller number. */
export type Place = 0 | 1 | 2;

/**
 * What was accepted is carried through before more is: consumers of queues and streams, and schedules, come before HTTP.
 * Consumers whose concurrency is capped, as that of webhooks is so that pages come first, come last.
 */
export function placeOf(functionName: string, plan: Plan): Place {
  const isThis = (each: { functionName: string }) => each.functionName === functionName;
  if (plan.consumers.some((consumer) => isThis(consumer) && consumer.maxConcurrency !== null)) return 2;
  return plan.api?.routes.some(isThis) ? 1 : 0;
}

/**
 * Whether one that takes long may be taken to wait for somebody, so that more of its function may begin. Timers and pages
 * wait for nobody: they take long only where there is too much to do, and more of them at a time would make it worse.
 */
export const makesRoom = (place: Place): boolean => place !== 0;

/** Who has run for so long mostly waits, for a webhook's receiver or for a retry, and needs no processor. */
const lentAfterMs = 100;

/**
 * In the cloud each invocation has a processor of its own; here they share a few. Begun all at once, eight presses
 * would all be done when the last one is. So no more of them are begun at a time than there are processors, in the
 * order of their places; a turn that takes long is passed on, so that nobody waits for somebody who only waits.
 *
 * Webhooks have as many turns of their own: most of their time they wait for the database, and held to the same ones
 * they fall ever further behind while processors are free. None of them begins while anything of the first place runs,
 * and only one at a time while others wait.
 */
export class Turns {
  private readonly processors: number;
  private readonly running: [number, number, number] = [0, 0, 0];
  private readonly waiting: { place: Place; begin: () => void }[] = [];

  constructor(processors = Math.max(2, availableParallelism())) {
    this.processors = processors;
  }

  /** Resolves when its turn has come; call what it gives when it is done. */
  async take(place: Place): Promise<() => void> {
    await new Promise<void>((begin) => {
      const behind = this.waiting.findIndex((other) => other.place > place);
      this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, { place, begin });
      this.beginNext();
    });
    let passedOn = false;
    const passOn = () => {
      if (passedOn) return;
      passedOn = true;
      clearTimeout(timer);
      this.running[place]--;
      this.beginNext();
    };
    const timer = setTimeout(passOn, lentAfterMs);
    return passOn;
  }

  private beginNext(): void {
    for (;;) {
      const next = this.waiting.findIndex(({ place }) => this.mayBegin(place));
      const [turn] = next < 0 ? [] : this.waiting.splice(next, 1);
      if (!turn) return;
      this.running[turn.place]++;
      turn.begin();
    }
  }

  private mayBegin(place: Place): boolean {
    const [first, second, last] = this.running;
    if (place < 2) return first + second < this.processors;
    const isBusy = this.waiting.some((other) => other.place < 2);
    return first === 0 && last < (isBusy ? 1 : this.processors);
  }
}
