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

/** Who has run for so long mostly waits, for a webhook's receiver or for a retry, and needs no processor. */
const lentAfterMs = 100;

/**
 * In the cloud each invocation has a processor of its own; here they share a few. Begun all at once, eight presses
 * would all be done when the last one is. So no more of them are begun at a time than there are processors, in the
 * order of their places; a turn that takes long is passed on, so that nobody waits for somebody who only waits.
 */
export class Turns {
  private free: number;
  private readonly waiting: { place: Place; begin: () => void }[] = [];

  constructor(processors = Math.max(2, availableParallelism())) {
    this.free = processors;
  }

  /** Resolves when its turn has come; call what it gives when it is done. */
  async take(place: Place): Promise<() => void> {
    if (this.free > 0) this.free--;
    else
      await new Promise<void>((begin) => {
        const behind = this.waiting.findIndex((other) => other.place > place);
        this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, { place, begin });
      });
    let passedOn = false;
    const passOn = () => {
      if (passedOn) return;
      passedOn = true;
      clearTimeout(timer);
      const next = this.waiting.shift();
      if (next) next.begin();
      else this.free++;
    };
    const timer = setTimeout(passOn, lentAfterMs);
    return passOn;
  }
}
