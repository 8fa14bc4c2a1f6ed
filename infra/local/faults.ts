import { Refusal } from './words.ts';
import type { Fault } from './worker/protocol.ts';

/** The next calls that are to fail or to be slow. */
export interface FaultSpec extends Fault {
  readonly service: string;
  /** Left out: any action of the service. */
  readonly action?: string;
  /** How many calls; 1 if left out. */
  readonly times?: number;
}

const services = ['sns', 'ses', 'sqs', 'dynamodb', 's3'];

/** Faults that functions' calls to AWS meet, in whichever worker they are made. */
export class Faults {
  /** 1 while there are any: what workers look at before they ask. */
  readonly flag = new SharedArrayBuffer(4);
  private readonly word = new Int32Array(this.flag);
  private active: { readonly spec: FaultSpec; left: number }[] = [];

  add(spec: FaultSpec): void {
    if (!services.includes(spec.service)) throw new Refusal(422, `service is one of ${services.join(', ')}.`);
    const times = spec.times ?? 1;
    if (!Number.isInteger(times) || times < 1) throw new Refusal(422, 'times is a whole number from 1 on.');
    if (!spec.error && !spec.latencyMs) throw new Refusal(422, 'A fault has an error, a latencyMs or both.');
    this.active.push({ spec, left: times });
    Atomics.store(this.word, 0, 1);
  }

  clear(): void {
    this.active = [];
    Atomics.store(this.word, 0, 0);
  }

  /** The fault that this call meets; it is counted. */
  take(service: string, action: string): Fault | null {
    const found = this.active.find(
      ({ spec }) => spec.service === service && (spec.action === undefined || spec.action === action),
    );
    if (!found) return null;
    found.left--;
    if (found.left === 0) this.active = this.active.filter((one) => one !== found);
    if (this.active.length === 0) Atomics.store(this.word, 0, 0);
    const { error, latencyMs, after } = found.spec;
    return {
      ...(error !== undefined && { error }),
      ...(latencyMs !== undefined && { latencyMs }),
      ...(after !== undefined && { after }),
    };
  }
}
